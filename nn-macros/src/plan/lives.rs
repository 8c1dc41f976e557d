//! Places in one block of memory for what lives from one statement to another: what never lives at one time may share a place.

use crate::model::Shape;

/// A range of the block, in numbers of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    pub offset: usize,
    pub len: usize,
}

impl Extent {
    fn end(self) -> usize {
        self.offset + self.len
    }

    fn overlaps(self, other: Self) -> bool {
        self.offset < other.end() && other.offset < self.end()
    }
}

/// From one statement to another, the backward pass's counted on from the forward pass's, both included.
#[derive(Clone, Copy)]
pub(super) struct Life {
    pub first: usize,
    pub last: usize,
    pub len: usize,
}

impl Life {
    fn meets(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

/// Numbers that a value takes; large ones begin at multiples of 16 bytes.
pub(super) fn room(shape: &Shape) -> Option<usize> {
    shape.known_len().map(|len| if len < 16 { len } else { len.next_multiple_of(4) })
}

/// Places without overlaps for what lives at one time, and the block's length: the best of some orders, each by first fit.
pub(super) fn arrange(lives: &[Life]) -> Option<(Vec<Extent>, usize)> {
    let orders: [fn(&Life) -> (usize, usize); 5] = [
        |life| (usize::MAX - life.len, life.first),
        |life| (life.first, usize::MAX - life.len),
        |life| (usize::MAX - life.last, usize::MAX - life.len),
        |life| (usize::MAX - life.first, usize::MAX - life.len),
        |life| (life.last, usize::MAX - life.len),
    ];
    orders.into_iter().map(|order| first_fit(lives, order)).min_by_key(|(_, len)| *len).filter(|(_, len)| *len > 0)
}

fn first_fit(lives: &[Life], order: fn(&Life) -> (usize, usize)) -> (Vec<Extent>, usize) {
    let mut at: Vec<usize> = (0..lives.len()).collect();
    at.sort_by_key(|at| order(&lives[*at]));
    let mut placed: Vec<Option<Extent>> = vec![None; lives.len()];
    for this in at {
        let mut taken: Vec<Extent> =
            (0..lives.len()).filter(|other| lives[*other].meets(lives[this])).filter_map(|other| placed[other]).collect();
        taken.sort_by_key(|extent| extent.offset);
        let mut extent = Extent { offset: 0, len: lives[this].len };
        for other in taken {
            if extent.overlaps(other) {
                extent.offset = other.end();
            }
        }
        placed[this] = Some(extent);
    }
    let extents: Vec<Extent> = placed.into_iter().flatten().collect();
    let len = extents.iter().map(|extent| extent.end()).max().unwrap_or(0);
    (extents, len)
}

#[cfg(test)]
mod tests {
    use super::{Life, arrange};

    #[test]
    fn what_lives_at_one_time_does_not_overlap() {
        // LeNet-5's training step without gradients by the input.
        let lives: Vec<Life> = [
            (0, 1, 3456),
            (1, 16, 864),
            (3, 4, 1024),
            (4, 13, 256),
            (6, 11, 120),
            (8, 9, 84),
            (10, 11, 84),
            (11, 12, 120),
            (12, 14, 256),
            (14, 15, 1024),
            (15, 17, 864),
            (17, 18, 3456),
        ]
        .map(|(first, last, len)| Life { first, last, len })
        .to_vec();
        let (extents, len) = arrange(&lives).expect("something");
        assert_eq!(len, 3456 + 864);
        for a in 0..lives.len() {
            assert!(extents[a].end() <= len);
            for b in 0..a {
                assert!(!lives[a].meets(lives[b]) || !extents[a].overlaps(extents[b]));
            }
        }
    }
}
