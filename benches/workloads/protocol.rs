//! How a workload is timed on a machine that others use too.
//!
//! The work is cut into chunks of about 25 ms (0.2 ms for latencies). Between them the core shows what it can do (see [`peak`](super::peak)),
//! so that a disturbed measurement can be told from a slow program. The *quiet* value comes from the chunk at the 10th percentile, the median from the
//! middle one. A measurement whose reference was too slow is made anew, up to three times, and the least disturbed one counts.

use std::time::{Duration, Instant};

use super::peak;

/// What is measured, and for how long.
pub struct Protocol {
    /// Seconds that one attempt lasts at least: `BENCH_SECS`.
    pub seconds: f64,
    /// The reference of an undisturbed core in Gflop/s: `BENCH_PEAK`. An attempt that reaches 90 % of it ends the search.
    pub peak: f64,
}

/// What a chunk aims at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Chunk {
    /// 25 ms, then a reference.
    Throughput,
    /// 0.2 ms, and a reference every 25 ms.
    Latency,
}

/// Times of one step, in seconds.
pub struct Measured {
    /// At the 10th percentile.
    pub quiet: f64,
    /// In the middle.
    pub median: f64,
    /// Median of the references, in Gflop/s.
    pub reference: f64,
    /// Steps that were timed.
    pub steps: usize,
}

const BETWEEN_REFERENCES: f64 = 0.025;

impl Protocol {
    /// Times `step`, which gets a running number.
    pub fn measure(&self, chunk: Chunk, step: &mut dyn FnMut(usize)) -> Measured {
        let mut steps = Steps { step, next: 0 };
        steps.for_at_least(Duration::from_millis(200), 3);
        let once = (0..5).map(|_| steps.for_at_least(Duration::from_millis(4), 1)).fold(f64::INFINITY, f64::min);
        let (length, chunks) = match chunk {
            Chunk::Throughput => (count(BETWEEN_REFERENCES / once), 1),
            Chunk::Latency => {
                let length = count(200e-6 / once);
                (length, count(BETWEEN_REFERENCES / (once * length as f64)))
            }
        };
        let mut best = self.attempt(&mut steps, length, chunks);
        for _ in 0..2 {
            if best.reference >= 0.9 * self.peak || best.reference == 0.0 {
                break;
            }
            let again = self.attempt(&mut steps, length, chunks);
            if again.reference > best.reference {
                best = again;
            }
        }
        best
    }

    fn attempt(&self, steps: &mut Steps<'_>, length: usize, chunks: usize) -> Measured {
        let (mut times, mut references) = (Vec::new(), Vec::new());
        let start = Instant::now();
        while start.elapsed().as_secs_f64() < self.seconds || times.len() < 10 {
            for _ in 0..chunks {
                times.push(steps.time(length));
            }
            references.push(peak::gflops());
        }
        let steps = times.len() * length;
        times.sort_by(f64::total_cmp);
        references.sort_by(f64::total_cmp);
        Measured { quiet: quantile(&times, 10), median: quantile(&times, 50), reference: quantile(&references, 50), steps }
    }
}

/// At least one.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rough number of steps")]
fn count(wanted: f64) -> usize {
    (wanted as usize).max(1)
}

fn quantile(sorted: &[f64], percent: usize) -> f64 {
    sorted[(sorted.len() - 1) * percent / 100]
}

struct Steps<'a> {
    step: &'a mut dyn FnMut(usize),
    next: usize,
}

impl Steps<'_> {
    /// Seconds a step, over `n` of them.
    fn time(&mut self, n: usize) -> f64 {
        let start = Instant::now();
        for _ in 0..n {
            (self.step)(self.next);
            self.next += 1;
        }
        start.elapsed().as_secs_f64() / n as f64
    }

    /// As `time`, for as many steps as it takes.
    fn for_at_least(&mut self, time: Duration, steps: usize) -> f64 {
        let (start, mut n) = (Instant::now(), 0);
        while n < steps || start.elapsed() < time {
            self.time(1);
            n += 1;
        }
        start.elapsed().as_secs_f64() / n as f64
    }
}
