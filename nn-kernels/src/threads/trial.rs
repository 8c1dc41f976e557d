//! How many threads are fastest: found by trying, now and then.
//!
//! What several threads gain depends on where the system, or the host of a virtual machine, puts them, and that changes while a program runs: two
//! cores of one chip took 55 % of one core's time for a training step, the same two 120 % when they came to lie on different chips, and 75 %
//! there where copies are dropped ([`Threads::drops_copies`]). The result has the same bits with any of them, so each can be
//! tried on steps that have to be made anyway.
//!
//! The loop makes some steps on more threads or fewer, in turns with the present number, and keeps to what takes clearly less, by
//! medians; again every 500 steps. The speed of two threads was anything from 0.74 to 1.9 times that of one. Trying costs at most 1.8 %
//! of the time. A network in which nothing is ever shared is never timed.

use core::ops::RangeInclusive;
use std::vec::Vec;

use super::Threads;

/// Steps of a trial: in turns, so many the other way and so many the present one, the first of which is not counted, as it finds caches
/// that the other way has filled and helpers asleep.
const TURN: usize = 3;

/// Turns of each way in a trial.
const TURNS: usize = 3;

/// Steps between two trials. A trial costs nine steps in the worse way: where that is one thread, and two take half of its time, 1.8 % of these.
const BETWEEN: usize = 500;

/// What another way must take at most, of the present one's time, to be taken.
const CLEARLY: f64 = 0.97;

/// Which of some ways is the fastest for the steps of one piece of work.
pub struct Trial {
    /// How many threads there can be.
    counts: RangeInclusive<usize>,
    way: Threads,
    /// The ways next to the present one.
    rivals: Vec<Threads>,
    /// The one whose turn it is.
    rival: usize,
    /// How many of them to try without waiting.
    untried: usize,
    /// Steps before the next trial.
    wait: usize,
    /// Times of the trial: the rival's, and the present way's.
    times: [Vec<f64>; 2],
    /// Steps of the trial.
    step: usize,
}

impl Trial {
    /// Between so many threads; begins with the fewest.
    #[must_use]
    pub fn new(counts: RangeInclusive<usize>) -> Self {
        let fewest = Threads::of(*counts.start(), false);
        let mut trial =
            Self { counts, way: fewest, rivals: Vec::new(), rival: 0, untried: 0, wait: 0, times: [const { Vec::new() }; 2], step: 0 };
        trial.take(fewest);
        trial
    }

    /// How to make the next step.
    #[must_use]
    pub fn next(&self) -> Threads {
        match self.rivals.get(self.rival) {
            Some(rival) if self.wait == 0 && self.is_rivals_turn() => *rival,
            _ => self.way,
        }
    }

    /// How long it took: in any unit, and the same for steps that are the same work.
    pub fn took(&mut self, time: f64) {
        if self.wait > 0 {
            self.wait -= 1;
            return;
        }
        if !self.step.is_multiple_of(TURN) {
            self.times[usize::from(!self.is_rivals_turn())].push(time);
        }
        self.step += 1;
        if self.step < 2 * TURNS * TURN {
            return;
        }
        self.step = 0;
        let [rivals, present] = &mut self.times;
        let wins = median(rivals) < CLEARLY * median(present);
        self.times.iter_mut().for_each(Vec::clear);
        if let Some(rival) = self.rivals.get(self.rival).copied()
            && wins
        {
            return self.take(rival);
        }
        self.rival = (self.rival + 1) % self.rivals.len().max(1);
        self.untried -= 1;
        if self.untried == 0 {
            (self.untried, self.wait) = (1, BETWEEN);
        }
    }

    fn is_rivals_turn(&self) -> bool {
        (self.step / TURN).is_multiple_of(2)
    }

    /// Goes over to another way, and tries all that are next to it.
    fn take(&mut self, way: Threads) {
        self.way = way;
        self.rivals.clear();
        let count = way.count();
        if count < *self.counts.end() {
            let more = (2 * count).min(*self.counts.end());
            self.rivals.extend([Threads::of(more, false), Threads::of(more, true)]);
        }
        if count > 1 {
            self.rivals.push(Threads::of(count, !way.drops_copies()));
        }
        if count > *self.counts.start() {
            let fewer = (1 << (count - 1).ilog2()).max(*self.counts.start());
            self.rivals.push(Threads::of(fewer, way.drops_copies() && fewer > 1));
        }
        self.rivals.retain(|rival| !rival.drops_copies() || super::can_drop_copies());
        (self.rival, self.untried, self.wait) = (0, self.rivals.len(), if self.rivals.is_empty() { usize::MAX } else { 0 });
    }
}

/// The lower one of the two in the middle, where there are two; single steps that were disturbed are far from it.
fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len().saturating_sub(1) / 2).copied().unwrap_or(f64::INFINITY)
}

#[cfg(test)]
mod tests {
    use super::{BETWEEN, TURN, TURNS, Trial};
    use crate::threads::{Threads, can_drop_copies};

    /// Steps of a trial.
    const TRIAL: usize = 2 * TURNS * TURN;

    /// The same numbers each time, from 0 to 1.
    struct Noise(u32);

    impl Noise {
        fn next(&mut self) -> f64 {
            self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(self.0 >> 8) / 16_777_216.0
        }
    }

    /// Makes so many steps; how often each of `0..=most` threads made one.
    fn steps(trial: &mut Trial, n: usize, mut time: impl FnMut(Threads) -> f64) -> [usize; 17] {
        let mut made = [0; 17];
        for _ in 0..n {
            let way = trial.next();
            made[way.count()] += 1;
            trial.took(time(way));
        }
        made
    }

    /// Time of a step that scales well up to so many threads, and takes longer with each one more.
    fn up_to(best: usize) -> impl Fn(Threads) -> f64 {
        move |way| if way.count() <= best { 1.0 / way.count() as f64 } else { 1.0 / best as f64 + 0.1 * (way.count() - best) as f64 }
    }

    #[test]
    fn takes_what_is_faster() {
        for (most, best) in [(2, 1), (2, 2), (3, 3), (4, 1), (4, 2), (4, 4), (6, 4), (6, 6), (16, 8), (16, 16)] {
            let mut trial = Trial::new(1..=most);
            let most_trials = 4 * (1 + most.ilog2() as usize) * TRIAL;
            steps(&mut trial, most_trials, up_to(best));
            let made = steps(&mut trial, 10_000, up_to(best));
            assert!(made[best] > 9_800, "{made:?} of {most}, best {best}");
        }
    }

    #[test]
    fn a_trial_costs_less_than_two_percent() {
        let mut trial = Trial::new(1..=2);
        let mut spent = 0.0;
        steps(&mut trial, 100_000, |way| {
            let time = 2.0 - way.count() as f64 * 0.5;
            spent += time;
            time
        });
        assert!(spent < 1.02 * 100_000.0, "{spent}");
    }

    #[test]
    fn is_never_clearly_below_one_thread() {
        let mut trial = Trial::new(1..=2);
        let mut spent = 0.0;
        steps(&mut trial, 100_000, |way| {
            let time = if way.count() == 1 { 1.0 } else { 1.5 };
            spent += time;
            time
        });
        assert!(spent < 1.02 * 100_000.0, "{spent}");
    }

    #[test]
    fn a_small_gain_or_none_changes_nothing() {
        for gain in [1.0, 1.02] {
            let made = steps(&mut Trial::new(1..=2), 10_000, |way| if way.count() == 1 { 1.0 } else { 1.0 / gain });
            assert!(made[1] > 9_500, "{made:?}");
        }
    }

    #[test]
    fn disturbed_steps_decide_nothing() {
        // A step in six is interrupted for as long as up to twenty take.
        for (two, best) in [(0.55, 2), (0.8, 2), (1.2, 1), (1.1, 1)] {
            let mut noise = Noise(7);
            let mut trial = Trial::new(1..=2);
            let made = steps(&mut trial, 50_000, |way| {
                let quiet = if way.count() == 1 { 1.0 } else { two };
                quiet * (1.0 + 0.04 * noise.next()) + if noise.next() < 1.0 / 6.0 { 20.0 * noise.next() } else { 0.0 }
            });
            assert!(made[best] > 48_800, "{made:?} where two take {two}");
        }
    }

    #[test]
    fn follows_a_change_of_place() {
        let mut trial = Trial::new(1..=2);
        for round in 0..6 {
            let two = if round % 2 == 0 { 0.55 } else { 1.3 };
            let time = |way: Threads| if way.count() == 1 { 1.0 } else { two };
            steps(&mut trial, 2 * (BETWEEN + 2 * TRIAL), time);
            let made = steps(&mut trial, 5_000, time);
            assert!(made[1 + usize::from(round % 2 == 0)] > 4_800, "{made:?} in round {round}");
        }
    }

    #[test]
    fn drops_copies_where_only_that_is_faster() {
        if !can_drop_copies() {
            return;
        }
        for (keeps, drops) in [(1.2, 0.8), (0.8, 0.6), (0.55, 0.7), (1.2, 1.3)] {
            let mut trial = Trial::new(1..=2);
            let time = |way: Threads| match (way.count(), way.drops_copies()) {
                (1, _) => 1.0,
                (_, false) => keeps,
                (_, true) => drops,
            };
            steps(&mut trial, 10 * TRIAL, time);
            let mut best = 0;
            steps(&mut trial, 10_000, |way| {
                best += usize::from(time(way) == f64::min(1.0, f64::min(keeps, drops)));
                time(way)
            });
            assert!(best > 9_700, "{best} where two take {keeps} or {drops}");
        }
    }

    #[test]
    fn numbers_that_are_given_are_kept() {
        for count in [1, 2, 3, 16] {
            let mut trial = Trial::new(count..=count);
            // Fewer would be faster.
            let made = steps(&mut trial, 5_000, |way| way.count() as f64);
            assert_eq!(made[count], 5_000);
            assert!(!trial.next().drops_copies());
            if can_drop_copies() && count > 1 {
                let made = steps(&mut trial, 5_000, |way| if way.drops_copies() { 1.0 } else { 2.0 });
                assert_eq!(made[count], 5_000);
                assert!(trial.next().drops_copies());
            }
        }
    }
}
