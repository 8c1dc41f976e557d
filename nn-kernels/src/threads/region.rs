//! A region: some parts of one piece of work, taken one after the other by whoever comes.
//!
//! The thread that asks begins at once and calls others of rayon's pool to help; who comes takes the next part that nobody has begun. So
//! the caller never waits for a helper that sleeps, is busy, or never comes: it waits only for parts that somebody has begun, which run
//! without asking for anything. Where the caller belongs to no pool it is one of the threads, and one helper less is called.
//!
//! `rayon_core::join` and `scope` would do the same with a caller that sleeps and is woken, or that waits for each helper to have come: 6 µs
//! instead of 2 a region from outside of the pool, and 50 µs where its threads sleep. For that a helper must be able to come too late, so
//! it cannot borrow the work, as a scope lets it: hence the pointer.
#![allow(
    unsafe_code,
    reason = "helpers that come too late must find the region, whose caller has gone on: they do not look at the work any more"
)]

use core::any::Any;
use core::hint;
use core::sync::atomic::{AtomicUsize, Ordering};
use std::boxed::Box;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::vec::Vec;

/// How often to look, a few nanoseconds apart, before letting others run.
const LOOKS: u32 = 2000;

type Work<'a> = &'a (dyn Fn(usize) + Sync + 'a);

struct Region {
    /// Valid until all parts are finished.
    work: *const (dyn Fn(usize) + Sync),
    parts: usize,
    /// The next part that nobody has begun.
    next: AtomicUsize,
    finished: AtomicUsize,
    /// What the first part said that panicked.
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

// SAFETY: `work` points to what is `Sync`, and all else is.
unsafe impl Send for Region {}
// SAFETY: as above.
unsafe impl Sync for Region {}

impl Region {
    /// Takes parts until all are begun.
    fn help(&self) {
        loop {
            let part = self.next.fetch_add(1, Ordering::Relaxed);
            if part >= self.parts {
                return;
            }
            // SAFETY: `run` does not return before this part is counted as finished, below.
            let work = unsafe { &*self.work };
            if let Err(panic) = panic::catch_unwind(AssertUnwindSafe(|| work(part))) {
                self.panic.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(panic);
            }
            self.finished.fetch_add(1, Ordering::Release);
        }
    }
}

/// As many as the pool has: the one in which this thread is, else the whole program's.
pub(super) fn threads() -> usize {
    rayon_core::current_num_threads()
}

/// Calls `work` with every number below `parts`, on at most `threads` threads.
fn run(threads: usize, parts: usize, work: Work<'_>) {
    // SAFETY: only the lifetime is forgotten. `help` looks at the work for parts that it has taken, and this function returns when
    // all parts are taken and finished; nothing in between can unwind.
    #[allow(clippy::transmute_ptr_to_ptr, reason = "a cast does not lengthen the lifetime of what a pointer's trait object borrows")]
    let work = unsafe { core::mem::transmute::<*const (dyn Fn(usize) + Sync + '_), *const (dyn Fn(usize) + Sync + 'static)>(work) };
    let (next, finished) = (AtomicUsize::new(0), AtomicUsize::new(0));
    // Asks for the pool, which rayon cannot always make, before a helper knows of the work.
    let others = rayon_core::current_num_threads() - usize::from(rayon_core::current_thread_index().is_some());
    let region = Arc::new(Region { work, parts, next, finished, panic: Mutex::new(None) });
    for _ in 1..threads.min(parts).min(others + 1) {
        let region = Arc::clone(&region);
        rayon_core::spawn(move || region.help());
    }
    region.help();
    let mut looks = 0;
    while region.finished.load(Ordering::Acquire) < parts {
        if looks < LOOKS {
            looks += 1;
            hint::spin_loop();
        } else {
            thread::yield_now();
        }
    }
    if let Some(panic) = region.panic.lock().unwrap_or_else(PoisonError::into_inner).take() {
        panic::resume_unwind(panic);
    }
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
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::vec::Vec;

    #[test]
    fn every_part_is_made_once() {
        for threads in [1, 2, 3, 9] {
            for parts in [0, 1, 2, 3, 40] {
                for _ in 0..100 {
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
}
