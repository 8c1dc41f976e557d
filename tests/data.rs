//! Reading, splitting and preparing data, on real files and on damaged ones.
#![cfg(test)]
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small numbers")]

use std::path::{Path, PathBuf};

use nn_core::data::{Csv, DataError, Idx, Standardizer, Table, windows};
use nn_core::prelude::*;

/// A file that the repository ships.
fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data").join(name)
}

/// A folder with data that the repository does not ship; `None`, with a word about it, where it is not there.
fn elsewhere(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("NN_DATA").map(|folder| Path::new(&folder).join(name)).filter(|path| path.exists());
    if path.is_none() {
        println!("skipped: NN_DATA names no folder with `{name}`");
    }
    path
}

/// The message of the error.
fn message<T: std::fmt::Debug>(result: Result<T, DataError>) -> String {
    result.expect_err("this is wrong").to_string()
}

#[test]
fn digits_are_those_of_scikit_learn() {
    let digits = datasets::digits(shipped("digits.csv.gz")).unwrap();
    assert_eq!(digits.len(), 1797);
    // `load_digits()`: images[0][0] and the counts of the ten classes.
    assert_eq!(digits.inputs()[0][0][0].map(|x| x * 16.0), [0.0, 0.0, 5.0, 13.0, 9.0, 1.0, 0.0, 0.0]);
    let mut counts = [0; 10];
    for class in digits.targets() {
        counts[class.index()] += 1;
    }
    assert_eq!(counts, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    // `load_digits().images.sum()` is 561,718.
    let sum: f64 = digits.inputs().iter().flatten().flatten().flatten().map(|x| f64::from(*x) * 16.0).sum();
    assert!((sum - 561_718.0).abs() < 1e-6, "{sum}");
}

#[test]
fn views_are_read_by_name() {
    let table = Table::read(shipped("wikipedia_peyton_manning.csv")).unwrap();
    assert_eq!(table.names(), ["date", "views"]);
    let views: Vec<f32> = table.values("views").unwrap();
    assert_eq!((views.len(), views[0], views[1]), (2905, 14629.0, 5012.0));
    let days = table.days("date").unwrap();
    // From 2007-12-10 to 2016-01-20 there are 2,964 days, of which 59 are missing.
    assert_eq!(days[days.len() - 1] - days[0] + 1, 2905 + 59);
}

#[test]
fn mnist_is_the_published_one() {
    let Some(folder) = elsewhere("mnist") else { return };
    let (train, test) = datasets::mnist(folder).unwrap();
    assert_eq!((train.len(), test.len()), (60_000, 10_000));
    // The mean that every tutorial divides by: 0.1307.
    let mean = train.inputs().iter().flatten().flatten().flatten().map(|x| f64::from(*x)).sum::<f64>() / (60_000.0 * 784.0);
    assert!((mean - 0.1307).abs() < 5e-5, "{mean}");
    let first: Vec<_> = train.targets()[..10].iter().map(|class| class.index()).collect();
    assert_eq!(first, [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
}

#[test]
fn idx_reads_every_number_type() {
    let file = |code: u8, values: &[u8]| [&[0, 0, code, 2, 0, 0, 0, 1, 0, 0, 0, 2], values].concat();
    let read = |bytes: Vec<u8>| Idx::from_bytes(&bytes, "some.idx").unwrap().samples::<[f64; 2]>().unwrap();
    assert_eq!(read(file(0x08, &[0, 255])), [[0.0, 255.0]]);
    assert_eq!(read(file(0x09, &[127, 0x80])), [[127.0, -128.0]]);
    assert_eq!(read(file(0x0b, &[0x7f, 0xff, 0x80, 0])), [[32767.0, -32768.0]]);
    assert_eq!(read(file(0x0c, &[0, 0, 1, 0, 0xff, 0xff, 0xff, 0xff])), [[256.0, -1.0]]);
    assert_eq!(read(file(0x0d, &[1.5f32.to_be_bytes(), (-0.25f32).to_be_bytes()].concat())), [[1.5, -0.25]]);
    assert_eq!(read(file(0x0e, &[1e300f64.to_be_bytes(), 0.1f64.to_be_bytes()].concat())), [[1e300, 0.1]]);
}

#[test]
fn idx_says_what_is_wrong() {
    let bytes = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];
    let idx = Idx::from_bytes(&bytes, "a.idx").unwrap();
    assert_eq!(idx.samples::<[[f32; 3]; 1]>().unwrap(), [[[1.0, 2.0, 3.0]], [[4.0, 5.0, 6.0]]]);
    assert_eq!(
        message(idx.samples::<[f32; 4]>()),
        "a.idx holds samples of shape [3], and [4] is wanted: change the type to the file's shape"
    );
    let labels = Idx::from_bytes(&[0, 0, 8, 1, 0, 0, 0, 3, 0, 2, 3], "b.idx").unwrap();
    assert_eq!(message(labels.classes::<3>()), "b.idx, sample 2: label 3 is none of the 3 classes 0 to 2");
    assert_eq!(labels.classes::<4>().unwrap().len(), 3);
    let cut = message(Idx::from_bytes(&bytes[..17], "c.idx"));
    assert_eq!(cut, "c.idx is not a whole IDX file: its sizes [2, 3] take 6 bytes, and it has 5: it is cut off");
    // A header that announces 4 GiB × 4 GiB costs nothing.
    let lie = [&[0, 0, 8, 2], [0xff; 8].as_slice(), &[1, 2, 3]].concat();
    assert!(message(Idx::from_bytes(&lie, "d.idx")).starts_with("d.idx is not a whole IDX file: "));
    assert_eq!(Idx::from_bytes(&bytes, "e.idx").unwrap().flattened().sizes(), [2, 3]);
}

#[test]
fn csv_names_line_and_column() {
    let table = |text: &str| Csv::default().from_bytes(text.as_bytes(), "t.csv");
    let text = "a,b,class\n1,2,0\n3,,1\n5,six,2\n";
    assert_eq!(table(text).unwrap().values::<f32>("a").unwrap(), [1.0, 3.0, 5.0]);
    let wrong = message(table(text).unwrap().values::<[f32; 2]>(["a", "b"]));
    assert_eq!(wrong, "t.csv, line 3, column `b`: empty where a finite number is wanted: fill it in or leave the line out");
    let wrong = message(table("1,2\n\n3,x\n").unwrap().values::<f32>(1));
    assert_eq!(wrong, "t.csv, line 3, column 1: `x` is not a finite number");
    let wrong = message(table(text).unwrap().dataset::<f32, Class<2>>("a", "class"));
    assert_eq!(wrong, "t.csv, line 4, column `class`: `2` is not one of the 2 classes 0 to 1");
    let wrong = message(table("x\n1\nNaN\n").unwrap().values::<f32>("x"));
    assert_eq!(wrong, "t.csv, line 3, column `x`: `NaN` is not a finite number: a missing value: fill it in or leave the line out");
    assert!(message(table("x\n1e39\n").unwrap().values::<f32>("x")).contains("`1e39` is not a finite number"));
    assert_eq!(message(table("a,b\n1,2\n1,2,3,4\n")), "t.csv, line 3: 4 cells where the first line has 2");
    assert_eq!(message(table("x\n1\n\n2\n")), "t.csv, line 3, column `x`: empty where a value is wanted: fill it in or leave the line out");
    assert_eq!(message(table("a,b\n1,2\n3,\"4\n5,6\n")), "t.csv, line 3: a quote that opens here is never closed");
    assert_eq!(message(table("a,b\n1,2\n\"3,4\n5,6\n")), "t.csv, line 3: a quote that opens here is never closed");
    assert_eq!(message(table("")), "t.csv holds no data");
    assert_eq!(message(table("a,b\n")), "t.csv holds no data");
    let wrong = message(Csv::default().from_bytes(b"a\n1\n\xff\n", "t.csv"));
    assert_eq!(wrong, "t.csv, line 3: not text in UTF-8: save the file as UTF-8");
    assert_eq!(message(table(text).unwrap().values::<f32>("c")), "t.csv has no column `c`: its columns are `a`, `b`, `class`");
    assert_eq!(message(table(text).unwrap().values::<f32>(0..4)), "t.csv has no column `3`: its columns are `a`, `b`, `class`");
    let wrong = message(table("a;b\n1;2\n").unwrap().values::<f32>("a"));
    assert_eq!(wrong, "t.csv has no column `a`: its columns are `a;b`: read it with `Csv::default().delimiter(b';')`");
    assert_eq!(message(table("a,a\n1,2\n").unwrap().values::<f32>("a")), "t.csv has two columns `a`: rename one, or ask by number");
    let wrong = message(table(text).unwrap().values::<[f32; 3]>(["a", "b"]));
    assert_eq!(wrong, "2 columns of t.csv for samples of shape [3]: give 3 columns, or another shape");
}

#[test]
fn csv_reads_what_other_programs_write() {
    let table = |text: &str| Csv::default().from_bytes(text.as_bytes(), "t.csv").unwrap();
    // A byte order mark, carriage returns, quotes with a comma and a line break, spaces, an empty line, no line break at the end.
    let odd = table("\u{feff}name,\"v\"\r\n\"a, b\",1\r\n\"c\nd\", 2.5e0 \r\n\r\ne,\"-3\"");
    assert_eq!(odd.names(), ["name", "v"]);
    assert_eq!(odd.values::<f32>("v").unwrap(), [1.0, 2.5, -3.0]);
    assert_eq!(odd.text("name").unwrap(), ["a, b", "c\nd", "e"]);
    assert_eq!(table("5.1,setosa\n4.9,virginica\n").len(), 2, "a number in the first line: no header");
    let flowers = table("5.1,setosa\n4.9,virginica\n").named_classes(1, ["virginica", "setosa"]).unwrap();
    assert_eq!(flowers.iter().map(|class| class.index()).collect::<Vec<_>>(), [1, 0]);
    assert_eq!(table("class\n1.0\n0\n").values::<Class<2>>("class").unwrap().len(), 2);
    let semicolons = Csv::default().delimiter(b';').header(true).from_bytes(b"1;2\n3;4\n", "t.csv").unwrap();
    assert_eq!(semicolons.values::<[f64; 2]>(["2", "1"]).unwrap(), [[4.0, 3.0]]);
    assert_eq!(semicolons.all_but("1").unwrap(), [1]);
    assert_eq!(table("date\n1970-01-01\n2000-02-29\n2026-11-22\n").days("date").unwrap(), [0, 11_016, 20_779]);
    assert!(message(table("date\n2001-02-29\n").days("date")).contains("`2001-02-29` is not a date like 2026-11-22"));
}

#[test]
fn splits_keep_every_sample_once() {
    let data = || {
        let inputs: Vec<[f32; 2]> = (0..101u8).map(|i| [f32::from(i), -f32::from(i)]).collect();
        let targets = (0..101).map(|i| Class::<3>::new(usize::from(i >= 50) + usize::from(i >= 90)).unwrap()).collect();
        Dataset::new(inputs, targets).unwrap().with_weights((0..101u8).map(f32::from).collect()).unwrap()
    };
    let check = |(first, second): (Dataset<[f32; 2], Class<3>>, Dataset<[f32; 2], Class<3>>)| {
        let mut seen = [0; 101];
        for part in [&first, &second] {
            for ((x, y), w) in part.inputs().iter().zip(part.targets()).zip(part.weights().unwrap()) {
                assert_eq!((x[0], x[0]), (-x[1], *w), "input and weight stay together");
                assert_eq!(y.index(), usize::from(x[0] >= 50.0) + usize::from(x[0] >= 90.0), "and the target");
                seen[*w as usize] += 1;
            }
        }
        assert_eq!(seen, [1; 101]);
        let classes = |part: &Dataset<_, Class<3>>| [0, 1, 2].map(|c| part.targets().iter().filter(|y| y.index() == c).count());
        (classes(&first), classes(&second))
    };
    assert_eq!(check(data().split_at(60).unwrap()), ([50, 10, 0], [0, 30, 11]));
    assert_eq!(check(data().split_stratified(0.2, 7).unwrap()), ([40, 32, 9], [10, 8, 2]));
    let (first, second) = check(data().split_shuffled(0.25, 7).unwrap());
    assert_eq!((first.iter().sum::<usize>(), second.iter().sum::<usize>()), (76, 25));
    let order = |seed| data().shuffled(seed).inputs().to_vec();
    assert_eq!(order(1), order(1));
    assert_ne!(order(1), order(2));
    assert_ne!(order(1), data().inputs());
    assert!(data().split_at(101).unwrap().1.is_empty());
    assert_eq!(message(data().split_at(102)), "cannot split 101 samples at row 102: give a row up to 101");
    assert_eq!(message(data().split_shuffled(1.5, 0)), "cannot split off a share of 1.5: give a number between 0 and 1");
    assert!(data().split_stratified(f64::NAN, 0).is_err());
}

#[test]
fn large_samples_never_pass_through_the_stack() {
    type Large = [[f32; 1024]; 1024]; // 4 MiB, in a thread of 1 MiB
    let work = || {
        let mut bytes = vec![0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 4, 0, 0, 0, 4, 0];
        for value in [1, 2, 3, 4] {
            bytes.resize(bytes.len() + (1 << 20), value);
        }
        let images = Idx::from_bytes(&bytes, "large.idx").unwrap().samples::<Large>().unwrap();
        let labels = (0..4).map(|i| Class::<2>::new(i / 2).unwrap()).collect();
        let (mut train, mut test) = Dataset::new(images, labels).unwrap().shuffled(3).split_stratified(0.5, 1).unwrap();
        assert_eq!((train.len(), test.len()), (2, 2));
        for part in [&train, &test] {
            assert!(part.inputs().iter().zip(part.targets()).all(|(x, y)| y.index() == usize::from(x[1023][1023] > 2.0)));
        }
        let scale = Standardizer::fit_channels(train.inputs()).unwrap();
        scale.apply(train.inputs_mut());
        scale.undo(test.inputs_mut());
    };
    std::thread::Builder::new().stack_size(1 << 20).spawn(work).unwrap().join().unwrap();
}

#[test]
fn standardizing_is_that_of_scikit_learn() {
    let digits = datasets::digits(shipped("digits.csv.gz")).unwrap();
    let (train, test) = digits.split_at(1437).unwrap();
    let scale = Standardizer::fit(train.inputs()).unwrap();
    // `StandardScaler().fit(X[:1437] / 16)`, in f64: three means, three deviations (the first pixel is always 0), and the last image's pixel 36.
    for (ours, theirs) in [
        (scale.mean()[2], 0.3234603340292276),
        (scale.deviation()[2], 0.29488823737027164),
        (scale.deviation()[36], 0.3702967676976825),
        (scale.deviation()[0], 1.0),
    ] {
        assert!((ours - theirs).abs() < 1e-12, "{ours} {theirs}");
    }
    let mut inputs = test.inputs().to_vec();
    scale.apply(&mut inputs);
    assert!((f64::from(inputs[359][0][4][4]) - 0.7924722039578932).abs() < 1e-6);
    scale.undo(&mut inputs);
    for (x, y) in inputs.iter().flatten().flatten().flatten().zip(test.inputs().iter().flatten().flatten().flatten()) {
        assert!((x - y).abs() < 1e-6);
    }
}

#[test]
fn constants_and_channels_are_standardized_soundly() {
    let constant = [[0.1f32, 1e6], [0.1, 1e6 + 1.0], [0.1, 1e6 + 2.0]].repeat(20_000);
    let scale = Standardizer::fit(&constant).unwrap();
    assert_eq!(scale.deviation()[0], 1.0, "no noise is blown up");
    assert!((scale.deviation()[1] - (2.0f64 / 3.0).sqrt()).abs() < 1e-9, "{:?}", scale.deviation());
    let mut images = [[[1.0f32, 3.0], [10.0, 10.0]], [[5.0, 7.0], [10.0, 10.0]]];
    let scale = Standardizer::fit_channels(&images).unwrap();
    assert_eq!((scale.mean(), scale.deviation()), (&[4.0, 10.0][..], &[5.0f64.sqrt(), 1.0][..]));
    scale.apply(&mut images);
    assert_eq!(images[0], [[-1.341_640_8, -0.447_213_6], [0.0, 0.0]]);
    assert_eq!(message(Standardizer::<f32>::fit(&[])), "there are no samples to take a mean of: give one at least");
    assert_eq!(
        message(Standardizer::fit(&[[0.0f32, 1.0], [0.0, f32::NAN]])),
        "number 1 of sample 1 is infinite or NaN: mend or leave out that sample"
    );
}

#[test]
fn series_become_samples() {
    let series: Vec<f32> = (0..100u8).map(f32::from).collect();
    let data = windows::lags(&series, [1, 7, 28, 56], 1).unwrap();
    assert_eq!((data.len(), data.inputs()[0], data.targets()[0]), (44, [55.0, 49.0, 28.0, 0.0], 56.0));
    assert_eq!((data.inputs()[43], data.targets()[43]), ([98.0, 92.0, 71.0, 43.0], 99.0));
    let data = windows::lags(&series, [1, 2], 7).unwrap();
    assert_eq!((data.len(), data.inputs()[0], data.targets()[0]), (92, [1.0, 0.0], 8.0));
    let data = windows::sliding::<f32, 3, 2>(&series).unwrap();
    assert_eq!((data.len(), data.inputs()[95], data.targets()[95]), (96, [95.0, 96.0, 97.0], [98.0, 99.0]));
    assert_eq!(
        message(windows::sliding::<f32, 3, 2>(&series[..4])),
        "a series of 4 values is too short: one window with its target takes 5"
    );
    assert_eq!(message(windows::lags(&series, [100], 1)), "a series of 100 values is too short: one window with its target takes 101");
    assert_eq!(message(windows::lags(&series, [0], 1)), "a lag of 0: the least is 1");
    assert!(windows::lags(&series, [usize::MAX], usize::MAX).is_err());
    let pairs: Vec<[f32; 2]> = series.iter().map(|x| [*x, -x]).collect();
    let data = windows::sliding::<[f32; 2], 3, 1>(&pairs).unwrap().channels_first();
    assert_eq!(data.inputs()[1], [[1.0, 2.0, 3.0], [-1.0, -2.0, -3.0]]);
}

#[test]
fn missing_days_are_filled_in() {
    assert_eq!(windows::fill_gaps(&[3, 4, 7, 8], &[1.0f32, 2.0, 8.0, 0.0], 2).unwrap(), [1.0, 2.0, 4.0, 6.0, 8.0, 0.0]);
    let gap = message(windows::fill_gaps(&[3, 4, 7], &[1.0f32, 2.0, 8.0], 1));
    assert_eq!(gap, "2 days are missing before day 2 of the series, and at most 1 are filled in: allow more, or cut there");
    assert!(windows::fill_gaps(&[3, 3], &[1.0f32, 2.0], 1).is_err());
    let gap = message(windows::fill_gaps(&[i64::MIN, i64::MAX], &[1.0f32, 2.0], 1));
    assert!(gap.starts_with("18446744073709551614 days are missing"), "{gap}");
    let table = Table::read(shipped("wikipedia_peyton_manning.csv")).unwrap();
    let views = windows::fill_gaps::<f32>(&table.days("date").unwrap(), &table.values("views").unwrap(), 60).unwrap();
    assert_eq!(views.len(), 2964);
}

#[test]
fn classes_become_one_hot() {
    let data = Dataset::new(vec![0.0f32; 2], vec![Class::<3>::new(2).unwrap(), Class::new(0).unwrap()]).unwrap();
    assert_eq!(data.one_hot::<f32>().targets(), [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]);
}

#[test]
fn a_standardizer_is_rebuilt_from_what_was_saved() {
    let samples = [[1.0_f64, 10.0], [3.0, 30.0], [5.0, 20.0]];
    let fitted = Standardizer::<[f64; 2]>::fit(&samples).unwrap();
    let again = Standardizer::<[f64; 2]>::from_saved(fitted.mean().to_vec(), fitted.deviation().to_vec()).unwrap();
    let (mut a, mut b) = (samples, samples);
    fitted.apply(&mut a);
    again.apply(&mut b);
    assert_eq!(a, b);
    assert!(Standardizer::<[f64; 2]>::from_saved(vec![0.0; 3], vec![1.0; 3]).is_err());
    assert!(Standardizer::<[f64; 2]>::from_saved(vec![0.0; 2], vec![1.0; 1]).is_err());
    assert!(Standardizer::<[f64; 2]>::from_saved(vec![0.0; 2], vec![1.0, 0.0]).is_err());
}
