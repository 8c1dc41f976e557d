//! What a unit of a recurrent layer makes of the sums of its gates: one step, and its gradients.

use crate::Scalar;
use crate::init::Initializer;

/// A recurrent unit with `K` numbers a step that its gradients are computed from, and a state of `V` numbers, of which the first is its output.
///
/// The sums of its gates lie in these `K` numbers, and their gradients take their place. Gate `g` adds the hidden state's share to number `g`,
/// and the input's share to the same, but that of the last gate to the last number: in a unit with one number more than gates the last gate
/// has its two shares apart.
pub trait Cell<const K: usize, const V: usize>: Copy + Send + Sync + 'static {
    /// The layer's word.
    const NAME: &'static str;

    /// One step of one unit: `kept` holds the gates' sums, and then what [`Cell::back`] needs of them; from the state before to the one after.
    fn step<T: Scalar>(kept: &mut [T; K], before: [T; V]) -> [T; V];

    /// The gradients of that step: `kept` holds what `step` left, and then the gradients of the sums. From the gradient of the state after to
    /// that of the state before, without what flows through the sums.
    fn back<T: Scalar>(kept: &mut [T; K], before: [T; V], after: [T; V], d_after: [T; V]) -> [T; V];

    /// What biases `bias_ih`, one row a gate, start with where that is neither 0 nor drawn.
    fn set_biases<T: Scalar, const H: usize>(bias_ih: &mut [[T; H]], bias_hh: &mut [[T; H]]) {
        let _ = (bias_ih, bias_hh);
    }

    /// Draws biases by `initializer`, which leaves them 0 but by default.
    #[doc(hidden)]
    fn draw_biases<T: Scalar>(biases: &mut [T], fan: crate::init::Fan, initializer: &impl Initializer, random: &mut crate::random::Stream) {
        initializer.fill_biases(biases, fan, random);
    }
}
