//! What numbers as targets mean.

/// What numbers as targets mean to a loss; [metrics](crate::metric) follow it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Meaning {
    /// Quantities: the nearer an output is, the better.
    #[default]
    Quantities,
    /// Each is an answer: yes above `even`, else no.
    YesOrNo {
        /// What is neither: ½ between 0 and 1, 0 between −1 and 1.
        even: f64,
    },
    /// Each is the probability of a class.
    Classes,
}
