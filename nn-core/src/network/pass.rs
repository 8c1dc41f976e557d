//! What a training pass knows besides its data: keys for randomness, and what is frozen.
//!
//! # Why training and inference are different functions
//!
//! `infer` knows no randomness and only running statistics; `forward` and `backward` get a [`Pass`]. It carries keys instead of
//! generators: a dropout mask is a function of seed, step, site and sample. So it is drawn again in `backward` instead of being stored,
//! and no number of threads changes it. A frozen part sees `pass.frozen()` and a gradient of `None`, whether `#[frozen]` said so while
//! compiling or `.freeze("body")` at run time; then it is known by the range of addresses that its key has in the `SPEC`.
//!
//! # Why the first batch of an update replaces the gradient
//!
//! By contract layers add to it. Clearing it first and reading it again took 3 % of a training step. So a `Pass` may say that nothing
//! in it is to be kept, and `Layer::REPLACES` that a layer heeds this. nn-core's layers do, and networks of them; a network with a
//! layer that does not is cleared for. `Gradients::set` and the training loop use it, `Gradients::add` adds.

use core::ops::Range;

/// The circumstances of one forward and backward pass.
///
/// Randomness is drawn from keys (seed, step, site, sample), so that a mask can be drawn again in `backward` and does not depend on threads.
#[derive(Clone, Copy, Debug)]
pub struct Pass<'a> {
    seed: u64,
    step: u64,
    site: u64,
    frozen: bool,
    replaces: bool,
    frozen_parts: &'a [Range<usize>],
    /// The addresses of the part that it is the pass of. Whether that is frozen is asked by few layers, so that it is looked up there.
    part: (usize, usize),
}

impl<'a> Pass<'a> {
    /// A pass of update number `step`.
    #[must_use]
    pub const fn new(seed: u64, step: u64) -> Self {
        Self { seed, step, site: 0, frozen: false, replaces: false, frozen_parts: &[], part: (0, 0) }
    }

    /// The same, with the parts of the network at these addresses frozen.
    #[must_use]
    pub const fn with_frozen_parts(self, addresses: &'a [Range<usize>]) -> Self {
        Self { frozen_parts: addresses, ..self }
    }

    /// The same, for a gradient in which nothing is to be kept: layers that say [`Layer::REPLACES`](crate::Layer::REPLACES) write instead of
    /// adding.
    #[must_use]
    pub const fn replacing(self) -> Self {
        Self { replaces: true, ..self }
    }

    /// Whether `backward` is to replace what lies in the gradient.
    #[inline]
    #[must_use]
    pub const fn replaces(self) -> bool {
        self.replaces
    }

    /// The gradient as it is to be added to: where it is to be replaced, zeros.
    #[inline]
    pub(crate) fn start<G: crate::Plain>(self, mut gradient: Option<&mut G>) -> Option<&mut G> {
        if self.replaces
            && let Some(gradient) = &mut gradient
        {
            crate::plain::bytes_mut::<G>(gradient).fill(0);
        }
        gradient
    }

    /// The pass as the layer number `site` of the network sees it.
    #[inline(always)] // nothing is left of it where the layer does not look
    #[must_use]
    pub fn at<P>(self, site: u64, part: &P) -> Self {
        let start = core::ptr::from_ref(part).addr();
        // What has no size is frozen with what it lies in.
        let part = if size_of::<P>() > 0 { (start, start + size_of::<P>()) } else { self.part };
        Self { site: self.site.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(site + 1), part, ..self }
    }

    /// The pass as a frozen layer sees it.
    #[inline]
    #[must_use]
    pub const fn frozen(self) -> Self {
        Self { frozen: true, ..self }
    }

    /// Whether to run as in use: no dropout, running statistics.
    #[inline]
    #[must_use]
    pub fn is_frozen(self) -> bool {
        let (start, end) = self.part;
        // The whole part: a block begins where its first layer does, and is not frozen with it.
        self.frozen || self.frozen_parts.iter().any(|frozen| frozen.start <= start && end <= frozen.end)
    }

    /// The random numbers of sample number `sample` of the batch, at this place of the network, in this step.
    #[must_use]
    pub fn random(self, sample: usize) -> crate::random::Stream {
        crate::random::Stream::new(&[self.seed, self.step, self.site, sample as u64])
    }
}
