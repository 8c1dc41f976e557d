//! Orthogonal: the weight as a matrix of `rows` rows has rows (or, where there are more rows than columns, columns) at right angles and of
//! length 1.
//!
//! Normal numbers, made orthogonal one after the other by the modified Gram–Schmidt process, in place: no scratch, no heap.

use super::{Fan, Initializer, fill_normal};
use crate::Scalar;
use crate::random::Stream;

/// A random matrix with orthonormal rows, or columns where there are more rows than columns.
///
/// - `W Wᵀ = 1` (`Wᵀ W = 1`), where `W` has a row for each output channel.
/// - Source: Saxe, McClelland, Ganguli, *Exact Solutions to the Nonlinear Dynamics of Learning in Deep Linear Neural Networks*, 2014;
///   PyTorch's `orthogonal_` with gain 1. The process: Golub, Van Loan, *Matrix Computations*, §5.2.8; each vector goes through it twice,
///   which is enough for full accuracy (Giraud et al., 2005).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Orthogonal;

/// The vectors to be made orthogonal, inside the weight: `count` of them, of `len` numbers.
struct Vectors<'a, T> {
    weight: &'a mut [T],
    count: usize,
    len: usize,
    /// From one vector to the next, and from one number of a vector to the next.
    strides: (usize, usize),
}

impl<T: Scalar> Vectors<'_, T> {
    /// `wᵢ · wⱼ`.
    fn dot(&self, i: usize, j: usize) -> f64 {
        let (across, along) = self.strides;
        let mut sum = 0.0;
        for k in 0..self.len {
            if let (Some(a), Some(b)) = (self.weight.get(i * across + k * along), self.weight.get(j * across + k * along)) {
                sum += a.to_f64() * b.to_f64();
            }
        }
        sum
    }

    /// `wᵢ ← a wᵢ + b wⱼ`.
    fn combine(&mut self, i: usize, a: f64, j: usize, b: f64) {
        let (across, along) = self.strides;
        for k in 0..self.len {
            let other = self.weight.get(j * across + k * along).map_or(0.0, |w| w.to_f64());
            if let Some(w) = self.weight.get_mut(i * across + k * along) {
                *w = T::from_f64(a * w.to_f64() + b * other);
            }
        }
    }

    /// Takes from vector `i` what it has in common with those before it, and gives it length 1; `false` where nothing is left.
    fn make_orthogonal(&mut self, i: usize) -> bool {
        for _ in 0..2 {
            for j in 0..i {
                let common = self.dot(i, j);
                self.combine(i, 1.0, j, -common);
            }
            let norm = Scalar::sqrt(self.dot(i, i));
            if norm < 1e-6 {
                return false;
            }
            self.combine(i, 1.0 / norm, i, 0.0);
        }
        true
    }
}

impl Initializer for Orthogonal {
    fn fill<T: Scalar>(&self, weight: &mut [T], fan: Fan, random: &mut Stream) {
        let rows = fan.rows;
        let columns = weight.len().checked_div(rows).unwrap_or(0);
        fill_normal(weight, 0.0, 1.0, random);
        let (count, len, strides) = if rows <= columns { (rows, columns, (columns, 1)) } else { (columns, rows, (1, columns)) };
        let mut vectors = Vectors { weight, count, len, strides };
        for i in 0..vectors.count {
            while !vectors.make_orthogonal(i) {
                // What was drawn lies among the vectors before it: practically never, but then anything else will do.
                for k in 0..len {
                    if let Some(w) = vectors.weight.get_mut(i * strides.0 + k * strides.1) {
                        *w = T::from_f64(random.normal());
                    }
                }
            }
        }
    }
}
