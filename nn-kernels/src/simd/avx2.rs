//! AVX2 with FMA: 8 numbers a register, 16 registers.
#![allow(unsafe_code, reason = "intrinsics; the token proves that the processor has them, the callers that the pointers are valid")]

use core::arch::x86_64::{
    __m256, __m256i, _CMP_EQ_OQ, _CMP_GT_OQ, _CMP_UNORD_Q, _mm_add_ps, _mm_add_ss, _mm_cvtsi64_si128, _mm_cvtsi128_si64, _mm_cvtss_f32,
    _mm_loadu_ps, _mm_movehdup_ps, _mm_movehl_ps, _mm_packus_epi16, _mm_packus_epi32, _mm256_add_ps, _mm256_and_ps, _mm256_blendv_ps,
    _mm256_castpd_ps, _mm256_castps_pd, _mm256_castps256_ps128, _mm256_castsi256_si128, _mm256_cmp_ps, _mm256_cmpgt_epi32,
    _mm256_cvtepi32_ps, _mm256_cvtepu8_epi32, _mm256_cvttps_epi32, _mm256_extractf128_ps, _mm256_extracti128_si256, _mm256_fmadd_ps,
    _mm256_insertf128_ps, _mm256_loadu_ps, _mm256_maskload_ps, _mm256_maskstore_ps, _mm256_max_ps, _mm256_or_ps, _mm256_permute2f128_ps,
    _mm256_permute4x64_pd, _mm256_set1_epi32, _mm256_set1_ps, _mm256_setr_epi32, _mm256_setzero_ps, _mm256_shuffle_ps, _mm256_storeu_ps,
    _mm256_unpackhi_pd, _mm256_unpackhi_ps, _mm256_unpacklo_pd, _mm256_unpacklo_ps,
};

use super::Avx512;
use super::methods::{compiled, methods, simd};
use crate::kernel::Lanes;

/// A processor with AVX2 and FMA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Avx2(());

impl Avx2 {
    /// A processor with AVX-512 has both.
    #[inline(always)]
    pub(super) fn of(_: Avx512) -> Self {
        Self(())
    }

    /// The token, where the processor has it.
    #[inline]
    pub(super) fn detect() -> Option<Self> {
        (std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma")).then_some(Self(()))
    }
}

simd!(Avx2, features = "avx2,fma");

/// All bits of the first `n` lanes.
///
/// # Safety
/// The processor has AVX2.
#[inline(always)]
#[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "n is at most 8")]
unsafe fn mask(n: usize) -> __m256i {
    // SAFETY: the caller's.
    unsafe { _mm256_cmpgt_epi32(_mm256_set1_epi32(n as i32), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7)) }
}

// SAFETY (of every block): the token proves the processor's features; pointers are valid for what is read or written, as `Lanes` demands.
impl Avx2 {
    /// As [`Lanes::transpose`], which compiles it for whole blocks, and for all others.
    ///
    /// # Safety
    /// As of [`Lanes::transpose`].
    #[inline(always)]
    unsafe fn block(self, [rows, columns, width]: [usize; 3], from: *const f32, from_row: usize, to: *mut f32, to_row: usize) {
        unsafe {
            let mut a = [_mm256_setzero_ps(); 8];
            if rows == 8 && columns == 8 {
                for (i, a) in a.iter_mut().enumerate() {
                    *a = self.load(from.add(i * from_row));
                }
            } else {
                // Rows that are not there are read as no columns of the first: a mask over memory that is not there either would be slow.
                for (i, a) in a.iter_mut().enumerate() {
                    let (count, i) = if i < rows { (columns, i) } else { (0, 0) };
                    *a = self.load_first(count, from.add(i * from_row));
                }
            }
            // Pairs of rows, then fours: `a[4 i + j]` holds, in half `q`, column `4 q + j` of the rows from `4 i` on.
            let mut b = a;
            for i in 0..4 {
                b[2 * i] = _mm256_unpacklo_ps(a[2 * i], a[2 * i + 1]);
                b[2 * i + 1] = _mm256_unpackhi_ps(a[2 * i], a[2 * i + 1]);
            }
            for i in 0..2 {
                for j in 0..2 {
                    let (low, high) = (_mm256_castps_pd(b[4 * i + j]), _mm256_castps_pd(b[4 * i + 2 + j]));
                    a[4 * i + 2 * j] = _mm256_castpd_ps(_mm256_unpacklo_pd(low, high));
                    a[4 * i + 2 * j + 1] = _mm256_castpd_ps(_mm256_unpackhi_pd(low, high));
                }
            }
            for j in 0..4 {
                b[j] = _mm256_permute2f128_ps::<0x20>(a[j], a[4 + j]);
                b[4 + j] = _mm256_permute2f128_ps::<0x31>(a[j], a[4 + j]);
            }
            if columns == 8 && width == 8 {
                for (i, b) in b.iter().enumerate() {
                    self.store(*b, to.add(i * to_row));
                }
            } else {
                for (i, b) in b.iter().enumerate() {
                    if i < columns {
                        self.store_first(width, *b, to.add(i * to_row));
                    }
                }
            }
        }
    }
}

// SAFETY (of every block): as above.
impl Lanes for Avx2 {
    const REGISTERS: usize = 16;
    const LANES: usize = 8;
    const ADDS_HALVES_FIRST: bool = true;
    type V = __m256;
    type Narrow = Self;

    #[inline(always)]
    fn narrow(self) -> Self {
        self
    }

    compiled!(apart, inline(never), features = "avx2,fma");

    methods! { __m256:
        splat(x) = _mm256_set1_ps(x);
        load(from) = _mm256_loadu_ps(from);
        load_first(n, from) = _mm256_maskload_ps(from, mask(n));
        load_upper(from) = _mm256_insertf128_ps::<1>(_mm256_setzero_ps(), _mm_loadu_ps(from));
        store(v, to) = _mm256_storeu_ps(to, v);
        store_first(n, v, to) = _mm256_maskstore_ps(to, mask(n), v);
        multiply_add(a, b, c) = _mm256_fmadd_ps(a, b, c);
        add(a, b) = _mm256_add_ps(a, b);
        at_least(floor, v) = _mm256_max_ps(floor, v);
        where_equal(a, b, v) = _mm256_and_ps(_mm256_cmp_ps::<_CMP_EQ_OQ>(a, b), v);
    }

    #[inline(always)]
    fn sum(self, v: __m256) -> f32 {
        unsafe {
            let four = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps::<1>(v));
            let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
            _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)))
        }
    }
    #[inline(always)]
    fn sums(self, register: impl Fn(usize) -> __m256) -> __m256 {
        unsafe {
            // Pairs of registers: half `q` of `c[i]` holds what is to be added up of register `4 q + i`.
            let mut c = [_mm256_setzero_ps(); 4];
            for (i, c) in c.iter_mut().enumerate() {
                let (x, y) = (register(i), register(i + 4));
                *c = _mm256_add_ps(_mm256_permute2f128_ps::<0x20>(x, y), _mm256_permute2f128_ps::<0x31>(x, y));
            }
            let mut d = [_mm256_setzero_ps(); 2];
            for (i, d) in d.iter_mut().enumerate() {
                *d = _mm256_add_ps(_mm256_unpacklo_ps(c[2 * i], c[2 * i + 1]), _mm256_unpackhi_ps(c[2 * i], c[2 * i + 1]));
            }
            let (low, high) = (_mm256_castps_pd(d[0]), _mm256_castps_pd(d[1]));
            _mm256_add_ps(_mm256_castpd_ps(_mm256_unpacklo_pd(low, high)), _mm256_castpd_ps(_mm256_unpackhi_pd(low, high)))
        }
    }
    // A function of its own, so that its many cases are compiled once, and not for each kernel.
    #[target_feature(enable = "avx2,fma")]
    unsafe fn transpose(self, rows: usize, columns: usize, width: usize, from: *const f32, from_row: usize, to: *mut f32, to_row: usize) {
        let (size, whole) = ([rows, columns, width], [8; 3]);
        // SAFETY: the caller's.
        unsafe {
            if size == whole {
                self.block(whole, from, from_row, to, to_row);
            } else {
                self.block(size, from, from_row, to, to_row);
            }
        }
    }
    #[inline(always)]
    unsafe fn load_pairs_first(self, n: usize, from: *const f32) -> (__m256, __m256) {
        unsafe {
            let (low, high) = (self.load_first(n.min(4) * 2, from), self.load_first(n.saturating_sub(4) * 2, from.wrapping_add(8)));
            let (even, odd) = (_mm256_shuffle_ps::<0x88>(low, high), _mm256_shuffle_ps::<0xdd>(low, high));
            // By halves of the register: the middle quarters change places.
            let sort = |v| _mm256_castpd_ps(_mm256_permute4x64_pd::<0xd8>(_mm256_castps_pd(v)));
            (sort(even), sort(odd))
        }
    }
    #[inline(always)]
    unsafe fn store_pairs_first(self, n: usize, (a, b): (__m256, __m256), to: *mut f32) {
        unsafe {
            let (even, odd) = (_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
            self.store_first(n.min(4) * 2, _mm256_permute2f128_ps::<0x20>(even, odd), to);
            self.store_first(n.saturating_sub(4) * 2, _mm256_permute2f128_ps::<0x31>(even, odd), to.wrapping_add(8));
        }
    }
    #[inline(always)]
    unsafe fn load_bytes_first(self, n: usize, from: *const u8) -> __m256 {
        unsafe {
            let mut bytes = [0_u8; 8];
            core::ptr::copy_nonoverlapping(from, bytes.as_mut_ptr(), n);
            _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_cvtsi64_si128(i64::from_le_bytes(bytes))))
        }
    }
    #[inline(always)]
    unsafe fn store_bytes_first(self, n: usize, v: __m256, to: *mut u8) {
        unsafe {
            let wide = _mm256_cvttps_epi32(v);
            let words = _mm_packus_epi32(_mm256_castsi256_si128(wide), _mm256_extracti128_si256::<1>(wide));
            let bytes = _mm_cvtsi128_si64(_mm_packus_epi16(words, words)).to_le_bytes();
            core::ptr::copy_nonoverlapping(bytes.as_ptr(), to, n);
        }
    }
    #[inline(always)]
    fn larger(self, (x, mark): (__m256, __m256), (best, best_mark): (__m256, __m256)) -> (__m256, __m256) {
        unsafe {
            let larger = _mm256_or_ps(_mm256_cmp_ps::<_CMP_GT_OQ>(x, best), _mm256_cmp_ps::<_CMP_UNORD_Q>(x, x));
            (_mm256_blendv_ps(best, x, larger), _mm256_blendv_ps(best_mark, mark, larger))
        }
    }
    #[inline(always)]
    fn largest(self, of: &[__m256; 4]) -> __m256 {
        unsafe {
            let largest = _mm256_max_ps(_mm256_max_ps(of[0], of[1]), _mm256_max_ps(of[2], of[3]));
            // An instruction that meets NaN gives either operand.
            let nan = _mm256_or_ps(_mm256_cmp_ps::<_CMP_UNORD_Q>(of[0], of[1]), _mm256_cmp_ps::<_CMP_UNORD_Q>(of[2], of[3]));
            _mm256_or_ps(largest, nan)
        }
    }
}
