//! The progress bar where there is no terminal that it could be on.

use super::Observer;

/// Nothing here: this target has no terminal. Elsewhere it shows how far the run has come. Feature `progress`.
#[derive(Debug, Default)]
pub struct ProgressBar {
    _private: (),
}

impl ProgressBar {
    /// A bar that never appears.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Observer for ProgressBar {}
