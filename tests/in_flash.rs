//! A network in a `static` is used where it lies: the program holds its weights once, in read-only data, and nothing of the file around them.
#![cfg(test)]

#[path = "fixtures/safetensors/small.rs"]
mod small;

use nn_core::plain;
use nn_core::prelude::*;
use small::Small;

static SMALL: Small = Small::from_safetensors(include_bytes!("fixtures/safetensors/small.safetensors"));

fn occurrences(haystack: &[u8], needle: &[u8]) -> usize {
    haystack.windows(needle.len()).filter(|window| *window == needle).count()
}

#[test]
fn the_program_holds_the_weights_once_and_no_container() {
    let program = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    assert!(SMALL.predict(&[[[0.5; 6]; 6]; 1]).iter().all(|y| y.is_finite()));
    assert_eq!(occurrences(&program, plain::bytes(&SMALL)), 1, "the network itself");
    assert_eq!(occurrences(&program, plain::bytes(&SMALL.blocks[1].fc.weight)), 1, "no copy of a tensor");
    // Put together here, so that this test is not what it looks for.
    let header = format!("\"blocks.{}.fc.weight\":{{", SMALL.blocks.len() - 1);
    let file = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/safetensors/small.safetensors")).unwrap();
    assert_eq!(occurrences(&file, header.as_bytes()), 1, "the file has it");
    assert_eq!(occurrences(&program, header.as_bytes()), 0, "the program has nothing of the file");
}

/// On Linux the table of a process's memory says what may be written.
#[cfg(target_os = "linux")]
#[test]
fn the_weights_lie_in_memory_that_is_never_written() {
    let at = std::ptr::from_ref(&SMALL).addr();
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let rights = maps.lines().find_map(|line| {
        let (range, rest) = line.split_once(' ')?;
        let (start, end) = range.split_once('-')?;
        let within = usize::from_str_radix(start, 16).ok()? <= at && at < usize::from_str_radix(end, 16).ok()?;
        within.then(|| rest.split(' ').next().map(str::to_owned))?
    });
    assert!(rights.as_deref().is_some_and(|rights| rights.starts_with("r-")), "{rights:?}");
}
