//! Random numbers: raw bits from PCG (documented as portable and stable), keyed; floats, normals and shuffles are made from them here.

use rand_pcg::Pcg32;
use rand_pcg::rand_core::Rng;

use crate::math;

/// A sequence of random numbers that belongs to a key.
#[derive(Clone, Debug)]
pub struct Stream(Pcg32);

impl Stream {
    /// The sequence of a key: equal keys, equal sequences, on every target.
    #[must_use]
    pub fn new(key: &[u64]) -> Self {
        // SplitMix64 (Steele, Lea, Flood 2014) over the parts of the key.
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        for part in key {
            state = mix(state.wrapping_add(*part).wrapping_add(0x9e37_79b9_7f4a_7c15));
        }
        Self(Pcg32::new(state, mix(state)))
    }

    /// 32 random bits.
    pub fn bits(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// Uniform in [0, 1), a multiple of 2⁻³².
    pub fn unit(&mut self) -> f64 {
        f64::from(self.bits()) * (1.0 / 4_294_967_296.0)
    }

    /// Uniform in `0..n`, without bias; 0 where `n` is 0. Source: Lemire, *Fast Random Integer Generation in an Interval* (2019).
    pub fn below(&mut self, n: u32) -> u32 {
        let threshold = n.wrapping_neg().checked_rem(n).unwrap_or(0);
        loop {
            let product = u64::from(self.bits()) * u64::from(n);
            #[allow(clippy::cast_possible_truncation, reason = "the low half decides, the high half is the result")]
            if product as u32 >= threshold {
                return (product >> 32) as u32;
            }
        }
    }

    /// Puts `values` in random order; every order is equally likely. Source: Fisher, Yates; Durstenfeld's form (1964).
    pub fn shuffle<T>(&mut self, values: &mut [T]) {
        for i in (1..values.len()).rev() {
            let j = self.below(u32::try_from(i + 1).unwrap_or(u32::MAX)) as usize;
            values.swap(i, j);
        }
    }

    /// Normal with mean 0 and variance 1; two calls of [`Stream::unit`]. Source: Box, Muller 1958.
    pub fn normal(&mut self) -> f64 {
        let radius = math::f64::sqrt(-2.0 * math::f64::ln(1.0 - self.unit())); // 1 − unit lies in (0, 1]
        radius * math::f64::cos(2.0 * core::f64::consts::PI * self.unit())
    }
}

const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
