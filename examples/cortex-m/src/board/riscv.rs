//! A RISC-V core of QEMU's `virt` machine: start-up, and text out of its serial port.

use core::arch::global_asm;
use core::panic::PanicInfo;
use core::ptr;

use crate::{Measured, Platform};

global_asm!(
    ".section .text.start",
    ".global _start",
    "_start:",
    "la sp, _stack_top",
    "la t0, _bss_begin",
    "la t1, _bss_end",
    "1:",
    "bgeu t0, t1, 2f",
    "sw zero, 0(t0)",
    "addi t0, t0, 4",
    "j 1b",
    "2:",
    "call main",
    "3:",
    "j 3b",
    ".text",
);

/// Where a byte that is written goes out.
const SERIAL_PORT: *mut u8 = 0x1000_0000 as *mut u8;
/// Where a number that is written ends the machine.
const POWER: *mut u32 = 0x0010_0000 as *mut u32;
const SUCCESS: u32 = 0x5555;
const FAILURE: u32 = 0x3333;

/// Runs the program.
pub fn run(program: fn(&mut Platform<'_>)) -> ! {
    let mut write = |text: &[u8]| {
        for byte in text {
            // SAFETY: the machine's serial port is there.
            unsafe { ptr::write_volatile(SERIAL_PORT, *byte) }
        }
    };
    let measure = |times, work: &mut dyn FnMut()| {
        for _ in 0..times {
            work();
        }
        Measured { ticks: 0, stack: 0 }
    };
    program(&mut Platform { measure: &measure, write: &mut write });
    end(SUCCESS)
}

fn end(how: u32) -> ! {
    loop {
        // SAFETY: the machine's power control is there.
        unsafe { ptr::write_volatile(POWER, how) }
    }
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    end(FAILURE)
}
