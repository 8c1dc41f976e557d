//! The examples, run as the README says and read as their readers do: what they print must be true of numbers that this file computes, or that
//! stand in the same output. Times are not looked at.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What an example prints, or the words of the error that it ends with.
fn run(example: &str, arguments: &[&Path]) -> Result<String, String> {
    let output = Command::new(env!("CARGO"))
        .args(["run", "--release", "--quiet", "--example", example, "--"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

fn printed(example: &str) -> String {
    run(example, &[]).unwrap_or_else(|error| panic!("{example}: {error}"))
}

/// The first line that begins with a name, but for spaces, without the name.
fn row<'a>(output: &'a str, name: &str) -> &'a str {
    let found = output.lines().find_map(|line| line.trim_start().strip_prefix(name));
    found.unwrap_or_else(|| panic!("no line begins with `{name}`:\n{output}"))
}

/// The numbers of a text, with whatever stands around them left out.
fn numbers(text: &str) -> Vec<f64> {
    text.split(|c: char| c.is_whitespace() || "()[],;:=".contains(c)).filter_map(|word| word.replace('−', "-").parse().ok()).collect()
}

mod views {
    use super::*;

    const MEMORY: usize = 56;
    const LINES: [(&str, usize); 4] =
        [("a line through 1 day ", 1), ("a line through 7 days", 7), ("a line through 28 days", 28), ("a line through 56 days", 56)];
    const REPEATS: [(&str, usize); 2] = [("yesterday's number again", 1), ("last week's number again", 7)];
    const NETWORKS: [&str; 4] = ["1 layer of 100 ReLUs", "2 layers of 100 ReLUs", "3 layers of 100 ReLUs", "4 layers of 100 ReLUs"];
    const WEEK: [f64; 7] = [1.0, 1.3, 1.5, 1.4, 1.2, 0.5, 0.4];

    /// Numbers that look random, normal with mean 0 and deviation 1 nearly enough: the sum of twelve uniform ones, less 6.
    fn noise() -> impl FnMut() -> f64 {
        let mut state = 1_u64;
        let mut uniform = move || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        move || (0..12).map(|_| uniform()).sum::<f64>() - 6.0
    }

    /// A file of so many days from 1 January 2023, and the logarithms of its views.
    fn file(name: &str, days: u32, mut views: impl FnMut(usize) -> f64) -> (PathBuf, Vec<f64>) {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("views-{name}.csv"));
        let (mut text, mut log_views) = ("date,views\n".to_string(), Vec::new());
        let (mut month, mut day) = ((2023, 1), 1);
        for i in 0..days {
            let count = views(i as usize).round();
            writeln!(text, "{}-{:02}-{day:02},{count}", month.0, month.1).unwrap();
            log_views.push(count.max(1.0).ln());
            let length = match month.1 {
                2 if month.0 % 4 == 0 => 29,
                2 => 28,
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            day += 1;
            if day > length {
                (month, day) = (if month.1 == 12 { (month.0 + 1, 1) } else { (month.0, month.1 + 1) }, 1);
            }
        }
        std::fs::write(&path, text).unwrap();
        (path, log_views)
    }

    /// Mean absolute percentage errors on the days seen and on the later ones, of forecasts from the first day that has [`MEMORY`] before it.
    fn errors(log_views: &[f64], forecast: impl Fn(usize) -> f64) -> [f64; 2] {
        let errors: Vec<f64> = (MEMORY..log_views.len()).map(|day| 100.0 * ((forecast(day) - log_views[day]).exp() - 1.0).abs()).collect();
        let (seen, later) = errors.split_at(errors.len() * 4 / 5);
        [seen, later].map(|errors| errors.iter().sum::<f64>() / errors.len() as f64)
    }

    /// The line through the last `days` days that least squares gives on the days seen, by the normal equations `XᵀX w = Xᵀy`.
    fn least_squares(log_views: &[f64], days: usize) -> Vec<f64> {
        let x = |day: usize| log_views[day - days..day].iter().copied().chain([1.0]);
        let mut rows: Vec<Vec<f64>> = vec![vec![0.0; days + 2]; days + 1];
        for day in MEMORY..MEMORY + (log_views.len() - MEMORY) * 4 / 5 {
            for (row, a) in rows.iter_mut().zip(x(day)) {
                for (sum, b) in row.iter_mut().zip(x(day).chain([log_views[day]])) {
                    *sum += a * b;
                }
            }
        }
        // Gauss and Jordan, with the largest pivot.
        for i in 0..rows.len() {
            let pivot = (i..rows.len()).max_by(|a, b| rows[*a][i].abs().total_cmp(&rows[*b][i].abs())).unwrap();
            rows.swap(i, pivot);
            let (pivot, scale) = (rows[i].clone(), rows[i][i]);
            for (j, row) in rows.iter_mut().enumerate() {
                let factor = if j == i { 1.0 - 1.0 / scale } else { row[i] / scale };
                row.iter_mut().zip(&pivot).for_each(|(a, b)| *a -= factor * b);
            }
        }
        rows.into_iter().map(|row| row[days + 1]).collect()
    }

    /// The two errors at the end of a row.
    fn printed_errors(output: &str, name: &str) -> [f64; 2] {
        let numbers = numbers(row(output, name));
        let [.., seen, later] = numbers[..] else { panic!("two errors after `{name}`:\n{output}") };
        [seen, later]
    }

    fn near(printed: [f64; 2], right: [f64; 2], tolerance: f64) -> bool {
        printed.iter().zip(right).all(|(a, b)| (a - b).abs() <= tolerance)
    }

    /// What stands below the table must follow from the table.
    fn words_fit_the_table(output: &str) {
        let best = |rows: &mut dyn Iterator<Item = [f64; 2]>| rows.min_by(|a, b| a[1].total_cmp(&b[1])).unwrap();
        let repeat = best(&mut REPEATS.iter().map(|(name, _)| printed_errors(output, name)));
        let line = best(&mut LINES.iter().map(|(name, _)| printed_errors(output, name)));
        let networks = NETWORKS.map(|name| printed_errors(output, name));
        let network = best(&mut networks.into_iter());
        for (kind, row_of) in [("without a model", repeat), ("a line  ", line), ("a network", network)] {
            assert_eq!(numbers(row(output, kind))[0], row_of[1], "{kind}: {output}");
        }
        let by_heart = networks.iter().filter(|network| network[0] < line[0] && network[1] > line[1]).count();
        let said = |words: &str| output.contains(words);
        assert_eq!(said("The line is worth fitting"), line[1] < repeat[1], "{output}");
        assert_eq!(said("No line is worth fitting"), line[1] >= repeat[1], "{output}");
        assert_eq!(said(&format!("{by_heart} of the 4 networks know the days seen better")), by_heart > 0, "{output}");
        assert_eq!(said("by heart"), by_heart > 0, "{output}");
        assert_eq!(said("The best network errs less"), network[1] < line[1], "{output}");
        assert_eq!(said("No network errs less"), network[1] >= line[1], "{output}");
    }

    fn lines_are_fitted(path: &Path, log_views: &[f64]) {
        let output = run("views", &[path]).unwrap();
        for (name, days) in REPEATS {
            let right = errors(log_views, |day| log_views[day - days]);
            assert!(near(printed_errors(&output, name), right, 0.06), "{name}: {right:?}\n{output}");
        }
        for (name, days) in LINES {
            let w = least_squares(log_views, days);
            let right = errors(log_views, |day| log_views[day - days..day].iter().zip(&w).map(|(x, w)| x * w).sum::<f64>() + w[days]);
            assert!(near(printed_errors(&output, name), right, 0.5), "{name}: least squares gives {right:?}\n{output}");
        }
        words_fit_the_table(&output);
    }

    #[test]
    fn lines_equal_least_squares() {
        let mut noise = noise();
        let (path, log_views) = file("week", 365, |day| 3000.0 * WEEK[day % 7] * (0.1 * noise()).exp());
        lines_are_fitted(&path, &log_views);
        let mut level = 0.0;
        let (path, log_views) = file("walk", 365, |day| {
            level += 0.05 * noise();
            3000.0 * WEEK[day % 7] * (level + 0.08 * noise()).exp()
        });
        lines_are_fitted(&path, &log_views);
        let (path, log_views) = file("trend", 365, |day| 1000.0 * (day as f64 / 150.0).exp() * WEEK[day % 7] * (0.12 * noise()).exp());
        lines_are_fitted(&path, &log_views);
        let (path, log_views) = file("noise", 500, |_| 3000.0 * (0.3 * noise()).exp());
        lines_are_fitted(&path, &log_views);
        let (path, log_views) = file("few", 730, |day| 3.0 * WEEK[day % 7] * (0.5 * noise()).exp());
        lines_are_fitted(&path, &log_views);
    }

    /// Of series that the repository does not hold, those without missing days.
    #[test]
    fn lines_equal_least_squares_on_real_series() {
        let Some(folder) = std::env::var_os("NN_DATA") else {
            println!("skipped: NN_DATA is not set");
            return;
        };
        for (name, days) in [("youtube_coding_train.csv", 365), ("otexts_pageviews.csv", 1561)] {
            let path = Path::new(&folder).join("views").join(name);
            let Ok(text) = std::fs::read_to_string(&path) else {
                println!("skipped: no {}", path.display());
                continue;
            };
            let views = text.lines().skip(1).map(|line| line.rsplit(',').next().unwrap().parse::<f64>().unwrap().ln());
            let log_views: Vec<f64> = views.collect();
            assert_eq!(log_views.len(), days);
            lines_are_fitted(&path, &log_views);
        }
    }

    /// Nothing can be fitted better than last week's number, or than any number; and the words know.
    #[test]
    fn words_fit_series_that_need_no_line() {
        let (path, _) = file("exact", 365, |day| 3000.0 * WEEK[day % 7]);
        let output = run("views", &[&path]).unwrap();
        assert!(output.contains("No line is worth fitting"), "{output}");
        words_fit_the_table(&output);
        let (path, _) = file("constant", 365, |_| 3000.0);
        words_fit_the_table(&run("views", &[&path]).unwrap());
        let (path, _) = file("none", 365, |_| 0.0);
        words_fit_the_table(&run("views", &[&path]).unwrap());
        words_fit_the_table(&printed("views"));
    }

    #[test]
    fn short_series_are_told_how_many_days_they_need() {
        for days in [1, 10, 57, 60, 198] {
            let (path, _) = file("short", days, |day| 3000.0 * WEEK[day % 7]);
            let error = run("views", &[&path]).unwrap_err();
            assert!(error.contains(&format!("has {days} days, and 199 are needed")) && !error.contains("panicked"), "{error}");
        }
        let mut noise = noise();
        let (path, log_views) = file("shortest", 199, |day| 3000.0 * WEEK[day % 7] * (0.1 * noise()).exp());
        let output = run("views", &[&path]).unwrap();
        assert_eq!(log_views.len(), 199);
        words_fit_the_table(&output);
    }
}

#[test]
fn activations_are_called_what_they_are() {
    let output = printed("activations");
    let words = |name| row(&output, name).split_whitespace().collect::<Vec<_>>();
    for name in ["Sigmoid", "Tanh", "Relu", "LeakyRelu", "Elu"] {
        // first / last, accuracy (least to largest), saturated, inactive, dead, mean
        let row = words(name);
        let [_, accuracy, least, "to", largest, saturated, inactive, dead, _] = row[..] else { panic!("{name}: {row:?}\n{output}") };
        let [accuracy, least, largest]: [f64; 3] = [accuracy, least, largest].map(|word| word.trim_matches(['(', ')']).parse().unwrap());
        assert!(least <= accuracy && accuracy <= largest && accuracy > 0.8, "{output}");
        let share = |word: &str| word.parse::<f64>().is_ok_and(|share| (0.0..=1.0).contains(&share));
        if ["Sigmoid", "Tanh"].contains(&name) {
            assert!(share(saturated) && (inactive, dead) == ("–", "–"), "{output}");
        } else {
            // A unit with one straight side is inactive or not, never saturated, and only a ReLU's slope becomes 0.
            assert!(saturated == "–" && share(inactive), "{output}");
            assert!(dead.parse::<f64>().unwrap() >= 0.0 && (name == "Relu" || dead == "0.0"), "{output}");
        }
    }
    for column in ["first / last", "test accuracy", "saturated", "inactive", "dead", "mean"] {
        let explained = output.lines().any(|line| line.strip_prefix("  ").is_some_and(|line| line.starts_with(column)));
        assert!(explained, "`{column}` is explained nowhere:\n{output}");
    }
}

#[test]
fn backpropagation_ends_with_its_update() {
    let output = printed("worked_backprop");
    let names = [
        "hidden.weight[0][0]",
        "hidden.weight[0][1]",
        "hidden.weight[1][0]",
        "hidden.weight[1][1]",
        "hidden.bias[0]",
        "hidden.bias[1]",
        "output.weight[0][0]",
        "output.weight[0][1]",
        "output.bias[0]",
    ];
    let (table, update) = output.split_once("update: w ← w − 0.5 ∂L/∂w").expect("an update");
    assert!(table.contains("generated     chain rule  finite difference"), "{output}");
    let mut after = Vec::new();
    for name in names {
        let gradients = numbers(row(table, name));
        let [generated, by_hand, measured] = gradients[..] else { panic!("{name}: {gradients:?}\n{output}") };
        assert!((generated - by_hand).abs() < 1e-9 && (generated - measured).abs() < 1e-9, "{output}");
        let weights = numbers(row(update, name));
        let [old, new] = weights[..] else { panic!("{name}: {weights:?}\n{output}") };
        assert!((old - 0.5 * generated - new).abs() < 1.1e-6, "{output}");
        after.push(new);
    }
    // The loss of the printed weights, computed here.
    let sigmoid = |z: f64| 1.0 / (1.0 + (-z).exp());
    let h = [0, 1].map(|j| sigmoid(0.5 * after[2 * j] - after[2 * j + 1] + after[4 + j]));
    let y = sigmoid(after[6] * h[0] + after[7] * h[1] + after[8]);
    let loss = numbers(row(update, "L:"));
    assert!((loss[1] - 0.5 * (y - 0.9_f64).powi(2)).abs() < 1.1e-6 && loss[1] < loss[0], "{output}");
    for letter in ["z = ", "h = ", "u = ", "y = ", "du = ", "dzⱼ = "] {
        row(&output, letter);
    }
}

#[test]
fn a_perceptron_learns_by_its_rule_and_not_by_gradients() {
    let output = printed("perceptron");
    let decided = numbers(row(&output, "the eight decisions above:"));
    let [wrong, pass, a, b, c, bias] = decided[..] else { panic!("{decided:?}\n{output}") };
    assert!(wrong == 0.0 && pass < 1000.0, "{output}");
    // The printed weights decide as the table above says.
    for bits in 0..8_u8 {
        let [dry, wind, free] = [4, 2, 1].map(|bit| u8::from(bits & bit != 0));
        let sum = a * f64::from(dry) + b * f64::from(wind) + c * f64::from(free) + bias;
        let line = output.lines().find(|line| numbers(line).starts_with(&[dry.into(), wind.into(), free.into()])).unwrap();
        assert_eq!(sum > 0.0, line.ends_with("yes"), "{line}\n{output}");
    }
    assert!(numbers(row(&output, "either wind or free, not both:"))[0] > 0.0, "{output}");
    assert!(output.contains("8 of 8 decisions are the same"), "{output}");
}

#[test]
fn the_device_goes_on_from_the_newest_whole_state() {
    let output = printed("on_device");
    let (before, after) = output.split_once("the power is back").expect("the power comes back");
    // hour, loss on the stream, loss and accuracy on the test
    let hours = |text: &str| {
        let rows = text.lines().map(numbers).filter(|row| row.len() == 4 && row[0] < 10.0 && row[0].fract() == 0.0);
        rows.collect::<Vec<_>>()
    };
    let (before, after_restart) = (hours(before), hours(after));
    assert_eq!(before.iter().map(|row| row[0]).collect::<Vec<_>>(), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0], "{output}");
    assert!(before.windows(2).all(|pair| pair[0][2] != pair[1][2]), "hours look the same: {output}");
    assert!(row(after, "place 0:").contains("whole, of hour 4") && row(after, "place 1:").contains("checksum"), "{output}");
    assert_eq!(numbers(row(after, "going on from hour")), [4.0, before[4][2]], "{output}");
    assert_eq!(after_restart[0], before[5], "{output}");
    assert!(after.contains("the same bits as before the power failed"), "{output}");
    assert!(after_restart.len() == 3 && after_restart[2][2] < before[5][2], "{output}");
}

#[test]
fn logistic_regression_says_what_its_numbers_are() {
    let output = printed("logistic");
    for word in ["loss", "accuracy", "precision", "recall"] {
        assert!(output.lines().any(|line| line.starts_with(&format!("  {word} "))), "`{word}` is explained nowhere:\n{output}");
    }
    let [images, without, with] = numbers(row(&output, "Of the"))[..] else { panic!("{output}") };
    for (name, wrong) in [("logistic", without), ("16 hidden units", with)] {
        let accuracy = numbers(row(&output, name))[4];
        assert!((accuracy - (1.0 - wrong / images)).abs() < 6e-4, "{output}");
    }
}

/// The other examples run, and name what they print.
#[test]
fn every_example_says_what_its_numbers_are() {
    for (example, words) in [
        ("curve", &["root of the mean squared error", "steps, pieces: the weights are written down"][..]),
        ("own_layer", &["Root of the mean squared error", "x from −2 to 2"]),
        ("own_loss", &["mean quantile loss", "true quantile", "aimed at 0.9"]),
        ("own_loop", &["Share of 360 test images", "each pixel changed by up to 0.1"]),
    ] {
        let output = printed(example);
        for word in words {
            assert!(output.contains(word), "{example} does not say `{word}`:\n{output}");
        }
    }
    let Some(folder) = std::env::var_os("NN_DATA") else { return println!("mnist is skipped: NN_DATA is not set") };
    let folder = Path::new(&folder).join("mnist");
    if folder.exists() {
        let output = run("mnist", &[&folder, Path::new("1")]).unwrap();
        for words in ["loss: cross-entropy", "a row for each true class", "test accuracy: "] {
            assert!(output.contains(words), "mnist does not say `{words}`:\n{output}");
        }
    }
}

/// Networks over time on real words: each kind learns, within a few hundredths of what PyTorch's of these sizes reach (0.96 to 0.99).
#[test]
fn networks_over_time_know_spoken_digits() {
    let Some(folder) = std::env::var_os("NN_DATA") else { return println!("skipped: NN_DATA is not set") };
    let folder = Path::new(&folder).join("speech");
    if !folder.exists() {
        return println!("skipped: there is no {}", folder.display());
    }
    let output = run("over_time", &[&folder]).unwrap();
    let accuracy = |name: &str| -> f64 {
        let line = output.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("no row {name}:\n{output}"));
        line[name.len()..].split_whitespace().next().and_then(|number| number.parse().ok()).expect("a number")
    };
    for name in ["GRU, last state", "GRU, mean over time", "LSTM both ways, mean", "convolutions"] {
        assert!(accuracy(name) > 0.94, "{output}");
    }
}
