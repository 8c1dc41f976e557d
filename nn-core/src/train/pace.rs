//! On how many threads the steps of a loop are made: as many as were asked for, else as many as are found to be fastest.

#[cfg(feature = "threads")]
use core::sync::atomic::{AtomicU64, Ordering};
#[cfg(feature = "threads")]
use core::time::Duration;

#[cfg(feature = "threads")]
use nn_kernels::threads::Trial;

use crate::Threads;
#[cfg(feature = "threads")]
use crate::clock;
use crate::clock::Instant;

/// The threads of the step that comes next, and the time that those before it took.
///
/// Nothing is timed before a step has shared some work: a network that is too small for that never is.
pub(super) struct Pace {
    threads: Threads,
    #[cfg(feature = "threads")]
    trial: Option<Trial>,
    /// What the step has taken so far, in nanoseconds. Atomic, because an update sees its gradients through a shared reference.
    #[cfg(feature = "threads")]
    spent: AtomicU64,
    /// Samples of the step that is being made or has been; 0 before the first.
    #[cfg(feature = "threads")]
    samples: usize,
    /// Pieces of work that had been shared before that step.
    #[cfg(feature = "threads")]
    shared: usize,
}

#[cfg(not(feature = "threads"))]
impl Pace {
    pub fn new(threads: Threads) -> Self {
        Self { threads }
    }

    /// The threads of a step of so many samples.
    pub fn begin(&mut self, _: usize) -> Threads {
        self.threads
    }

    /// Before work that belongs to the step.
    #[allow(clippy::unused_self, reason = "it keeps the time where there are threads")]
    pub fn clock(&self) -> Option<Instant> {
        None
    }

    /// After it.
    #[allow(clippy::unused_self, reason = "as above")]
    pub fn stop(&self, _: Option<Instant>) {}
}

#[cfg(feature = "threads")]
impl Pace {
    pub fn new(threads: Threads) -> Self {
        Self { threads, trial: None, spent: AtomicU64::new(0), samples: 0, shared: 0 }
    }

    /// The threads of a step of so many samples.
    pub fn begin(&mut self, samples: usize) -> Threads {
        if self.threads == Threads::ONE {
            return Threads::ONE;
        }
        let before = core::mem::replace(&mut self.samples, samples);
        match &mut self.trial {
            Some(trial) => {
                // Steps of other sizes are compared by their samples; those of one size are most of any loop.
                let spent = Duration::from_nanos(core::mem::take(self.spent.get_mut()));
                trial.took(spent.as_secs_f64() / before.max(1) as f64);
            }
            None if before > 0 && Threads::shared() != self.shared && clock::now().is_some() => {
                self.trial = Some(Trial::new(self.threads.counts()));
            }
            None => self.shared = Threads::shared(),
        }
        self.trial.as_ref().map_or(self.threads, Trial::next)
    }

    /// Before work that belongs to the step.
    pub fn clock(&self) -> Option<Instant> {
        self.trial.as_ref().and_then(|_| clock::now())
    }

    /// After it.
    pub fn stop(&self, clock: Option<Instant>) {
        if let Some(clock) = clock {
            let nanos = u64::try_from(clock.elapsed().as_nanos()).unwrap_or(u64::MAX);
            self.spent.fetch_add(nanos, Ordering::Relaxed);
        }
    }
}

#[cfg(all(test, feature = "threads"))]
mod tests {
    use std::thread;
    use std::time::Duration;

    use super::Pace;
    use crate::Threads;

    #[test]
    fn work_that_is_never_shared_is_not_timed() {
        for threads in [Threads::ALL, Threads::exactly(2).expect("some")] {
            let mut pace = Pace::new(threads);
            for _ in 0..100 {
                assert_eq!(pace.begin(8), threads);
                assert!(pace.clock().is_none());
            }
        }
    }

    #[test]
    fn one_thread_is_not_timed() {
        let mut pace = Pace::new(Threads::ONE);
        for _ in 0..3 {
            assert_eq!(pace.begin(8), Threads::ONE);
            Threads::ALL.each(usize::MAX, 1, &[1, 2][..], |_| {});
            assert!(pace.clock().is_none());
        }
    }

    #[test]
    fn shared_work_is_timed_and_goes_where_it_is_faster() {
        let pool = rayon_core::ThreadPoolBuilder::new().num_threads(2).build().expect("two threads");
        pool.install(|| {
            let mut pace = Pace::new(Threads::ALL);
            assert_eq!(pace.begin(8), Threads::ALL);
            Threads::ALL.each(usize::MAX, 1, &[1, 2][..], |_| {});
            let mut on_one = 0;
            for _ in 0..200 {
                let threads = pace.begin(8);
                let clock = pace.clock();
                assert!(clock.is_some());
                on_one += usize::from(threads == Threads::ONE);
                // More than one thread would be slower here.
                thread::sleep(Duration::from_micros(if threads == Threads::ONE { 20 } else { 2000 }));
                pace.stop(clock);
            }
            assert!(on_one > 150, "{on_one}");
        });
    }
}
