//! NEON: 4 numbers a register, 32 registers.
#![allow(unsafe_code, reason = "intrinsics; the token proves that the processor has them, the callers that the pointers are valid")]

use core::arch::aarch64::{
    float32x4_t, vaddq_f32, vaddvq_f32, vandq_u32, vbslq_f32, vceqq_f32, vcgtq_f32, vcombine_f32, vcombine_u16, vcvtq_f32_u32,
    vcvtq_u32_f32, vdup_n_f32, vdupq_n_f32, vfmaq_f32, vget_high_f32, vget_low_f32, vget_low_u16, vld1_f32, vld1_lane_f32, vld1_u8,
    vld1q_f32, vmaxq_f32, vmovl_u8, vmovl_u16, vmovn_u16, vmovn_u32, vmvnq_u32, vorrq_u32, vpaddq_f32, vreinterpretq_f32_f64,
    vreinterpretq_f32_u32, vreinterpretq_f64_f32, vreinterpretq_u32_f32, vst1_f32, vst1_lane_f32, vst1_u8, vst1q_f32, vtrn1q_f32,
    vtrn2q_f32, vuzp1q_f32, vuzp2q_f32, vzip1q_f32, vzip1q_f64, vzip2q_f32, vzip2q_f64,
};

use super::methods::{compiled, methods, simd};
use crate::kernel::Lanes;

/// A 64-bit ARM processor with NEON, as all are that run an operating system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Neon(());

impl Neon {
    /// The token, where the processor has it.
    #[inline]
    pub(super) fn detect() -> Option<Self> {
        std::arch::is_aarch64_feature_detected!("neon").then_some(Self(()))
    }
}

// No function has to be marked, as for extensions of x86-64.
simd!(Neon);

// There are no masked loads and stores, so a remainder is moved in halves and single numbers: nothing behind it is touched.
// SAFETY (of every block): the token proves the processor's features; pointers are valid for what is read or written, as `Lanes` demands.
impl Lanes for Neon {
    const REGISTERS: usize = 32;
    const LANES: usize = 4;
    const ADDS_HALVES_FIRST: bool = false;
    type V = float32x4_t;
    type Narrow = Self;

    #[inline(always)]
    fn narrow(self) -> Self {
        self
    }

    compiled!(apart, inline(never));

    methods! { float32x4_t:
        splat(x) = vdupq_n_f32(x);
        load(from) = vld1q_f32(from);
        load_upper(from) = vcombine_f32(vdup_n_f32(0.0), vld1_f32(from));
        store(v, to) = vst1q_f32(to, v);
        multiply_add(a, b, c) = vfmaq_f32(c, a, b);
        add(a, b) = vaddq_f32(a, b);
        at_least(floor, v) = vbslq_f32(vcgtq_f32(floor, v), floor, v);
        sum(v) = vaddvq_f32(v);
        where_equal(a, b, v) = vreinterpretq_f32_u32(vandq_u32(vceqq_f32(a, b), vreinterpretq_u32_f32(v)));
    }

    #[inline(always)]
    unsafe fn load_first(self, n: usize, from: *const f32) -> float32x4_t {
        unsafe {
            let zero = vdup_n_f32(0.0);
            match n {
                0 => vcombine_f32(zero, zero),
                1 => vcombine_f32(vld1_lane_f32::<0>(from, zero), zero),
                2 => vcombine_f32(vld1_f32(from), zero),
                3 => vcombine_f32(vld1_f32(from), vld1_lane_f32::<0>(from.add(2), zero)),
                _ => vld1q_f32(from),
            }
        }
    }
    #[inline(always)]
    unsafe fn store_first(self, n: usize, v: float32x4_t, to: *mut f32) {
        unsafe {
            match n {
                0 => {}
                1 => vst1_lane_f32::<0>(to, vget_low_f32(v)),
                2 => vst1_f32(to, vget_low_f32(v)),
                3 => {
                    vst1_f32(to, vget_low_f32(v));
                    vst1_lane_f32::<0>(to.add(2), vget_high_f32(v));
                }
                _ => vst1q_f32(to, v),
            }
        }
    }
    #[inline(always)]
    fn sums(self, register: impl Fn(usize) -> float32x4_t) -> float32x4_t {
        unsafe { vpaddq_f32(vpaddq_f32(register(0), register(1)), vpaddq_f32(register(2), register(3))) }
    }
    #[inline(always)]
    unsafe fn transpose(self, rows: usize, columns: usize, width: usize, from: *const f32, from_row: usize, to: *mut f32, to_row: usize) {
        unsafe {
            let mut a = [vdupq_n_f32(0.0); 4];
            if rows == 4 && columns == 4 {
                for (i, a) in a.iter_mut().enumerate() {
                    *a = self.load(from.add(i * from_row));
                }
            } else {
                // Rows that are not there are not read: the array stays in registers where nothing indexes it with a number of running time.
                for (i, a) in a.iter_mut().enumerate() {
                    *a = self.load_first(if i < rows { columns } else { 0 }, from.wrapping_add(i * from_row));
                }
            }
            // Even and odd columns of pairs of rows, then of all.
            let even = [vtrn1q_f32(a[0], a[1]), vtrn1q_f32(a[2], a[3])].map(|a| vreinterpretq_f64_f32(a));
            let odd = [vtrn2q_f32(a[0], a[1]), vtrn2q_f32(a[2], a[3])].map(|a| vreinterpretq_f64_f32(a));
            let b = [vzip1q_f64(even[0], even[1]), vzip1q_f64(odd[0], odd[1]), vzip2q_f64(even[0], even[1]), vzip2q_f64(odd[0], odd[1])]
                .map(|b| vreinterpretq_f32_f64(b));
            if columns == 4 && width == 4 {
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
    #[inline(always)]
    unsafe fn load_pairs_first(self, n: usize, from: *const f32) -> (float32x4_t, float32x4_t) {
        unsafe {
            let (low, high) = (self.load_first(n.min(2) * 2, from), self.load_first(n.saturating_sub(2) * 2, from.wrapping_add(4)));
            (vuzp1q_f32(low, high), vuzp2q_f32(low, high))
        }
    }
    #[inline(always)]
    unsafe fn store_pairs_first(self, n: usize, (a, b): (float32x4_t, float32x4_t), to: *mut f32) {
        unsafe {
            self.store_first(n.min(2) * 2, vzip1q_f32(a, b), to);
            self.store_first(n.saturating_sub(2) * 2, vzip2q_f32(a, b), to.wrapping_add(4));
        }
    }
    #[inline(always)]
    unsafe fn load_bytes_first(self, n: usize, from: *const u8) -> float32x4_t {
        unsafe {
            let mut bytes = [0_u8; 8];
            // A copy of known length is one instruction.
            if n == 4 {
                core::ptr::copy_nonoverlapping(from, bytes.as_mut_ptr(), 4);
            } else {
                core::ptr::copy_nonoverlapping(from, bytes.as_mut_ptr(), n);
            }
            vcvtq_f32_u32(vmovl_u16(vget_low_u16(vmovl_u8(vld1_u8(bytes.as_ptr())))))
        }
    }
    #[inline(always)]
    unsafe fn store_bytes_first(self, n: usize, v: float32x4_t, to: *mut u8) {
        unsafe {
            let words = vmovn_u32(vcvtq_u32_f32(v));
            let mut bytes = [0_u8; 8];
            vst1_u8(bytes.as_mut_ptr(), vmovn_u16(vcombine_u16(words, words)));
            if n == 4 {
                core::ptr::copy_nonoverlapping(bytes.as_ptr(), to, 4);
            } else {
                core::ptr::copy_nonoverlapping(bytes.as_ptr(), to, n);
            }
        }
    }
    #[inline(always)]
    fn larger(self, (x, mark): (float32x4_t, float32x4_t), (best, best_mark): (float32x4_t, float32x4_t)) -> (float32x4_t, float32x4_t) {
        unsafe {
            let larger = vorrq_u32(vcgtq_f32(x, best), vmvnq_u32(vceqq_f32(x, x)));
            (vbslq_f32(larger, x, best), vbslq_f32(larger, mark, best_mark))
        }
    }
    #[inline(always)]
    fn largest(self, of: &[float32x4_t; 4]) -> float32x4_t {
        unsafe { vmaxq_f32(vmaxq_f32(of[0], of[1]), vmaxq_f32(of[2], of[3])) }
    }
}
