//! What a program needs of the board: a start, a clock and a way out for text. Lines that only a board can write begin with `#`.

#[cfg(target_arch = "arm")]
mod cortex_m;
#[cfg(target_arch = "riscv32")]
mod riscv;
#[cfg(target_arch = "wasm32")]
mod wasm;

#[cfg(target_arch = "arm")]
pub use self::cortex_m::run;
#[cfg(target_arch = "riscv32")]
pub use riscv::run;
#[cfg(target_arch = "wasm32")]
pub use wasm::run;
