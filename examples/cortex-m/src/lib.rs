//! What all programs share: one program text that runs on a board and on a PC, and writes the same lines on both.
#![no_std]

#[cfg(any(target_os = "none", target_arch = "wasm32"))]
pub mod board;
pub mod networks;
pub mod rows;

use nn_core::{Plain, plain};

/// What a program is given: a way to measure, and a way out for text.
pub struct Platform<'a> {
    pub measure: &'a dyn Fn(u32, &mut dyn FnMut()) -> Measured,
    pub write: &'a mut dyn FnMut(&[u8]),
}

/// What a piece of work took.
pub struct Measured {
    /// Of the timer.
    pub ticks: u32,
    /// Bytes below the caller's frame.
    pub stack: u32,
}

impl Platform<'_> {
    /// Runs `work` so many times, and reports what that took, where a board can tell.
    #[inline(never)]
    pub fn measure(&mut self, times: u32, work: &mut dyn FnMut()) {
        let Measured { ticks, stack } = (self.measure)(times, work);
        for (name, number) in [(&b"# runs "[..], times), (b"# ticks ", ticks), (b"# stack ", stack)] {
            if cfg!(target_os = "none") {
                (self.write)(name);
                (self.write)(&decimal(number));
                (self.write)(b"\n");
            }
        }
    }

    /// Writes a line with the bits of each number.
    #[inline(never)]
    pub fn numbers(&mut self, numbers: &[f32]) {
        for number in numbers {
            (self.write)(&hexadecimal(number.to_bits()));
            (self.write)(b" ");
        }
        (self.write)(b"\n");
    }

    /// Writes a line with words.
    #[inline(never)]
    pub fn words(&mut self, words: &[u32]) {
        for word in words {
            (self.write)(&hexadecimal(*word));
            (self.write)(b" ");
        }
        (self.write)(b"\n");
    }
}

/// Makes a program of a function, for a board or for a PC: `program!(run)` of a `fn run(&mut Platform)`.
///
/// `program!(run(NET: Mlp = Mlp::ZEROED, …))` gives it memory of its own besides, each a `&'static mut`: what is large lies in a `static`,
/// never on the stack.
#[macro_export]
macro_rules! program {
    ($run:ident) => {
        $crate::program!($run());
    };
    ($run:ident($($name:ident: $kind:ty = $value:expr),* $(,)?)) => {
        fn run_once(platform: &mut $crate::Platform<'_>) {
            $(static mut $name: $kind = $value;)*
            // SAFETY: the program's start calls this, and nothing else does; no other code can name what stands here.
            $run(platform $(, unsafe { &mut *&raw mut $name })*);
        }

        #[cfg(all(target_os = "none", target_arch = "arm"))]
        #[cortex_m_rt::entry]
        fn start() -> ! {
            $crate::board::run(run_once)
        }

        #[cfg(all(target_os = "none", target_arch = "riscv32"))]
        #[unsafe(no_mangle)]
        extern "C" fn main() -> ! {
            $crate::board::run(run_once)
        }

        #[cfg(target_arch = "wasm32")]
        #[unsafe(no_mangle)]
        extern "C" fn main() {
            $crate::board::run(run_once);
        }

        #[cfg(not(any(target_os = "none", target_arch = "wasm32")))]
        fn main() {
            let mut write = |text: &[u8]| print!("{}", String::from_utf8_lossy(text));
            let measure = |times, work: &mut dyn FnMut()| {
                for _ in 0..times {
                    work();
                }
                $crate::Measured { ticks: 0, stack: 0 }
            };
            run_once(&mut $crate::Platform { measure: &measure, write: &mut write });
        }
    };
}

/// FNV-1a (Fowler, Noll, Vo) over the bytes of a value.
pub fn checksum<T: Plain>(value: &T) -> u32 {
    mix(0x811c_9dc5, value)
}

/// The checksum of what came before and of the bytes of a value.
pub fn mix<T: Plain>(sum: u32, value: &T) -> u32 {
    plain::bytes(value).iter().fold(sum, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// Eight hexadecimal figures: the bits of an `f32`, say. Formats without `core::fmt`, which can panic.
pub fn hexadecimal(bits: u32) -> [u8; 8] {
    let mut text = [b'0'; 8];
    for (figure, place) in text.iter_mut().zip([28, 24, 20, 16, 12, 8, 4, 0]) {
        *figure = match (bits >> place & 15) as u8 {
            bits @ ..10 => b'0' + bits,
            bits => b'a' + bits - 10,
        };
    }
    text
}

/// Ten decimal figures.
pub fn decimal(mut number: u32) -> [u8; 10] {
    let mut text = [b'0'; 10];
    for figure in text.iter_mut().rev() {
        *figure = b'0' + (number % 10) as u8;
        number /= 10;
    }
    text
}
