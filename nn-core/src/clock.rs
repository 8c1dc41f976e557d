//! The one place that asks for the time.

use core::time::Duration;
use std::time::Instant;

/// A moment, on targets that have a clock. WebAssembly without an operating system has none, and asking would panic there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock(Option<Instant>);

/// Whether the target has a clock.
const EXISTS: bool = !cfg!(all(target_family = "wasm", target_os = "unknown"));

impl Clock {
    /// This moment.
    pub fn now() -> Self {
        Self(EXISTS.then(Instant::now))
    }

    /// How long ago that was; `None` without a clock.
    pub fn elapsed(self) -> Option<Duration> {
        self.0.map(|then| then.elapsed())
    }
}
