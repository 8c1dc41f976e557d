//! What both programs share: one program text that runs on a board and on a PC, and writes the same lines on both.
#![no_std]

#[cfg(target_os = "none")]
pub mod board;

/// What a program is given: a clock that counts upwards, and a way out for text.
pub struct Platform<'a> {
    pub clock: &'a dyn Fn() -> u32,
    pub write: &'a mut dyn FnMut(&[u8]),
}

/// Makes a program of a `fn(&mut Platform)`, for a board or for a PC.
#[macro_export]
macro_rules! program {
    ($run:path) => {
        #[cfg(target_os = "none")]
        #[cortex_m_rt::entry]
        fn start() -> ! {
            $crate::board::run($run)
        }

        #[cfg(not(target_os = "none"))]
        fn main() {
            let mut write = |text: &[u8]| print!("{}", String::from_utf8_lossy(text));
            $run(&mut $crate::Platform { clock: &|| 0, write: &mut write });
        }
    };
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
