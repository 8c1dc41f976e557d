//! A region: some parts of one piece of work, each made by one thread of a team.
//!
//! A team is the thread that asks and helpers from rayon's pool, each with a seat. Every seat has parts of its own, by their numbers, so that
//! in regions that are cut alike the same weights and samples meet the same thread, and are in its caches. Who is done with its own takes
//! what nobody has begun: the caller never waits for a helper that sleeps, is busy, or never comes, but only for parts that
//! somebody has begun, which run without asking for anything. Where the caller belongs to no pool it is one of the threads, and one helper
//! less is called.
//!
//! A helper stays for a while after a region ([`LINGER`]), and mostly the next one begins before it goes: then a region costs as much as a
//! line of the cache takes there and back, 0.1 µs on one chip. To call a helper from the pool takes 2 µs, and 50 where it sleeps; so does
//! `rayon_core::join`, whose caller moreover sleeps and is woken. For that, helpers must be able to come too late, so they cannot
//! borrow the work, as a scope lets them: hence the pointer.
#![allow(
    unsafe_code,
    reason = "helpers outlive each region: they look at its work only between having taken a part and having finished it"
)]

use core::any::Any;
use core::cell::UnsafeCell;
use core::hint;
use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use core::time::Duration;
use std::boxed::Box;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;
use std::vec::Vec;

/// How often to look for parts to be finished before letting others run.
const LOOKS: u32 = 2000;

/// How often a helper looks for work before it lets others run, and asks what time it is.
const GLANCES: u32 = 32;

/// How long a helper stays when there is nothing to do: longer than what lies between two regions of a step, or two steps, takes mostly.
const LINGER: Duration = Duration::from_micros(100);

/// As many seats a team has, the caller's included.
const SEATS: usize = u64::BITS as usize;

type Work<'a> = &'a (dyn Fn(usize) + Sync + 'a);

/// What each thread has to do its regions with.
#[derive(Default)]
struct Team {
    /// Bit `i` is set while nobody has begun the parts `i`, `i + 64`, ….
    free: Line<AtomicU64>,
    /// Of these bits, how many stand for parts that are not finished.
    unfinished: Line<AtomicU32>,
    /// The work and its number of parts. The caller writes it while nothing is unfinished, and who has taken a part reads it.
    region: UnsafeCell<Option<(*const (dyn Fn(usize) + Sync), usize)>>,
    /// Whose turn it is: seats below this.
    threads: AtomicUsize,
    /// Bits of the helpers that are here, or called.
    helpers: AtomicU64,
    /// Whether the caller is within a region.
    busy: AtomicBool,
    /// Regions so far.
    begun: AtomicUsize,
    /// What the first part said that panicked.
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

/// On lines of the cache of its own: what one thread writes while another one looks.
#[derive(Default)]
#[repr(align(128))]
struct Line<T>(T);

// SAFETY: the pointer in `region` is to what is `Sync`, and all else is.
unsafe impl Send for Team {}
// SAFETY: as above; `region` is written by one thread, and not while others read it (see there).
unsafe impl Sync for Team {}

std::thread_local! {
    static TEAM: Arc<Team> = Arc::default();
}

/// As many as the pool has: the one in which this thread is, else the whole program's.
pub(super) fn threads() -> usize {
    rayon_core::current_num_threads()
}

/// How many regions this thread has asked for.
pub(super) fn begun() -> usize {
    TEAM.with(|team| team.begun.load(Ordering::Relaxed))
}

/// Calls `work` with every number below `parts`, on at most `threads` threads.
fn run(threads: usize, parts: usize, work: Work<'_>) {
    TEAM.with(|team| team.run(threads, parts, work));
}

impl Team {
    /// The caller's side of a region.
    fn run(self: &Arc<Self>, threads: usize, parts: usize, work: Work<'_>) {
        // Asks for the pool, which rayon cannot always make, before a helper knows of the work.
        let others = rayon_core::current_num_threads() - usize::from(rayon_core::current_thread_index().is_some());
        if parts < 2 || self.busy.swap(true, Ordering::Relaxed) {
            // Part of a region itself.
            return (0..parts).for_each(work);
        }
        self.begun.fetch_add(1, Ordering::Relaxed);
        let threads = threads.min(parts).min(others + 1).min(SEATS);
        // SAFETY: only the lifetime is forgotten. The work is looked at for parts that have been taken, and this function returns when
        // all parts are taken and finished; nothing in between can unwind.
        #[allow(clippy::transmute_ptr_to_ptr, reason = "a cast does not lengthen the lifetime of what a pointer's trait object borrows")]
        let work = unsafe { core::mem::transmute::<*const (dyn Fn(usize) + Sync + '_), *const (dyn Fn(usize) + Sync + 'static)>(work) };
        // SAFETY: this thread's last region is finished, so nobody reads it.
        unsafe { *self.region.get() = Some((work, parts)) };
        self.threads.store(threads, Ordering::Relaxed);
        let bits = bits(parts);
        self.unfinished.0.store(bits.count_ones(), Ordering::Relaxed);
        self.free.0.store(bits, Ordering::Release);

        let wanted = self::bits(threads) & !1;
        let missing = wanted & !self.helpers.fetch_or(wanted, Ordering::Relaxed);
        for seat in (1..threads).filter(|seat| missing >> seat & 1 != 0) {
            let team = Arc::clone(self);
            rayon_core::spawn(move || team.help(seat));
        }
        while self.take(0) {}
        let mut looks = 0;
        while self.unfinished.0.load(Ordering::Acquire) > 0 {
            if looks < LOOKS {
                looks += 1;
                hint::spin_loop();
            } else {
                thread::yield_now();
            }
        }
        let panic = self.panic.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.busy.store(false, Ordering::Relaxed);
        if let Some(panic) = panic {
            panic::resume_unwind(panic);
        }
    }

    /// A helper's: all regions until none comes any more.
    fn help(&self, seat: usize) {
        let mut last = Instant::now();
        while last.elapsed() < LINGER {
            for _ in 0..GLANCES {
                if self.threads.load(Ordering::Relaxed) > seat && self.take(seat) {
                    last = Instant::now();
                } else {
                    hint::spin_loop();
                }
            }
            thread::yield_now();
        }
        self.helpers.fetch_and(!(1 << seat), Ordering::Relaxed);
    }

    /// Makes a part that nobody has begun, of the seat's own if there is one; whether there was any.
    fn take(&self, seat: usize) -> bool {
        let free = self.free.0.load(Ordering::Relaxed);
        if free == 0 {
            return false;
        }
        let threads = self.threads.load(Ordering::Relaxed).max(1);
        let own = (seat..SEATS).step_by(threads).map(|part| 1 << part).find(|part| free & part != 0);
        let bit = own.unwrap_or(free & free.wrapping_neg());
        if self.free.0.fetch_and(!bit, Ordering::Acquire) & bit == 0 {
            // Another one was faster.
            return true;
        }
        // SAFETY: the bit was this thread's to take, so that the region is not finished, and its caller wrote this before it set the bit.
        if let Some((work, parts)) = unsafe { *self.region.get() } {
            for part in (bit.trailing_zeros() as usize..parts).step_by(SEATS) {
                // SAFETY: `run` does not return before this part is counted as finished, below.
                let work = unsafe { &*work };
                if let Err(panic) = panic::catch_unwind(AssertUnwindSafe(|| work(part))) {
                    let mut first = self.panic.lock().unwrap_or_else(PoisonError::into_inner);
                    if first.is_none() {
                        *first = Some(panic);
                    } else {
                        // Dropping it runs code of whoever made it, which may panic: `run` would end before the other parts.
                        core::mem::forget(panic);
                    }
                }
            }
        }
        self.unfinished.0.fetch_sub(1, Ordering::Release);
        true
    }
}

/// So many bits, and no more than there are.
fn bits(count: usize) -> u64 {
    if count < SEATS { (1 << count) - 1 } else { u64::MAX }
}

/// Calls `work` with every part, on at most `threads` threads.
pub(super) fn each<P: Send>(threads: usize, parts: Vec<P>, work: &(dyn Fn(P) + Sync)) {
    let parts: Vec<_> = parts.into_iter().map(|part| Mutex::new(Some(part))).collect();
    run(threads, parts.len(), &|i| {
        if let Some(part) = parts[i].lock().unwrap_or_else(PoisonError::into_inner).take() {
            work(part);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::{each, run};
    use core::sync::atomic::{AtomicUsize, Ordering};
    use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
    use std::vec::Vec;

    #[test]
    fn every_part_is_made_once() {
        let rounds = if cfg!(miri) { 2 } else { 100 };
        for threads in [1, 2, 3, 9] {
            for parts in [0, 1, 2, 3, 40, 64, 65, 200] {
                for _ in 0..rounds {
                    let counts: Vec<_> = (0..parts).map(|_| AtomicUsize::new(0)).collect();
                    run(threads, parts, &|i| {
                        counts[i].fetch_add(1, Ordering::Relaxed);
                    });
                    assert!(counts.iter().all(|count| count.load(Ordering::Relaxed) == 1));
                }
            }
        }
    }

    #[test]
    fn parts_may_be_regions_and_pools_may_be_small() {
        let pool = rayon_core::ThreadPoolBuilder::new().num_threads(1).build().expect("one thread");
        let count = AtomicUsize::new(0);
        pool.install(|| {
            run(4, 4, &|_| {
                run(4, 4, &|_| {
                    count.fetch_add(1, Ordering::Relaxed);
                });
            });
        });
        assert_eq!(count.into_inner(), 16);
    }

    #[test]
    fn a_panic_reaches_the_caller_after_all_parts_have_ended() {
        for panicking in 0..4 {
            let ended = AtomicUsize::new(0);
            let outcome = catch_unwind(AssertUnwindSafe(|| {
                each(3, Vec::from([0, 1, 2, 3]), &|part| {
                    assert!(part != panicking, "part {part}");
                    ended.fetch_add(1, Ordering::Relaxed);
                });
            }));
            let message = outcome.expect_err("it panicked").downcast::<std::string::String>().expect("a message");
            assert_eq!(*message, std::format!("part {panicking}"));
            assert_eq!(ended.into_inner(), 3);
        }
    }

    #[test]
    fn what_a_part_panics_with_may_panic_too() {
        struct Bomb;
        impl Drop for Bomb {
            fn drop(&mut self) {
                panic!("dropped");
            }
        }
        let begun = AtomicUsize::new(0);
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            run(1, 4, &|_| {
                begun.fetch_add(1, Ordering::Relaxed);
                panic_any(Bomb);
            });
        }));
        core::mem::forget(outcome);
        assert_eq!(begun.into_inner(), 4);
    }
}
