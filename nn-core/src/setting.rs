//! What is wrong with a setting of a loss, an optimizer, a schedule or a clip.

use core::fmt;

/// A setting that makes no sense, such as a negative learning rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SettingError {
    /// Whose setting: `Adam`.
    pub of: &'static str,
    /// Its name: `beta1`.
    pub name: &'static str,
    /// What was given.
    pub value: f64,
    /// What it must be: `at least 0 and below 1`.
    pub must_be: &'static str,
}

impl SettingError {
    /// `Ok` where `holds`, else the error that says what `name` must be.
    ///
    /// # Errors
    /// Where `holds` is false.
    pub const fn unless(holds: bool, of: &'static str, name: &'static str, value: f64, must_be: &'static str) -> Result<(), Self> {
        if holds { Ok(()) } else { Err(Self { of, name, value, must_be }) }
    }

    /// The value must be finite and at least 0.
    pub(crate) const fn not_negative(of: &'static str, name: &'static str, value: f64) -> Result<(), Self> {
        Self::unless(value >= 0.0 && value.is_finite(), of, name, value, "finite and at least 0")
    }

    /// The value must be finite and above 0.
    pub(crate) const fn positive(of: &'static str, name: &'static str, value: f64) -> Result<(), Self> {
        Self::unless(value > 0.0 && value.is_finite(), of, name, value, "finite and above 0")
    }

    /// The value must lie in [0, 1).
    pub(crate) const fn below_one(of: &'static str, name: &'static str, value: f64) -> Result<(), Self> {
        Self::unless(value >= 0.0 && value < 1.0, of, name, value, "at least 0 and below 1")
    }

    /// The value must lie in [0, 1].
    pub(crate) const fn share(of: &'static str, name: &'static str, value: f64) -> Result<(), Self> {
        Self::unless(value >= 0.0 && value <= 1.0, of, name, value, "at least 0 and at most 1")
    }
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` with {} = {}: it must be {}", self.of, self.name, self.value, self.must_be)
    }
}

impl core::error::Error for SettingError {}
