//! Random numbers: raw bits from PCG (documented as portable and stable), keyed; floats, normals and shuffles are made from them here.
//!
//! Libraries change how they make floats, normals and shuffles between versions; raw bits are documented.

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

    /// Uniform from `low` up to, but without, `high`.
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
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

#[cfg(test)]
mod tests {
    use super::Stream;

    // The numbers come from an independent program (Python), written after the papers: SplitMix64, and PCG XSH RR 64/32 (O'Neill 2014).
    #[test]
    fn sequences_never_change() {
        let four = |key: &[u64]| {
            let mut random = Stream::new(key);
            [random.bits(), random.bits(), random.bits(), random.bits()]
        };
        assert_eq!(four(&[]), [0xdaa8_b1a4, 0x8fb4_1b18, 0x46c9_8501, 0xbf5c_5903]);
        assert_eq!(four(&[1]), [0xf4d8_6eac, 0x79c4_8c56, 0x76f4_ab9d, 0xd99e_cb60]);
        assert_eq!(four(&[1, 2]), [0xb3dc_f85d, 0xcc19_8369, 0x3aeb_db6a, 0x4287_6980]);
        assert_eq!(four(&[2, 1]), [0x6453_186b, 0x3123_acc4, 0xf9a5_68ff, 0x3583_9818]);
        assert_eq!(four(&[0, 0]), [0x57ad_cb8b, 0x397f_51a8, 0xde03_5f25, 0xc9ba_fd5a]);

        let mut random = Stream::new(&[7]);
        assert_eq!([random.unit(), random.unit()], [0.157_060_960_773_378_6, 0.788_753_647_124_394_8]);
        let mut random = Stream::new(&[7]);
        for expected in [0.140_938_081_992_659_17, -0.397_680_693_242_287_9, 0.146_997_770_729_702_44, -1.736_140_145_670_245_7] {
            let normal = random.normal();
            assert!((normal - expected).abs() < 1e-15, "{normal} is not {expected}");
        }
        let mut random = Stream::new(&[7]);
        let drawn = [(); 4].map(|()| random.below(3_000_000_000));
        assert_eq!(drawn, [471_182_882, 2_366_260_941, 276_114_988, 1_709_834_536]);
        let mut order = [0, 1, 2, 3, 4, 5, 6, 7];
        Stream::new(&[7]).shuffle(&mut order);
        assert_eq!(order, [6, 3, 4, 7, 2, 0, 5, 1]);
    }

    /// Asserts the first moments over a million numbers within five standard errors, given the variance of each power.
    fn assert_moments(mut draw: impl FnMut() -> f64, expected: [(f64, f64); 4]) {
        let n = 1_000_000;
        let mut sums = [0.0; 4];
        for _ in 0..n {
            let x = draw();
            let mut power = 1.0;
            for sum in &mut sums {
                power *= x;
                *sum += power;
            }
        }
        for (i, (sum, (moment, variance))) in sums.into_iter().zip(expected).enumerate() {
            let error = std::primitive::f64::sqrt(variance / f64::from(n));
            let gap = sum / f64::from(n) - moment;
            assert!(gap.abs() < 5.0 * error, "moment {}: {gap:e} from {moment}, with a standard error of {error:e}", i + 1);
        }
    }

    #[test]
    fn unit_is_uniform() {
        let mut random = Stream::new(&[1]);
        // Moments 1/(k+1), of which the variance is 1/(2k+1) − 1/(k+1)².
        assert_moments(
            || random.unit(),
            [1.0, 2.0, 3.0, 4.0].map(|k| (1.0 / (k + 1.0), 1.0 / (2.0 * k + 1.0) - 1.0 / ((k + 1.0) * (k + 1.0)))),
        );
        assert_moments(|| random.uniform(-3.0, -2.0) + 3.0, [1.0, 2.0, 3.0, 4.0].map(|k| (1.0 / (k + 1.0), 0.1)));
    }

    #[test]
    fn normal_has_the_moments_of_the_normal_distribution() {
        let mut random = Stream::new(&[2]);
        // Moments 0, 1, 0, 3; the variances of xᵏ follow from those of 2k: 1, 3 − 1, 15, 105 − 9.
        assert_moments(|| random.normal(), [(0.0, 1.0), (1.0, 2.0), (0.0, 15.0), (3.0, 96.0)]);
        let mut previous = random.normal();
        assert_moments(
            || {
                let next = random.normal();
                core::mem::replace(&mut previous, next) * next
            },
            [(0.0, 1.0), (1.0, 8.0), (0.0, 225.0), (9.0, 11_000.0)],
        );
    }

    #[test]
    fn every_order_is_equally_likely() {
        let mut counts = [0_u32; 24];
        let mut random = Stream::new(&[3]);
        for _ in 0..240_000 {
            let mut order = [0_usize, 1, 2, 3];
            random.shuffle(&mut order);
            // The number of the order: how many of the later ones are smaller, in a mixed base.
            let smaller = |i: usize| order[i + 1..].iter().filter(|later| **later < order[i]).count();
            counts[smaller(0) * 6 + smaller(1) * 2 + smaller(2)] += 1;
        }
        let chi_squared: f64 = counts.iter().map(|count| (f64::from(*count) - 1e4) * (f64::from(*count) - 1e4) / 1e4).sum();
        assert!(chi_squared < 49.7, "{chi_squared}: a fair shuffle stays below in 999 of 1000 tests");
        assert!(chi_squared > 7.5, "{chi_squared}: too even to be random");
    }

    #[test]
    fn below_has_no_bias_where_a_remainder_would() {
        // With 3 · 2³⁰, a plain remainder gives the lower third twice as often.
        let mut random = Stream::new(&[4]);
        let n = 100_000;
        let low = (0..n).filter(|_| random.below(3 << 30) < 1 << 30).count();
        assert!(low.abs_diff(n / 3) < 750, "{low} of {n} in the lower third");
        assert_eq!(random.below(0), 0);
        assert_eq!(random.below(1), 0);
    }

    #[test]
    fn neighbouring_keys_are_independent() {
        // The correlation of the first numbers of neighbouring seeds, steps and samples.
        let unit = |key: &[u64]| Stream::new(key).unit() - 0.5;
        let n = 100_000;
        for part in 0..3 {
            let mut sum = 0.0;
            for i in 0..n {
                let mut key = [1, 2, 3];
                key[part] = i;
                let first = unit(&key);
                key[part] += 1;
                sum += first * unit(&key);
            }
            let error = std::primitive::f64::sqrt(n as f64) / 12.0;
            assert!(sum.abs() < 5.0 * error, "part {part} of the key: {sum}");
        }
    }
}
