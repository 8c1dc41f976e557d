//! What the core can do at this moment: about a millisecond of multiply-adds in registers.

use std::hint::black_box;
use std::time::Instant;

/// Sums that do not depend on each other: more than enough to hide the latency of 4 cycles in two units, few enough for 16 registers.
const SUMS: usize = 12;
/// Multiply-adds of each sum.
const ROUNDS: u32 = 300_000;

/// Gflop/s of AVX-512 multiply-adds on this thread (a multiply-add counts as 2); 0 where the processor has none.
pub fn gflops() -> f64 {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx512f") {
        let start = Instant::now();
        // SAFETY: the processor has the feature.
        #[allow(unsafe_code, reason = "calls a function for an instruction set that was found")]
        black_box(unsafe { spin() });
        return f64::from(ROUNDS) * SUMS as f64 * 16.0 * 2.0 / start.elapsed().as_secs_f64() / 1e9;
    }
    0.0
}

/// The best of a few.
pub fn best_gflops() -> f64 {
    (0..50).map(|_| gflops()).fold(0.0, f64::max)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn spin() -> f32 {
    use std::arch::x86_64::{_mm512_fmadd_ps, _mm512_reduce_add_ps, _mm512_set1_ps};
    let factor = _mm512_set1_ps(black_box(0.999_999));
    let term = _mm512_set1_ps(black_box(1e-6));
    let mut sums = [_mm512_set1_ps(black_box(1.0)); SUMS];
    for sum in &mut sums {
        *sum = _mm512_fmadd_ps(*sum, factor, _mm512_set1_ps(black_box(0.5)));
    }
    for _ in 0..ROUNDS {
        for sum in &mut sums {
            *sum = _mm512_fmadd_ps(*sum, factor, term);
        }
    }
    sums.iter().map(|sum| _mm512_reduce_add_ps(*sum)).sum()
}
