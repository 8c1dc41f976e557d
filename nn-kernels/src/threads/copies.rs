//! Copies that other cores' caches hold of a line.
//!
//! To read what another core wrote is fast. To write what another core has read since is not: each line has to be taken back from its
//! cache, a few at a time. Measured on two cores of one chip of an AMD EPYC (Zen 4): 80 GB/s and 8 GB/s; on two chips: 24 and 1.7 GB/s, so that a training
//! step on two threads took longer than on one. Whoever drops a line from all caches before writing it reads it from memory instead: 15 and 12.5
//! GB/s. Asking for the line to be written (`prefetchw`) ahead changes nothing.
//!
//! Activations and their gradients are dropped so, and the weights before an update. On two chips that takes a step on two threads from
//! 0.75 to 1.2 times (LeNet-5), and from 0.9 to 1.5 times (784-512-512-10), the speed of one. Where it pays, the trials of numbers of
//! threads find out ([`trial`](super::trial)).
#![allow(unsafe_code, reason = "there is no intrinsic for the instruction")]

#[cfg(target_arch = "x86_64")]
use core::arch::{asm, x86_64::__cpuid_count};
#[cfg(target_arch = "x86_64")]
use std::sync::LazyLock;

/// Bytes of a line.
#[cfg(target_arch = "x86_64")]
const LINE: usize = 64;

/// Whether this machine has an instruction for it.
#[cfg(target_arch = "x86_64")]
pub fn can_drop_copies() -> bool {
    // `clflushopt`: bit 23 of EBX of leaf 7. The standard library's names of features do not include it.
    static CAN: LazyLock<bool> = LazyLock::new(|| std::arch::is_x86_feature_detected!("avx2") && __cpuid_count(7, 0).ebx & (1 << 23) != 0);
    *CAN
}

/// Whether this machine has an instruction for it.
#[cfg(not(target_arch = "x86_64"))]
pub fn can_drop_copies() -> bool {
    false
}

/// Takes what lies here out of all caches, this core's too; its value stays. For what is written next.
#[cfg_attr(not(target_arch = "x86_64"), allow(unused_variables, reason = "no instruction for it"))]
pub fn drop_copies<T>(values: &mut [T]) {
    #[cfg(target_arch = "x86_64")]
    if !values.is_empty() && can_drop_copies() {
        let (begin, bytes) = (values.as_mut_ptr().cast::<u8>(), size_of_val(values));
        let first = begin.addr() % LINE;
        for line in (0..first + bytes).step_by(LINE) {
            // SAFETY: the processor has it; it reads and writes nothing that the language knows of, at any address in a line with values.
            unsafe { asm!("clflushopt [{}]", in(reg) begin.wrapping_add(line).wrapping_sub(first), options(nostack, preserves_flags)) };
        }
        // SAFETY: as above. The lines are gone when it is over, else a write that comes first would bring them back to be dropped.
        unsafe { asm!("sfence", options(nostack, preserves_flags)) };
    }
}

#[cfg(test)]
mod tests {
    use super::drop_copies;
    use std::vec::Vec;

    #[test]
    fn values_stay() {
        for n in [0, 1, 15, 16, 17, 1000] {
            let mut values: Vec<usize> = (0..n).collect();
            drop_copies(&mut values);
            assert!(values.iter().copied().eq(0..n));
        }
    }
}
