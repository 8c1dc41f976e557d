//! What the loops of dense layers do with whole groups of four numbers.
//!
//! Twice: in Rust, and for microcontrollers with an `f32` unit (Cortex-M4F and its successors) in their own instructions, which read and write
//! four registers at a time; the compiler takes one instruction for each number. `vmla` rounds the product before it adds: the bits are those
//! of the loops in Rust.

/// Whether this target has them in instructions of its own, which for dense layers beat what the compiler makes of the layers' unrolled loops.
pub const IS_FASTEST: bool = cfg!(all(target_arch = "arm", target_abi = "eabihf", target_os = "none"));

/// The total of four partial sums of `w · x` over `groups` of four, and where `x` goes on; `w` moves there too.
///
/// SAFETY: both have four times `groups` numbers.
#[cfg(not(all(target_arch = "arm", target_abi = "eabihf", target_os = "none")))]
#[inline(always)]
pub(super) unsafe fn dot(groups: usize, w: &mut *const f32, mut x: *const f32) -> (f32, *const f32) {
    let (mut a, mut b, mut c, mut d) = (0.0, 0.0, 0.0, 0.0);
    for _ in 0..groups {
        // SAFETY: as above.
        unsafe {
            a += **w * *x;
            b += *w.add(1) * *x.add(1);
            c += *w.add(2) * *x.add(2);
            d += *w.add(3) * *x.add(3);
            (*w, x) = (w.add(4), x.add(4));
        }
    }
    ((a + c) + (b + d), x)
}

/// As above.
///
/// SAFETY: as above.
#[cfg(all(target_arch = "arm", target_abi = "eabihf", target_os = "none"))]
#[inline(always)]
pub(super) unsafe fn dot(groups: usize, w: &mut *const f32, mut x: *const f32) -> (f32, *const f32) {
    let mut total = 0_u32;
    if groups > 0 {
        // SAFETY: reads four numbers of each in every round.
        unsafe {
            core::arch::asm!(
                "vmov s8, {total}",
                "vmov s9, {total}",
                "vmov s10, {total}",
                "vmov s11, {total}",
                "2:",
                "vldmia {w}!, {{s0-s3}}",
                "vldmia {x}!, {{s4-s7}}",
                "subs {n}, #1",
                "vmla.f32 s8, s0, s4",
                "vmla.f32 s9, s1, s5",
                "vmla.f32 s10, s2, s6",
                "vmla.f32 s11, s3, s7",
                "bne 2b",
                "vadd.f32 s8, s8, s10",
                "vadd.f32 s9, s9, s11",
                "vadd.f32 s8, s8, s9",
                "vmov {total}, s8",
                w = inout(reg) *w,
                x = inout(reg) x,
                n = inout(reg) groups => _,
                total = inout(reg) total,
                out("s0") _, out("s1") _, out("s2") _, out("s3") _, out("s4") _, out("s5") _,
                out("s6") _, out("s7") _, out("s8") _, out("s9") _, out("s10") _, out("s11") _,
                options(readonly, nostack),
            );
        }
    }
    (f32::from_bits(total), x)
}

/// `y += a x` for `groups` of four; where both go on.
///
/// SAFETY: both have four times `groups` numbers.
#[cfg(not(all(target_arch = "arm", target_abi = "eabihf", target_os = "none")))]
#[inline(always)]
pub(super) unsafe fn add_scaled(groups: usize, mut y: *mut f32, mut x: *const f32, a: f32) -> (*mut f32, *const f32) {
    for _ in 0..groups {
        // SAFETY: as above.
        unsafe {
            for i in 0..4 {
                *y.add(i) += a * *x.add(i);
            }
            (y, x) = (y.add(4), x.add(4));
        }
    }
    (y, x)
}

/// As above.
///
/// SAFETY: as above.
#[cfg(all(target_arch = "arm", target_abi = "eabihf", target_os = "none"))]
#[inline(always)]
pub(super) unsafe fn add_scaled(groups: usize, mut y: *mut f32, mut x: *const f32, a: f32) -> (*mut f32, *const f32) {
    if groups > 0 {
        // SAFETY: reads four numbers of each in every round, and writes those of `y`.
        unsafe {
            core::arch::asm!(
                "vmov s8, {a}",
                "2:",
                "vldmia {x}!, {{s4-s7}}",
                "vldmia {y}, {{s0-s3}}",
                "subs {n}, #1",
                "vmla.f32 s0, s8, s4",
                "vmla.f32 s1, s8, s5",
                "vmla.f32 s2, s8, s6",
                "vmla.f32 s3, s8, s7",
                "vstmia {y}!, {{s0-s3}}",
                "bne 2b",
                y = inout(reg) y,
                x = inout(reg) x,
                n = inout(reg) groups => _,
                a = in(reg) a.to_bits(),
                out("s0") _, out("s1") _, out("s2") _, out("s3") _, out("s4") _, out("s5") _, out("s6") _, out("s7") _, out("s8") _,
                options(nostack),
            );
        }
    }
    (y, x)
}

/// `sums += x y`, number by number, for `groups` of four.
///
/// SAFETY: all have four times `groups` numbers.
#[cfg(not(all(target_arch = "arm", target_abi = "eabihf", target_os = "none")))]
#[inline(always)]
pub(super) unsafe fn add_products(groups: usize, sums: *mut f32, x: *const f32, y: *const f32) {
    for i in 0..4 * groups {
        // SAFETY: as above.
        unsafe { *sums.add(i) += *y.add(i) * *x.add(i) }
    }
}

/// As above.
///
/// SAFETY: as above.
#[cfg(all(target_arch = "arm", target_abi = "eabihf", target_os = "none"))]
#[inline(always)]
pub(super) unsafe fn add_products(groups: usize, sums: *mut f32, x: *const f32, y: *const f32) {
    if groups > 0 {
        // SAFETY: reads four numbers of each in every round, and writes those of `sums`.
        unsafe {
            core::arch::asm!(
                "2:",
                "vldmia {x}!, {{s4-s7}}",
                "vldmia {y}!, {{s8-s11}}",
                "vldmia {sums}, {{s0-s3}}",
                "subs {n}, #1",
                "vmla.f32 s0, s4, s8",
                "vmla.f32 s1, s5, s9",
                "vmla.f32 s2, s6, s10",
                "vmla.f32 s3, s7, s11",
                "vstmia {sums}!, {{s0-s3}}",
                "bne 2b",
                x = inout(reg) x => _,
                y = inout(reg) y => _,
                sums = inout(reg) sums => _,
                n = inout(reg) groups => _,
                out("s0") _, out("s1") _, out("s2") _, out("s3") _, out("s4") _, out("s5") _,
                out("s6") _, out("s7") _, out("s8") _, out("s9") _, out("s10") _, out("s11") _,
                options(nostack),
            );
        }
    }
}
