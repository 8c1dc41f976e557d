//! A Cortex-M: start-up by `cortex-m-rt`, a clock, and text out through the debugger.

use core::panic::PanicInfo;
use core::ptr;

use ::cortex_m::peripheral::{Peripherals, SYST, syst::SystClkSource};
use ::cortex_m::register::msp;
use cortex_m_rt::STACK_PAINT_VALUE;
use cortex_m_semihosting::{debug, hio};

use crate::{Measured, Platform};

unsafe extern "C" {
    /// The lowest address of the stack, as the linker script lays it.
    static _stack_end: u32;
}

/// Runs the program.
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
        program(&mut Platform { measure: &measure, write: &mut write });
        debug::exit(debug::EXIT_SUCCESS);
    }
    loop {
        debug::exit(debug::EXIT_FAILURE);
    }
}

/// What `work` takes when it is run so many times.
fn measure(times: u32, work: &mut dyn FnMut()) -> Measured {
    // What start-up painted has been written over since.
    let (end, top) = (&raw const _stack_end, msp::read() as usize);
    let mut at = end.cast_mut();
    while at.addr() < top {
        // SAFETY: below the stack pointer nothing is kept; no function is called between reading it and here.
        unsafe { ptr::write_volatile(at, STACK_PAINT_VALUE) };
        at = at.wrapping_add(1);
    }
    let begin = now();
    for _ in 0..times {
        work();
    }
    let ticks = now() - begin;
    let mut at = end;
    // SAFETY: reads within the stack's memory, word by word; volatile, since other frames write it.
    while at.addr() < top && unsafe { ptr::read_volatile(at) } == STACK_PAINT_VALUE {
        at = at.wrapping_add(1);
    }
    Measured { ticks, stack: (top - at.addr()) as u32 }
}

/// The timer has 24 bits and counts downwards.
fn now() -> u32 {
    0x00ff_ffff - SYST::get_current()
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {
        debug::exit(debug::EXIT_FAILURE);
    }
}
