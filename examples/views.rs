//! Tomorrow's views of a page, from its past.
//!
//! First two forecasts without a model: yesterday's number again, and last week's. Then straight lines through the last 1, 7, 28 and 56 days,
//! and networks of 1 to 4 layers of 100 ReLUs on the 56 days. Each learns from the first four fifths of the days until its loss no longer
//! falls. The errors on those days and on the later ones, which no model saw, stand side by side: the first says how well the past is known,
//! the second what that is worth.
//!
//! `cargo run --release --example views -- other.csv` takes any file with the columns `date,views`.
use nn_core::Learns;
use nn_core::data::{Standardizer, Table, windows};
use nn_core::prelude::*;
use nn_core::train::Ending;

network! {
    /// A straight line through the last `D` days.
    struct Line<const D: usize>: [D] -> [1] {
        line: Dense(1),
    }
}

/// Networks of one to four hidden layers.
macro_rules! deep {
    ($($name:ident: $($fc:ident)*;)*) => {$(
        network! {
            struct $name: [56] -> [1] {
                $($fc: Dense(100), Relu,)*
                out: Dense(1),
            }
        }
    )*};
}
deep! {
    Deep1: fc1;
    Deep2: fc1 fc2;
    Deep3: fc1 fc2 fc3;
    Deep4: fc1 fc2 fc3 fc4;
}

/// The longest memory of a model. All forecast the same days, from the first that has so many before it.
const MEMORY: usize = 56;

/// The fewest days to learn from: two for each parameter of the longest line. With one for each, the line runs through all of them.
const LEAST_SEEN: usize = 2 * (MEMORY + 1);

/// The fewest days of a series, so that four fifths of those after [`MEMORY`] are [`LEAST_SEEN`].
const LEAST: usize = MEMORY + (5 * LEAST_SEEN).div_ceil(4);

/// Where training ends.
struct Until {
    /// The loss changed by less than this in an epoch. A loss of 1 is that of the mean of all days as the forecast.
    change: f64,
    /// So many epochs have passed, whatever the loss does.
    epochs: u64,
}

/// The loss of a line falls slowly in the end, for neighbouring days say nearly the same; a larger change would stop far from the best line.
const LINES: Until = Until { change: 1e-8, epochs: 50_000 };

/// A network can go on to a loss of nearly zero, long after the later days gain from it.
const NETWORKS: Until = Until { change: 1e-6, epochs: 10_000 };

/// A forecast and its mean absolute errors, in per cent of the views, rounded as they are printed, so that what is said fits what is seen.
struct Row {
    name: &'static str,
    seen: f64,
    later: f64,
}

impl Row {
    /// `forecasts` are those of all days after [`MEMORY`], in logarithms like the views.
    fn of(name: &'static str, log_views: &[f32], forecasts: &[f32]) -> Self {
        let days = log_views[MEMORY..].iter().zip(forecasts);
        let errors: Vec<f64> = days.map(|(truth, forecast)| f64::from(forecast - truth).exp_m1().abs()).collect();
        let (seen, later) = errors.split_at(days_seen(log_views));
        let per_cent = |errors: &[f64]| (1000.0 * errors.iter().sum::<f64>() / errors.len() as f64).round() / 10.0;
        Self { name, seen: per_cent(seen), later: per_cent(later) }
    }
}

/// How many of the days after [`MEMORY`] are learned from.
fn days_seen(log_views: &[f32]) -> usize {
    (log_views.len() - MEMORY) * 4 / 5
}

/// The number of so many days ago again.
fn repeat(name: &'static str, log_views: &[f32], days: usize) -> Row {
    let row = Row::of(name, log_views, &log_views[MEMORY - days..]);
    println!("{name:28} {:10} {:>8} {:10.1} % {:10.1} %", 0, "", row.seen, row.later);
    row
}

/// A model of the last `D` days, trained on the days seen.
fn model<N, const D: usize>(name: &'static str, log_views: &[f32], until: &Until) -> Result<Row, Error>
where
    N: Network<Input = [f32; D], Output = [f32; 1], Scalar = f32, Kind = Real, Learning = Learns>,
{
    let mut days = windows::sliding::<f32, D, 1>(&log_views[MEMORY - D..])?;
    let seen = days_seen(log_views);
    // The network works with numbers around zero. Mean and deviation are learned like everything else: from the days seen alone.
    let (of_days, of_targets) = (Standardizer::fit(&days.inputs()[..seen])?, Standardizer::fit(&days.targets()[..seen])?);
    of_days.apply(days.inputs_mut());
    of_targets.apply(days.targets_mut());
    let (train, _) = days.clone().split_at(seen)?;

    let mut net = N::new_boxed(1);
    let history = net
        .train(&train)
        .loss(MeanSquaredError)
        .optimizer(Adam::new(5e-4))
        .batch_size(seen) // all at once: the loss then falls smoothly, so that a small change means that it has arrived
        .epochs(until.epochs)
        .stop_early(LossChangeBelow(until.change))
        .run()?;

    let mut forecasts: Vec<[f32; 1]> = days.inputs().iter().map(|x| net.predict(x)).collect();
    of_targets.undo(&mut forecasts);
    let row = Row::of(name, log_views, forecasts.as_flattened());
    let more = if history.ending() == Ending::Epochs { ">" } else { "" };
    let updates = format!("{more}{}", history.epochs().len());
    println!("{name:28} {:10} {updates:>8} {:10.1} % {:10.1} %", N::PARAMETERS, row.seen, row.later);
    Ok(row)
}

/// The row with the smallest error on later days.
fn best(rows: &[Row]) -> &Row {
    rows.iter().min_by(|a, b| a.later.total_cmp(&b.later)).expect("a table has rows")
}

/// What the table says, whatever series it is of.
fn conclude(repeats: &[Row], lines: &[Row], networks: &[Row]) {
    let (repeat, line, network) = (best(repeats), best(lines), best(networks));
    println!("\nThe smallest errors on later days:");
    for (kind, row) in [("without a model", repeat), ("a line", line), ("a network", network)] {
        println!("  {kind:16} {:5.1} %  {}", row.later, row.name);
    }
    if line.later < repeat.later {
        println!("The line is worth fitting: it errs less than both repetitions.");
    } else {
        println!("No line is worth fitting here: a repetition, which learns nothing, does no worse.");
    }
    let by_heart = networks.iter().filter(|network| network.seen < line.seen && network.later > line.later).count();
    if by_heart > 0 {
        let count = networks.len();
        println!("{by_heart} of the {count} networks know the days seen better than that line does, and the later days worse:");
        println!("they have learned the past by heart, its noise included.");
    }
    if network.later < line.later {
        println!("The best network errs less than every line on later days: here more than a line can be learned.");
    } else {
        println!("No network errs less than the best line on later days: here their layers gain nothing.");
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/data/wikipedia_peyton_manning.csv");
    let path = std::env::args().nth(1).unwrap_or_else(|| shipped.to_string());
    let table = Table::read(&path)?;
    let views = windows::fill_gaps(&table.days("date")?, &table.values::<f32>("views")?, 60)?;
    if views.len() < LEAST {
        let given = views.len();
        return Err(format!(
            "{path} has {given} days, and {LEAST} are needed: {MEMORY} to look back on, {LEAST_SEEN} to learn from, and a quarter as many to be judged by"
        )
        .into());
    }
    // Views multiply rather than add, so the models work on their logarithms; a day without views counts as one view.
    let log_views: Vec<f32> = views.iter().map(|views| views.max(1.0).ln()).collect();
    let (filled, seen) = (views.len() - table.len(), days_seen(&log_views));
    println!("{path}: {} days, {filled} of them missing and filled in", views.len());
    println!(
        "after {MEMORY} days to look back on, {seen} days are seen in training and {} later ones are not\n",
        views.len() - MEMORY - seen
    );

    println!("{:28} {:>10} {:>8} {:>26}", "", "", "", "mean error of the views on");
    println!("{:28} {:>10} {:>8} {:>12} {:>12}", "forecast of a day", "parameters", "updates", "days seen", "later days");
    let repeats = [repeat("yesterday's number again", &log_views, 1), repeat("last week's number again", &log_views, 7)];
    let lines = [
        model::<Line<1>, 1>("a line through 1 day", &log_views, &LINES)?,
        model::<Line<7>, 7>("a line through 7 days", &log_views, &LINES)?,
        model::<Line<28>, 28>("a line through 28 days", &log_views, &LINES)?,
        model::<Line<56>, 56>("a line through 56 days", &log_views, &LINES)?,
    ];
    let networks = [
        model::<Deep1, 56>("1 layer of 100 ReLUs", &log_views, &NETWORKS)?,
        model::<Deep2, 56>("2 layers of 100 ReLUs", &log_views, &NETWORKS)?,
        model::<Deep3, 56>("3 layers of 100 ReLUs", &log_views, &NETWORKS)?,
        model::<Deep4, 56>("4 layers of 100 ReLUs", &log_views, &NETWORKS)?,
    ];
    println!("updates: until one changed the loss by less than {:.0e} (lines) or {:.0e} (networks)", LINES.change, NETWORKS.change);
    conclude(&repeats, &lines, &networks);
    Ok(())
}
