//! A WebAssembly machine, whose host gives a function that takes text.

use core::panic::PanicInfo;

use crate::{Measured, Platform};

#[link(wasm_import_module = "host")]
unsafe extern "C" {
    /// Takes the text of this many bytes.
    fn write(text: *const u8, length: usize);
}

/// Runs the program.
pub fn run(program: fn(&mut Platform<'_>)) {
    let mut write = |text: &[u8]| {
        // SAFETY: the host reads as many bytes as there are.
        unsafe { self::write(text.as_ptr(), text.len()) }
    };
    let measure = |times, work: &mut dyn FnMut()| {
        for _ in 0..times {
            work();
        }
        Measured { ticks: 0, stack: 0 }
    };
    program(&mut Platform { measure: &measure, write: &mut write });
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
