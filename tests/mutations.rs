//! Damaged files: 10,000 seeded mutations of each format. What is wrong is an error, what is not is read as before, nothing panics, nothing is
//! changed by an error, and no header that lies makes a large allocation.
#![cfg(test)]
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small numbers")]
#![allow(unsafe_code, reason = "the allocator that watches for large allocations")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Write;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use nn_core::data::{Csv, DataError, Idx};
use nn_core::file::{Fault, WeightsError};
use nn_core::layer::{BatchNorm, Dense};
use nn_core::prelude::*;
use nn_core::random::Stream;
use nn_core::{Layer, plain};
use safetensors::SafeTensors;

const MUTATIONS: usize = 10_000;

/// Remembers the largest allocation.
struct Watched;

static LARGEST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is `System`'s.
unsafe impl GlobalAlloc for Watched {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LARGEST.fetch_max(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's.
        unsafe { System.alloc(layout) }
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        LARGEST.fetch_max(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's.
        unsafe { System.alloc_zeroed(layout) }
    }
    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        LARGEST.fetch_max(size, Ordering::Relaxed);
        // SAFETY: the caller's.
        unsafe { System.realloc(at, layout, size) }
    }
    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: the caller's.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Watched = Watched;

fn assert_nothing_large() {
    let largest = LARGEST.load(Ordering::Relaxed);
    assert!(largest < 1 << 20, "{largest} bytes at once, for files of a few hundred");
}

fn below(random: &mut Stream, n: usize) -> usize {
    random.below(u32::try_from(n).unwrap()) as usize
}

/// One or two changes, half of them inside `header`: bits, bytes and digits changed, pieces cut out, doubled, moved or put in, the end cut off
/// or drawn out, numbers of eight or four bytes replaced by extreme ones.
fn mutate(original: &[u8], header: Range<usize>, random: &mut Stream) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for _ in 0..=below(random, 2) {
        if bytes.is_empty() {
            break;
        }
        let inside = below(random, 2) > 0 || bytes.len() <= header.end;
        let (from, len) = if inside { (header.start, header.len()) } else { (header.end, bytes.len() - header.end) };
        let at = (from + below(random, len.max(1))).min(bytes.len() - 1);
        let end = (at + 1 + below(random, 12)).min(bytes.len());
        match below(random, 11) {
            0 => bytes[at] ^= 1 << below(random, 8),
            1 => bytes[at] = below(random, 256) as u8,
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(at..end)),
            4 => {
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            5 => {
                let piece: Vec<u8> = bytes.drain(at..end).collect();
                let to = below(random, bytes.len() + 1);
                bytes.splice(to..to, piece);
            }
            6 => {
                let inserted =
                    [&b"\"\""[..], b"{}", b"[", b",", b"-1", b"9999999999999999999999", b"1e999", b"\0\0", b"\n", b"\xff\xfe", b"null"];
                let piece = inserted[below(random, inserted.len())].to_vec();
                bytes.splice(at..at, piece);
            }
            7 => bytes.extend((0..below(random, 9)).map(|i| i as u8)),
            8 => {
                if let Some(digit) = bytes[at..].iter_mut().find(|byte| byte.is_ascii_digit()) {
                    *digit = b'0' + below(random, 10) as u8;
                }
            }
            9 => {
                let extreme = [0, 1, u64::MAX, u64::MAX >> 1, 1 << 32, 1 << 20, 99_999_999][below(random, 7)];
                let start = from.min(bytes.len());
                let end = (start + 8).min(bytes.len());
                bytes[start..end].copy_from_slice(&extreme.to_le_bytes()[..end - start]);
            }
            _ => {
                let extreme = [0u32, 1, u32::MAX, u32::MAX >> 1, 1 << 16][below(random, 5)];
                let end = (at + 4).min(bytes.len());
                bytes[at..end].copy_from_slice(&extreme.to_be_bytes()[..end - at]);
            }
        }
    }
    bytes
}

/// What a network of these tensors holds after reading the file; `None` where the file is not one of them. Written from the format's description.
fn judge(bytes: &[u8], wanted: &[(&str, &str, &[usize])]) -> Option<Vec<u8>> {
    let length = usize::try_from(u64::from_le_bytes(bytes.get(..8)?.try_into().ok()?)).ok()?;
    let header = bytes.get(8..)?.get(..length)?;
    let data = &bytes[8 + length..];
    let serde_json::Value::Object(header) = serde_json::from_slice(header).ok()? else { return None };
    let mut ranges = Vec::new();
    for (name, entry) in &header {
        if name == "__metadata__" {
            if !entry.is_null() && !entry.as_object()?.values().all(serde_json::Value::is_string) {
                return None;
            }
            continue;
        }
        let (_, dtype, shape) = wanted.iter().find(|(key, ..)| key == name)?;
        let numbers = |value: &serde_json::Value| -> Option<Vec<u64>> { value.as_array()?.iter().map(serde_json::Value::as_u64).collect() };
        let sizes: Vec<u64> = shape.iter().map(|size| *size as u64).collect();
        let &[start, end] = numbers(entry.get("data_offsets")?)?.as_slice() else { return None };
        let len = end.checked_sub(start)?;
        // A count may have every type, whose size is seen when it is read.
        let is_count = *dtype == "I64";
        let has_type = is_count || entry.get("dtype")?.as_str()? == *dtype && len == 4 * sizes.iter().product::<u64>();
        if !has_type || numbers(entry.get("shape")?)? != sizes {
            return None;
        }
        ranges.push((start as usize, end as usize, name.clone()));
    }
    ranges.sort_unstable();
    let mut at = 0;
    for (start, end, _) in &ranges {
        if *start != at {
            return None;
        }
        at = *end;
    }
    if at != data.len() {
        return None;
    }
    let mut memory = Vec::new();
    for (name, dtype, _) in wanted {
        let range = ranges.iter().find(|(_, _, key)| key == name);
        if *dtype == "I64" {
            let count = match range {
                Some((start, end, name)) => counted(header.get(name)?["dtype"].as_str()?, &data[*start..*end])?,
                None => 0,
            };
            memory.extend(u32::try_from(count).ok()?.to_ne_bytes());
        } else {
            let (start, end, _) = range?;
            memory.extend(&data[*start..*end]);
        }
    }
    Some(memory)
}

/// A count of any type.
fn counted(dtype: &str, bytes: &[u8]) -> Option<i128> {
    let whole = |value: f64| (value.trunc() == value && value.abs() < 1e18).then_some(value as i128);
    Some(match dtype {
        "I8" => i8::from_le_bytes(bytes.try_into().ok()?).into(),
        "U8" => u8::from_le_bytes(bytes.try_into().ok()?).into(),
        "I16" => i16::from_le_bytes(bytes.try_into().ok()?).into(),
        "U16" => u16::from_le_bytes(bytes.try_into().ok()?).into(),
        "I32" => i32::from_le_bytes(bytes.try_into().ok()?).into(),
        "U32" => u32::from_le_bytes(bytes.try_into().ok()?).into(),
        "I64" => i64::from_le_bytes(bytes.try_into().ok()?).into(),
        "U64" => u64::from_le_bytes(bytes.try_into().ok()?).into(),
        "F32" => return whole(f32::from_le_bytes(bytes.try_into().ok()?).into()),
        "F64" => return whole(f64::from_le_bytes(bytes.try_into().ok()?)),
        _ => return None,
    })
}

/// `wanted` in the order of the layer's fields.
fn mutate_weights<L: Layer>(seed: u64, wanted: &[(&str, &str, &[usize])]) {
    let mut random = Stream::new(&[seed]);
    let mut source = plain::boxed::<L>();
    for byte in plain::bytes_mut(&mut *source) {
        *byte = below(&mut random, 100) as u8;
    }
    let file = source.to_safetensors().unwrap();
    assert_eq!(judge(&file, wanted).unwrap(), plain::bytes(&*source), "the judge can read");
    let header = 8 + u64::from_le_bytes(*file.first_chunk().unwrap()) as usize;
    let (mut net, mut other) = (plain::boxed::<L>(), plain::boxed::<L>());
    let (mut right, mut wrong, mut listed, mut ignored) = (0, 0, 0, 0);
    for _ in 0..MUTATIONS {
        let bytes = mutate(&file, 0..header, &mut random);
        let before = plain::bytes(&*net).to_vec();
        other.copy_from(&net);
        let lenient = other.loading().ignore_unknown().bytes(&bytes);
        let changed = plain::bytes(&*other) != before;
        let result = net.load_safetensors_bytes(&bytes);
        match (&lenient, &result) {
            (Ok(loaded), Ok(())) => assert!(loaded.ignored.is_empty()),
            // What is ignored is all that was wrong.
            (Ok(loaded), Err(WeightsError::Tensors { faults, .. })) => {
                assert!(loaded.ignored.iter().eq(faults.iter()) && faults.iter().all(|fault| matches!(fault, Fault::Extra { .. })));
                ignored += 1;
            }
            (Err(_), Err(_)) => assert!(!changed),
            _ => panic!("{lenient:?} but {result:?}"),
        }
        // What is no safetensors file to us is none to the format's own library, and what that refuses is not read.
        let refused = SafeTensors::deserialize(&bytes).is_err();
        assert!(refused || !matches!(result, Err(WeightsError::Header(_))), "{:?}", String::from_utf8_lossy(&bytes));
        assert!(!refused || result.is_err(), "{:?}", String::from_utf8_lossy(&bytes));
        match (result, judge(&bytes, wanted)) {
            (Ok(()), Some(memory)) => {
                assert_eq!(plain::bytes(&*net), memory);
                right += 1;
            }
            (Err(error), None) => {
                assert_eq!(plain::bytes(&*net), before, "changed by an error: {error}");
                assert!(!error.to_string().is_empty());
                listed += usize::from(matches!(error, WeightsError::Tensors { .. }));
                wrong += 1;
            }
            (Ok(()), None) => panic!("read though it is wrong: {:?}", String::from_utf8_lossy(&bytes)),
            (Err(error), Some(_)) => panic!("refused though it is right: {error}: {:?}", String::from_utf8_lossy(&bytes)),
        }
    }
    assert!(right > 500 && wrong > 5000 && listed > 500, "{right} right, {wrong} wrong, of these {listed} with their tensors listed");
    println!("{right} right, {wrong} wrong, {ignored} with something to ignore alone");
    assert_nothing_large();
}

#[test]
fn damaged_weights() {
    let wanted: [(&str, &str, &[usize]); 4] =
        [("0.weight", "F32", &[3, 3]), ("0.bias", "F32", &[3]), ("1.weight", "F32", &[3, 3]), ("1.bias", "F32", &[3])];
    mutate_weights::<[Dense<3, 3>; 2]>(1, &wanted);
}

#[test]
fn damaged_statistics() {
    let wanted: [(&str, &str, &[usize]); 5] = [
        ("weight", "F32", &[2]),
        ("bias", "F32", &[2]),
        ("running_mean", "F32", &[2]),
        ("running_var", "F32", &[2]),
        ("num_batches_tracked", "I64", &[]),
    ];
    mutate_weights::<BatchNorm<2>>(2, &wanted);
}

/// Headers made to be nearly right: no safetensors file to us is none to the format's own library, and the other way round.
#[test]
fn headers_are_judged_as_the_formats_own_library_judges_them() {
    let tensor = |name: &str, dtype: &str, shape: &str, start: usize, end: usize| {
        format!(r#""{name}":{{"dtype":"{dtype}","shape":{shape},"data_offsets":[{start},{end}]}}"#)
    };
    let a = |start, end| tensor("a", "F32", "[2]", start, end);
    let mut headers = vec![
        ("{}".to_owned(), 0),
        (format!("{{{}}}", a(0, 8)), 8),
        (format!(" {{ {} }} ", a(0, 8)), 8),
        (format!("{{{}}}   x", a(0, 8)), 8),
        (format!("{{{},}}", a(0, 8)), 8),
        (format!("{{{}}}", a(8, 0)), 8),
        // Sizes that are not those of the shapes, though nothing is left over.
        (format!("{{{},{}}}", a(0, 4), tensor("b", "F32", "[2]", 4, 16)), 16),
        (format!("{{{},{}}}", a(0, 8), tensor("b", "F32", "[2]", 8, 16)), 16),
        // Out of order, with a gap, over each other, twice the same place.
        (format!("{{{},{}}}", a(8, 16), tensor("b", "F32", "[2]", 0, 8)), 16),
        (format!("{{{},{}}}", a(0, 8), tensor("b", "F32", "[2]", 12, 20)), 20),
        (format!("{{{},{}}}", a(0, 8), tensor("b", "F32", "[2]", 4, 12)), 12),
        (format!("{{{},{}}}", a(0, 8), tensor("b", "F32", "[2]", 0, 8)), 8),
        // Tensors of no bytes, at seams and elsewhere.
        (format!("{{{},{}}}", a(0, 8), tensor("b", "F32", "[0]", 0, 0)), 8),
        (format!("{{{},{}}}", a(0, 8), tensor("b", "F32", "[0, 3]", 8, 8)), 8),
        (format!("{{{},{}}}", a(0, 8), tensor("b", "F32", "[0]", 4, 4)), 8),
        (format!("{{{},{}}}", a(0, 8), tensor("b", "F32", "[0]", 12, 12)), 8),
        (format!("{{{}}}", tensor("b", "F32", "[0]", 4, 4)), 0),
        // Sizes that overflow, a rank beyond ours, no rank.
        (format!("{{{}}}", tensor("a", "F32", "[4294967296, 4294967296, 4]", 0, 0)), 0),
        (format!("{{{}}}", tensor("a", "F32", "[18446744073709551616]", 0, 0)), 0),
        (format!("{{{}}}", tensor("a", "F32", "[1, 1, 1, 1, 1, 1, 1, 2]", 0, 8)), 8),
        (format!("{{{}}}", tensor("a", "F64", "[]", 0, 8)), 8),
        (format!("{{{}}}", tensor("a", "F32", "[2.0]", 0, 8)), 8),
        (format!("{{{}}}", tensor("a", "F32", "[02]", 0, 8)), 8),
        // Metadata, and keys of a later version.
        (format!(r#"{{"__metadata__":null,{}}}"#, a(0, 8)), 8),
        (format!(r#"{{{},"__metadata__":{{"format":"pt"}}}}"#, a(0, 8)), 8),
        (format!(r#"{{"__metadata__":{{"format":1}},{}}}"#, a(0, 8)), 8),
        (format!(r#"{{"__metadata__":{{}},"__metadata__":{{}},{}}}"#, a(0, 8)), 8),
        (r#"{"a":{"dtype":"F32","new":[{"x":[1,-2.5e3,null]},"\u00e9"],"shape":[2],"data_offsets":[0,8]}}"#.to_owned(), 8),
        (r#"{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#.to_owned(), 8),
        (r#"{"a":{"dtype":"F32","shape":[2]}}"#.to_owned(), 8),
        (r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}"#.to_owned(), 8),
        (r#"{"\u0061\ud83d":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#.to_owned(), 8),
        (r#"{"\u0061":{"dtype":"\u004632","sh\u0061pe":[2],"data_offsets":[0,8]}}"#.to_owned(), 8),
    ];
    for (dtype, bytes) in
        [("BOOL", 4), ("F4", 2), ("F6_E2M3", 3), ("F8_E5M2", 4), ("U16", 8), ("I32", 16), ("C64", 32), ("U64", 32), ("FLOAT", 16)]
    {
        headers.push((format!("{{{}}}", tensor("a", dtype, "[4]", 0, bytes)), bytes));
        headers.push((format!("{{{}}}", tensor("a", dtype, "[3]", 0, bytes)), bytes));
    }
    // More than the reader keeps places of, forwards, backwards and with a gap behind them.
    for (step, end) in [(1, 160), (39, 160), (1, 164)] {
        let list: Vec<String> = (0..40).map(|i| i * step % 40).map(|i| tensor(&format!("t{i}"), "F32", "[1]", 4 * i, 4 * i + 4)).collect();
        headers.push((format!("{{{}}}", list.join(",")), end));
    }
    let (mut right, mut wrong) = (0, 0);
    for (header, data) in headers {
        let file = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &vec![1; data]].concat();
        let mut net = plain::boxed::<Dense<1, 1>>();
        let refused = matches!(net.load_safetensors_bytes(&file), Err(WeightsError::Header(_)));
        assert_eq!(refused, SafeTensors::deserialize(&file).is_err(), "{header}");
        *(if refused { &mut wrong } else { &mut right }) += 1;
    }
    assert!(right > 15 && wrong > 25, "{right} right, {wrong} wrong");
}

#[test]
fn damaged_idx() {
    let images = [&[0, 0, 8, 3, 0, 0, 0, 5, 0, 0, 0, 3, 0, 0, 0, 2][..], &(0..30).collect::<Vec<u8>>()].concat();
    let labels = [0, 0, 8, 1, 0, 0, 0, 5, 0, 1, 2, 1, 0];
    let mut random = Stream::new(&[3]);
    let (mut right, mut wrong) = (0, 0);
    for i in 0..MUTATIONS {
        let (bytes, header): (&[u8], _) = if i % 2 == 0 { (&images, 16) } else { (&labels, 8) };
        let bytes = mutate(bytes, 0..header, &mut random);
        // The header, its sizes and the number of bytes are all that can be wrong here.
        let sizes: &[u8] = if i % 2 == 0 { &[0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 2] } else { &[0, 0, 8, 1, 0, 0, 0, 0] };
        let values = bytes.get(header..).unwrap_or_default();
        let count = bytes.get(4..8).map_or(0, |count| u32::from_be_bytes(count.try_into().unwrap()) as usize);
        let same = |i: usize| bytes.get(i) == sizes.get(i) || (4..8).contains(&i);
        let one = if i % 2 == 0 { 6 } else { 1 };
        let sound = bytes.len() >= header && (0..header).all(same) && count > 0 && count.checked_mul(one) == Some(values.len());
        let read = Idx::from_bytes(&bytes, "damaged.idx");
        let (read, sound) = if i % 2 == 0 {
            let read = read.and_then(|idx| idx.samples::<[[f32; 2]; 3]>());
            let read = read.map(|samples| samples.as_flattened().as_flattened().iter().map(|x| *x as u8).collect::<Vec<u8>>());
            // The same numbers under another type, or as [1, 3, 2], are no fault; count them by the shape alone.
            let other = bytes.get(2..4).is_some_and(|start| start != [8, 3]);
            if other && read.is_ok() {
                continue;
            }
            (read, sound)
        } else {
            let read = read.and_then(|idx| idx.classes::<3>());
            let other = bytes.get(2..4).is_some_and(|start| start != [8, 1]);
            if other && read.is_ok() {
                continue;
            }
            (read.map(|classes| classes.iter().map(|class| class.index() as u8).collect()), sound && values.iter().all(|label| *label < 3))
        };
        match (read, sound) {
            (Ok(read), true) => {
                assert_eq!(read, values);
                right += 1;
            }
            (Err(error), false) => {
                assert!(error.to_string().contains("damaged.idx"));
                wrong += 1;
            }
            (Ok(_), false) => panic!("read though it is wrong: {bytes:?}"),
            (Err(error), true) => panic!("refused though it is right: {error}: {bytes:?}"),
        }
    }
    assert!(right > 500 && wrong > 5000, "{right} right, {wrong} wrong");
    assert_nothing_large();
}

/// Gzip has a checksum: what is read at all is what was packed.
#[test]
fn damaged_gzip() {
    let images = [&[0, 0, 8, 3, 0, 0, 0, 50, 0, 0, 0, 3, 0, 0, 0, 2][..], &[7, 8, 9, 10, 11, 12].repeat(50)].concat();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&images).unwrap();
    let packed = packed.finish().unwrap();
    let mut random = Stream::new(&[4]);
    let (mut right, mut wrong) = (0, 0);
    for _ in 0..MUTATIONS {
        let bytes = mutate(&packed, 0..packed.len(), &mut random);
        match Idx::from_bytes(&bytes, "damaged.gz").and_then(|idx| idx.samples::<[[f32; 2]; 3]>()) {
            Ok(samples) => {
                assert_eq!(samples, [[[7.0, 8.0], [9.0, 10.0], [11.0, 12.0]]; 50]);
                right += 1;
            }
            Err(error) => {
                assert!(error.to_string().contains("damaged.gz"));
                wrong += 1;
            }
        }
    }
    assert!(right > 100 && wrong > 5000, "{right} right, {wrong} wrong");
    assert_nothing_large();
}

/// The samples of a damaged table, or the lines of which one has to be named; written from RFC 4180, for text without quotes.
fn judge_csv(text: &str) -> Result<(Vec<[f32; 2]>, Vec<usize>), Vec<usize>> {
    let mut lines = text.split('\n').enumerate().map(|(i, line)| (i + 1, line)).filter(|(_, line)| !line.is_empty());
    let (_, header) = lines.next().ok_or(vec![])?;
    let header: Vec<&str> = header.split(',').map(str::trim).collect();
    let place = |name: &str| {
        let mut found = header.iter().enumerate().filter(|(_, cell)| **cell == name);
        found.next().filter(|_| found.next().is_none()).map(|(i, _)| i)
    };
    let rows: Vec<(usize, Vec<&str>)> = lines.map(|(i, line)| (i, line.split(',').map(str::trim).collect())).collect();
    let ragged: Vec<usize> = rows.iter().filter(|(_, row)| row.len() != header.len()).map(|(i, _)| *i).collect();
    if !ragged.is_empty() {
        return Err(ragged);
    }
    let (Some(a), Some(b), Some(class)) = (place("a"), place("b"), place("class")) else { return Err(vec![]) };
    if rows.is_empty() || header.iter().any(|cell| cell.parse::<f64>().is_ok()) {
        return Err(vec![]);
    }
    let (mut samples, mut classes, mut wrong) = (vec![], vec![], vec![]);
    for (line, row) in rows {
        let number = |cell: &str| cell.parse::<f64>().ok().map(|x| x as f32).filter(|x| x.is_finite());
        let label = (0..3).find(|label| row[class].parse::<usize>() == Ok(*label) || row[class].parse::<f64>() == Ok(*label as f64));
        match (number(row[a]), number(row[b]), label) {
            (Some(a), Some(b), Some(label)) => {
                samples.push([a, b]);
                classes.push(label);
            }
            _ => wrong.push(line),
        }
    }
    if wrong.is_empty() { Ok((samples, classes)) } else { Err(wrong) }
}

#[test]
fn damaged_csv() {
    let text = "a,b,class\n1.5,-2,0\n0.25,3e2,1\n-7,0.001,2\n12,13,1\n0.5,0.75,0\n";
    let mut random = Stream::new(&[5]);
    let (mut right, mut wrong, mut named) = (0, 0, 0);
    for _ in 0..MUTATIONS {
        let bytes = mutate(text.as_bytes(), 0..text.len(), &mut random);
        let read_by =
            |csv: Csv| csv.from_bytes(&bytes, "damaged.csv").and_then(|table| table.dataset::<[f32; 2], Class<3>>(["a", "b"], "class"));
        let read = read_by(Csv::default().header(true));
        match read_by(Csv::default()) {
            // Asked about, or guessed right.
            Err(DataError::Header { .. }) => {}
            guessed => assert_eq!(guessed.is_ok(), read.is_ok(), "{bytes:?}"),
        }
        if matches!(read, Err(DataError::OtherFormat { .. })) {
            assert!(matches!(bytes.trim_ascii_start().first(), Some(b'<' | b'%' | b'[' | b'{' | 0xff | 0xfe)), "{bytes:?}");
            continue;
        }
        // Quotes, carriage returns and the mark of the byte order have rules of their own: here it is enough that they do not panic.
        let plain_text = std::str::from_utf8(&bytes).ok().filter(|text| !text.contains(['"', '\r', '\u{feff}']));
        let Some(text) = plain_text else {
            assert!(
                std::str::from_utf8(&bytes).is_ok() || matches!(read, Err(DataError::NotText { .. } | DataError::Read { .. })),
                "{bytes:?}"
            );
            continue;
        };
        match (read, judge_csv(text)) {
            (Ok(data), Ok((samples, classes))) => {
                assert_eq!(data.inputs(), samples);
                assert!(data.targets().iter().map(|class| class.index()).eq(classes));
                right += 1;
            }
            (Err(error), Err(lines)) => {
                let message = error.to_string();
                assert!(
                    lines.is_empty() || lines.iter().any(|line| message.starts_with(&format!("damaged.csv, line {line}"))),
                    "{message}, and not one of lines {lines:?}: {text:?}"
                );
                named += usize::from(!lines.is_empty());
                wrong += 1;
            }
            (Ok(_), Err(_)) => panic!("read though it is wrong: {text:?}"),
            (Err(error), Ok(_)) => panic!("refused though it is right: {error}: {text:?}"),
        }
    }
    assert!(right > 500 && wrong > 3000 && named > 2000, "{right} right, {wrong} wrong, of these {named} with a line");
    assert_nothing_large();
}
