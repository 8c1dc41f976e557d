//! Tomorrow's views of a page, from its past.
//!
//! A straight line through yesterday's number; then through the last 7, 28 and 56 days; then networks of 1 to 4 layers of 100 ReLUs on the 56 days.
//! The error on the days that it learned from and on later days that it never saw stand side by side: more days and more layers keep lowering the
//! first, not the second.
//!
//! `cargo run --release --example views -- other.csv` takes any file with the columns `date,views`.
use nn_core::Learns;
use nn_core::data::{Standardizer, Table, windows};
use nn_core::prelude::*;

network! {
    /// A straight line through the last `D` days.
    struct Linear<const D: usize>: [D] -> [1] {
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

/// The shortest memory that every model could use, so that all are judged on the same days.
const LONGEST: usize = 56;

/// Trains on the first four fifths of the days, and prints the mean absolute percentage error of both parts, of the views themselves.
fn model<N, const D: usize>(name: &str, log_views: &[f32], epochs: u64) -> Result<(), Error>
where
    N: Network<Input = [f32; D], Output = [f32; 1], Scalar = f32, Kind = Real, Learning = Learns>,
{
    let days = windows::sliding::<f32, D, 1>(&log_views[LONGEST - D..])?;
    let (mut train, mut test) = days.split_at((log_views.len() - LONGEST) * 4 / 5)?;
    // Fitted on the training part alone; the targets likewise, so that the network works with numbers around zero.
    let (of_days, of_targets) = (Standardizer::fit(train.inputs())?, Standardizer::fit(train.targets())?);
    for part in [&mut train, &mut test] {
        of_days.apply(part.inputs_mut());
        of_targets.apply(part.targets_mut());
    }

    let mut net = N::new_boxed(1);
    net.train(&train).loss(MeanSquaredError).optimizer(Adam::new(1e-3)).epochs(epochs).schedule(CosineAnnealing::default()).run()?;

    let error = |data: &Dataset<[f32; D], [f32; 1]>| {
        let errors = data.inputs().iter().zip(data.targets()).map(|(x, t)| {
            let (mut y, mut t) = ([net.predict(x)], [*t]);
            of_targets.undo(&mut y);
            of_targets.undo(&mut t);
            ((y[0][0] - t[0][0]).exp() - 1.0).abs()
        });
        100.0 * errors.sum::<f32>() / data.len() as f32
    };
    let (seen, unseen) = (error(&train), error(&test));
    println!("{name:30} {:11} {seen:9.1} % {unseen:9.1} %", N::PARAMETERS);
    Ok(())
}

fn main() -> Result<(), Error> {
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/data/wikipedia_peyton_manning.csv");
    let path = std::env::args().nth(1).unwrap_or_else(|| shipped.to_string());
    let table = Table::read(&path)?;
    let views = windows::fill_gaps(&table.days("date")?, &table.values::<f32>("views")?, 60)?;
    // Views multiply rather than add, so the models work on their logarithms.
    let log_views: Vec<f32> = views.iter().map(|views| views.max(1.0).ln()).collect();
    println!("{path}: {} days, {} of them filled in\n", views.len(), views.len() - table.len());

    println!("{:30} {:>11} {:>11} {:>11}", "mean absolute percentage error", "parameters", "days seen", "later days");
    let repeat =
        log_views.windows(2).skip(LONGEST + (log_views.len() - LONGEST) * 4 / 5 - 1).map(|pair| ((pair[0] - pair[1]).exp() - 1.0).abs());
    let (sum, count) = repeat.fold((0.0, 0), |(sum, count), error| (sum + error, count + 1));
    println!("{:30} {:11} {:>11} {:9.1} %", "yesterday's number again", 0, "", 100.0 * sum / count as f32);
    model::<Linear<1>, 1>("a line through 1 day", &log_views, 60)?;
    model::<Linear<7>, 7>("a line through 7 days", &log_views, 60)?;
    model::<Linear<28>, 28>("a line through 28 days", &log_views, 60)?;
    model::<Linear<56>, 56>("a line through 56 days", &log_views, 60)?;
    model::<Deep1, 56>("1 layer of 100 ReLUs", &log_views, 60)?;
    model::<Deep2, 56>("2 layers of 100 ReLUs", &log_views, 60)?;
    model::<Deep3, 56>("3 layers of 100 ReLUs", &log_views, 60)?;
    model::<Deep4, 56>("4 layers of 100 ReLUs", &log_views, 60)?;
    println!(
        "\nMore layers fit the seen days ever better; where the later days no longer follow, the network has learned the past by heart."
    );
    Ok(())
}
