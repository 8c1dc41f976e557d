//! What a program needs of the board: a start, a clock and a way out for text. Lines that only a board can write begin with `#`.

use core::panic::PanicInfo;
use core::ptr;

use cortex_m::peripheral::{Peripherals, SYST, syst::SystClkSource};
use cortex_m_rt::STACK_PAINT_VALUE;
use cortex_m_semihosting::{debug, hio};

use crate::{Platform, decimal};

unsafe extern "C" {
    /// The lowest address of the stack, as the linker script lays it.
    static _stack_end: u32;
    /// The address above the stack, from which it grows downwards.
    static _stack_start: u32;
}

/// Runs the program, then says how much of the stack it used.
pub fn run(program: fn(&mut Platform<'_>)) -> ! {
    if let (Some(mut board), Ok(mut out)) = (Peripherals::take(), hio::hstdout()) {
        board.SYST.set_clock_source(SystClkSource::Core);
        board.SYST.set_reload(0x00ff_ffff);
        board.SYST.clear_current();
        board.SYST.enable_counter();
        let mut write = |text: &[u8]| {
            // Whoever reads the lines misses what did not get out.
            let _ = out.write_all(text);
        };
        // The timer has 24 bits and counts downwards.
        program(&mut Platform { clock: &|| 0x00ff_ffff - SYST::get_current(), write: &mut write });
        write(b"# stack ");
        write(&decimal(stack_used()));
        write(b"\n");
        debug::exit(debug::EXIT_SUCCESS);
    }
    loop {
        debug::exit(debug::EXIT_FAILURE);
    }
}

/// The bytes of the stack that were ever written: what start-up painted and is no longer so.
fn stack_used() -> u32 {
    let (mut at, start) = (&raw const _stack_end, &raw const _stack_start);
    // SAFETY: reads within the stack's memory, word by word; volatile, since other frames write it.
    while at < start && unsafe { ptr::read_volatile(at) } == STACK_PAINT_VALUE {
        at = at.wrapping_add(1);
    }
    (start.addr() - at.addr()) as u32
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {
        debug::exit(debug::EXIT_FAILURE);
    }
}
