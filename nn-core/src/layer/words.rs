//! Words of `network!` that leave no type in the generated code; they stand here so that editors can show what they mean.

/// `Flatten`: any shape to a vector of as many numbers, row by row. It moves nothing: the numbers lie in this order already.
///
/// - Shape: `[C, H, W] -> [C · H · W]`.
#[derive(Debug)]
pub enum Flatten {}

/// `Residual { main: { … }, skip: { … } }`: `y = main(x) + skip(x)`; without `skip`, `y = main(x) + x`.
///
/// Both branches give the same shape. With a name, `main`'s layers are its fields, and `skip`'s lie under `skip`.
///
/// - Source: He, Zhang, Ren, Sun, *Deep Residual Learning for Image Recognition* (2015).
#[derive(Debug)]
pub enum Residual {}

/// `Concat { a: { … }, b: { … } }`: the branches' outputs for the same input, one after the other along the channels.
///
/// - Shape: `[A, H, W]` and `[B, H, W]` become `[A + B, H, W]`.
#[derive(Debug)]
pub enum Concat {}

/// `blocks: Repeat(3) { … }`: the same layers, one after the other, each time with parameters of their own: `net.blocks[2].fc.weight`.
///
/// The layers end with the shape that they start from.
#[derive(Debug)]
pub enum Repeat {}
