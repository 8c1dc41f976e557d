//! AVX-512: 16 numbers a register, 32 registers, masks for remainders.
#![allow(unsafe_code, reason = "intrinsics; the token proves that the processor has them, the callers that the pointers are valid")]

use core::arch::x86_64::{
    __m512, __mmask16, _CMP_EQ_OQ, _CMP_GT_OQ, _CMP_UNORD_Q, _mm_loadu_ps, _mm_mask_storeu_epi8, _mm_maskz_loadu_epi8, _mm512_add_ps,
    _mm512_castpd_ps, _mm512_castps_pd, _mm512_castps128_ps512, _mm512_cmp_ps_mask, _mm512_cvtepi32_epi8, _mm512_cvtepi32_ps,
    _mm512_cvtepu8_epi32, _mm512_cvttps_epi32, _mm512_fmadd_ps, _mm512_insertf32x4, _mm512_loadu_ps, _mm512_mask_mov_ps,
    _mm512_mask_storeu_ps, _mm512_maskz_loadu_ps, _mm512_maskz_mov_ps, _mm512_max_ps, _mm512_permutex2var_ps, _mm512_reduce_add_ps,
    _mm512_set1_ps, _mm512_setr_epi32, _mm512_setzero_ps, _mm512_shuffle_f32x4, _mm512_storeu_ps, _mm512_unpackhi_pd, _mm512_unpackhi_ps,
    _mm512_unpacklo_pd, _mm512_unpacklo_ps,
};

use super::Avx2;
use super::methods::{compiled, methods, simd};
use crate::kernel::Lanes;

/// A processor with AVX-512 (F, BW, DQ, VL), AVX2 and FMA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Avx512(());

impl Avx512 {
    /// The token, where the processor has it.
    #[inline]
    pub(super) fn detect() -> Option<Self> {
        let has = std::arch::is_x86_feature_detected!("avx512f")
            && std::arch::is_x86_feature_detected!("avx512bw")
            && std::arch::is_x86_feature_detected!("avx512dq")
            && std::arch::is_x86_feature_detected!("avx512vl")
            && std::arch::is_x86_feature_detected!("avx2")
            && std::arch::is_x86_feature_detected!("fma");
        has.then_some(Self(()))
    }
}

simd!(Avx512, features = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma");

const fn mask(n: usize) -> __mmask16 {
    if n >= 16 { !0 } else { (1 << n) - 1 }
}

impl Avx512 {
    /// As [`Lanes::transpose`], which compiles it for whole blocks, and for all others.
    ///
    /// # Safety
    /// As of [`Lanes::transpose`].
    #[inline(always)]
    unsafe fn block(self, [rows, columns, width]: [usize; 3], from: *const f32, from_row: usize, to: *mut f32, to_row: usize) {
        unsafe {
            // `a[4 j + r]` holds, in quarter `q`, columns `4 j..4 j + 4` of row `4 q + r`; put together while it is loaded, where all of it exists.
            let mut a = [_mm512_setzero_ps(); 16];
            if rows == 16 && columns.is_multiple_of(4) {
                for (i, a) in a.iter_mut().enumerate() {
                    if i < columns {
                        let at = from.add(i / 4 * 4 + i % 4 * from_row);
                        *a = _mm512_castps128_ps512(_mm_loadu_ps(at));
                        *a = _mm512_insertf32x4::<1>(*a, _mm_loadu_ps(at.add(4 * from_row)));
                        *a = _mm512_insertf32x4::<2>(*a, _mm_loadu_ps(at.add(8 * from_row)));
                        *a = _mm512_insertf32x4::<3>(*a, _mm_loadu_ps(at.add(12 * from_row)));
                    }
                }
            } else {
                // Rows that are not there are read as no columns of the first: a mask over memory that is not there either would be slow.
                for r in 0..4 {
                    let mut four = [_mm512_setzero_ps(); 4];
                    for (q, row) in four.iter_mut().enumerate() {
                        let i = 4 * q + r;
                        let (count, i) = if i < rows { (columns, i) } else { (0, 0) };
                        *row = self.load_first(count, from.add(i * from_row));
                    }
                    let even = [_mm512_shuffle_f32x4::<0x88>(four[0], four[1]), _mm512_shuffle_f32x4::<0x88>(four[2], four[3])];
                    let odd = [_mm512_shuffle_f32x4::<0xdd>(four[0], four[1]), _mm512_shuffle_f32x4::<0xdd>(four[2], four[3])];
                    a[r] = _mm512_shuffle_f32x4::<0x88>(even[0], even[1]);
                    a[4 + r] = _mm512_shuffle_f32x4::<0x88>(odd[0], odd[1]);
                    a[8 + r] = _mm512_shuffle_f32x4::<0xdd>(even[0], even[1]);
                    a[12 + r] = _mm512_shuffle_f32x4::<0xdd>(odd[0], odd[1]);
                }
            }
            // Each quarter is a block of 4 × 4 to be transposed in itself.
            for a in a.as_chunks_mut::<4>().0 {
                let low = [_mm512_castps_pd(_mm512_unpacklo_ps(a[0], a[1])), _mm512_castps_pd(_mm512_unpacklo_ps(a[2], a[3]))];
                let high = [_mm512_castps_pd(_mm512_unpackhi_ps(a[0], a[1])), _mm512_castps_pd(_mm512_unpackhi_ps(a[2], a[3]))];
                a[0] = _mm512_castpd_ps(_mm512_unpacklo_pd(low[0], low[1]));
                a[1] = _mm512_castpd_ps(_mm512_unpackhi_pd(low[0], low[1]));
                a[2] = _mm512_castpd_ps(_mm512_unpacklo_pd(high[0], high[1]));
                a[3] = _mm512_castpd_ps(_mm512_unpackhi_pd(high[0], high[1]));
            }
            if columns == 16 && width == 16 {
                for (i, a) in a.iter().enumerate() {
                    self.store(*a, to.add(i * to_row));
                }
            } else {
                for (i, a) in a.iter().enumerate() {
                    if i < columns {
                        self.store_first(width, *a, to.add(i * to_row));
                    }
                }
            }
        }
    }
}

// SAFETY (of every block): the token proves the processor's features; pointers are valid for what is read or written, as `Lanes` demands.
impl Lanes for Avx512 {
    const REGISTERS: usize = 32;
    const LANES: usize = 16;
    const ADDS_HALVES_FIRST: bool = true;
    type V = __m512;
    type Narrow = Avx2;

    #[inline(always)]
    fn narrow(self) -> Avx2 {
        Avx2::of(self)
    }

    compiled!(apart, inline(never), features = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma");

    methods! { __m512:
        splat(x) = _mm512_set1_ps(x);
        load(from) = _mm512_loadu_ps(from);
        load_first(n, from) = _mm512_maskz_loadu_ps(mask(n), from);
        load_upper(from) = _mm512_maskz_loadu_ps(!mask(8), from.wrapping_sub(8));
        store(v, to) = _mm512_storeu_ps(to, v);
        store_first(n, v, to) = _mm512_mask_storeu_ps(to, mask(n), v);
        multiply_add(a, b, c) = _mm512_fmadd_ps(a, b, c);
        add(a, b) = _mm512_add_ps(a, b);
        at_least(floor, v) = _mm512_max_ps(floor, v);
        sum(v) = _mm512_reduce_add_ps(v);
        where_equal(a, b, v) = _mm512_maskz_mov_ps(_mm512_cmp_ps_mask::<_CMP_EQ_OQ>(a, b), v);
    }

    #[inline(always)]
    fn sums(self, register: impl Fn(usize) -> __m512) -> __m512 {
        unsafe {
            // Pairs of registers, then fours: quarter `q` of `c[i]` holds what is to be added up of register `4 q + i`.
            let mut b = [_mm512_setzero_ps(); 8];
            for (i, b) in b.iter_mut().enumerate() {
                let (x, y) = (register(i % 4 + i / 4 * 8), register(i % 4 + i / 4 * 8 + 4));
                *b = _mm512_add_ps(_mm512_shuffle_f32x4::<0x44>(x, y), _mm512_shuffle_f32x4::<0xee>(x, y));
            }
            let mut c = [_mm512_setzero_ps(); 4];
            for (i, c) in c.iter_mut().enumerate() {
                *c = _mm512_add_ps(_mm512_shuffle_f32x4::<0x88>(b[i], b[i + 4]), _mm512_shuffle_f32x4::<0xdd>(b[i], b[i + 4]));
            }
            let mut d = [_mm512_setzero_ps(); 2];
            for (i, d) in d.iter_mut().enumerate() {
                *d = _mm512_add_ps(_mm512_unpacklo_ps(c[2 * i], c[2 * i + 1]), _mm512_unpackhi_ps(c[2 * i], c[2 * i + 1]));
            }
            let (low, high) = (_mm512_castps_pd(d[0]), _mm512_castps_pd(d[1]));
            _mm512_add_ps(_mm512_castpd_ps(_mm512_unpacklo_pd(low, high)), _mm512_castpd_ps(_mm512_unpackhi_pd(low, high)))
        }
    }
    // A function of its own, so that its many cases are compiled once, and not for each kernel.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]
    unsafe fn transpose(self, rows: usize, columns: usize, width: usize, from: *const f32, from_row: usize, to: *mut f32, to_row: usize) {
        let (size, whole) = ([rows, columns, width], [16; 3]);
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
    unsafe fn load_pairs_first(self, n: usize, from: *const f32) -> (__m512, __m512) {
        unsafe {
            let (low, high) = (self.load_first(2 * n, from), self.load_first((2 * n).saturating_sub(16), from.wrapping_add(16)));
            let even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
            let odd = _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
            (_mm512_permutex2var_ps(low, even, high), _mm512_permutex2var_ps(low, odd, high))
        }
    }
    #[inline(always)]
    unsafe fn store_pairs_first(self, n: usize, (a, b): (__m512, __m512), to: *mut f32) {
        unsafe {
            let low = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
            let high = _mm512_setr_epi32(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
            self.store_first(2 * n, _mm512_permutex2var_ps(a, low, b), to);
            self.store_first((2 * n).saturating_sub(16), _mm512_permutex2var_ps(a, high, b), to.wrapping_add(16));
        }
    }
    #[inline(always)]
    unsafe fn load_bytes_first(self, n: usize, from: *const u8) -> __m512 {
        unsafe { _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(mask(n), from.cast()))) }
    }
    #[inline(always)]
    unsafe fn store_bytes_first(self, n: usize, v: __m512, to: *mut u8) {
        unsafe { _mm_mask_storeu_epi8(to.cast(), mask(n), _mm512_cvtepi32_epi8(_mm512_cvttps_epi32(v))) }
    }
    #[inline(always)]
    fn larger(self, (x, mark): (__m512, __m512), (best, best_mark): (__m512, __m512)) -> (__m512, __m512) {
        unsafe {
            let larger = _mm512_cmp_ps_mask::<_CMP_GT_OQ>(x, best) | _mm512_cmp_ps_mask::<_CMP_UNORD_Q>(x, x);
            (_mm512_mask_mov_ps(best, larger, x), _mm512_mask_mov_ps(best_mark, larger, mark))
        }
    }
    #[inline(always)]
    fn largest(self, of: &[__m512; 4]) -> __m512 {
        unsafe {
            let largest = _mm512_max_ps(_mm512_max_ps(of[0], of[1]), _mm512_max_ps(of[2], of[3]));
            // An instruction that meets NaN gives either operand.
            let nan = _mm512_cmp_ps_mask::<_CMP_UNORD_Q>(of[0], of[1]) | _mm512_cmp_ps_mask::<_CMP_UNORD_Q>(of[2], of[3]);
            _mm512_mask_mov_ps(largest, nan, self.splat(f32::NAN))
        }
    }
}
