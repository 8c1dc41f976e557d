//! What the program needs of the board: a start, a clock and a way out for text.

use core::panic::PanicInfo;
use core::ptr;

use cortex_m::peripheral::{Peripherals, SYST, syst::SystClkSource};
use cortex_m_rt::{STACK_PAINT_VALUE, entry};
use cortex_m_semihosting::{debug, hio};

unsafe extern "C" {
    /// The lowest address of the stack, as the linker script lays it.
    static _stack_end: u32;
    /// The address above the stack, where it begins to grow downwards.
    static _stack_start: u32;
}

#[entry]
fn start() -> ! {
    if let (Some(mut board), Ok(mut out)) = (Peripherals::take(), hio::hstdout()) {
        board.SYST.set_clock_source(SystClkSource::Core);
        board.SYST.set_reload(0x00ff_ffff);
        board.SYST.clear_current();
        board.SYST.enable_counter();
        // The timer has 24 bits and counts downwards; one prediction takes less than its whole round.
        let time = crate::predict_rows(
            || 0x00ff_ffff - SYST::get_current(),
            |line| {
                let _ = out.write_all(line);
            },
        );
        let _ = out.write_all(b"# ticks ");
        let _ = out.write_all(&decimal(time));
        let _ = out.write_all(b"# stack ");
        let _ = out.write_all(&decimal(stack_used()));
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

/// Ten decimal figures and the line's end.
fn decimal(mut number: u32) -> [u8; 11] {
    let mut text = [b'\n'; 11];
    for figure in text.iter_mut().rev().skip(1) {
        *figure = b'0' + (number % 10) as u8;
        number /= 10;
    }
    text
}

#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    loop {
        debug::exit(debug::EXIT_FAILURE);
    }
}
