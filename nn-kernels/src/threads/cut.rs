//! Slices, and several that belong together, cut in two at the same place.

use core::ops::Range;

/// What can be cut in two.
pub trait Cut: Sized {
    /// How many units it has; bundles have as many as their first.
    fn units(&self) -> usize;
    /// The first `at` units, and the others.
    fn cut(self, at: usize) -> (Self, Self);
}

impl<T> Cut for &[T] {
    fn units(&self) -> usize {
        self.len()
    }
    fn cut(self, at: usize) -> (Self, Self) {
        self.split_at(at.min(self.len()))
    }
}

impl<T> Cut for &mut [T] {
    fn units(&self) -> usize {
        self.len()
    }
    fn cut(self, at: usize) -> (Self, Self) {
        let at = at.min(self.len());
        self.split_at_mut(at)
    }
}

/// Numbers of samples.
impl Cut for Range<usize> {
    fn units(&self) -> usize {
        self.len()
    }
    fn cut(self, at: usize) -> (Self, Self) {
        let middle = self.end.min(self.start.saturating_add(at));
        (self.start..middle, middle..self.end)
    }
}

/// A slice with so many numbers a unit.
pub struct Rows<S> {
    /// The numbers.
    pub slice: S,
    /// How many a unit has; the last may have fewer.
    pub each: usize,
}

impl<S: Cut> Cut for Rows<S> {
    fn units(&self) -> usize {
        self.slice.units().div_ceil(self.each.max(1))
    }
    fn cut(self, at: usize) -> (Self, Self) {
        let (first, rest) = self.slice.cut(at.saturating_mul(self.each));
        (Self { slice: first, each: self.each }, Self { slice: rest, each: self.each })
    }
}

impl<A: Cut> Cut for Option<A> {
    fn units(&self) -> usize {
        self.as_ref().map_or(0, A::units)
    }
    fn cut(self, at: usize) -> (Self, Self) {
        self.map(|whole| whole.cut(at)).unzip()
    }
}

macro_rules! bundles {
    ($($name:ident $at:tt),*) => {
        impl<$($name: Cut),*> Cut for ($($name,)*) {
            fn units(&self) -> usize {
                self.0.units()
            }
            fn cut(self, at: usize) -> (Self, Self) {
                let both = ($(self.$at.cut(at),)*);
                (($(both.$at.0,)*), ($(both.$at.1,)*))
            }
        }
    };
}
bundles!(A 0, B 1);
bundles!(A 0, B 1, C 2);
bundles!(A 0, B 1, C 2, D 3);

/// At most `parts` parts, as even as multiples of `grain` units go; what does not divide belongs to the last.
#[cfg(feature = "threads")]
pub(crate) fn into_parts<C: Cut>(whole: C, parts: usize, grain: usize) -> std::vec::Vec<C> {
    let mut cut = std::vec::Vec::with_capacity(parts);
    let (mut left, mut rest) = (whole.units() / grain.max(1), whole);
    for parts in (2..=parts).rev() {
        let grains = left / parts;
        if grains > 0 {
            let (first, behind) = rest.cut(grains * grain);
            cut.push(first);
            (left, rest) = (left - grains, behind);
        }
    }
    cut.push(rest);
    cut
}

#[cfg(all(test, feature = "threads"))]
mod tests {
    use super::{Cut, Rows, into_parts};
    use std::vec::Vec;

    #[test]
    fn parts_are_the_whole_in_order_and_end_at_multiples() {
        let values: Vec<usize> = (0..200).collect();
        for n in 0..=200 {
            for parts in 1..=7 {
                for grain in [1, 3, 16] {
                    let cut = into_parts(&values[..n], parts, grain);
                    assert_eq!(cut.concat(), values[..n]);
                    assert_eq!(cut.len(), parts.min(n / grain).max(1), "{n} in {parts} parts of {grain}");
                    assert!(cut[..cut.len() - 1].iter().all(|part| part.len().is_multiple_of(grain)));
                    assert!(cut.len() == 1 || cut.iter().all(|part| part.len() >= grain));
                    let longest = cut.iter().map(|part| part.len()).max().unwrap_or(0);
                    assert!(longest <= n / grain / cut.len() * grain + 2 * grain);
                }
            }
        }
    }

    #[test]
    fn bundles_are_cut_together() {
        let (mut a, b) = ([0, 1, 2], [0, 1, 10, 11, 20]);
        let ((a0, b0, none), (a1, b1, _)) = (&mut a[..], Rows { slice: &b[..], each: 2 }, None::<&[u8]>).cut(1);
        assert_eq!((&*a0, b0.slice, b0.units()), (&[0][..], &[0, 1][..], 1));
        assert_eq!((&*a1, b1.slice, b1.units()), (&[1, 2][..], &[10, 11, 20][..], 2));
        assert!(none.is_none());
    }
}
