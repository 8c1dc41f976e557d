//! Reading, splitting and preparing data, on real files and on damaged ones.
#![cfg(test)]

use std::path::{Path, PathBuf};

use nn_core::data::{Csv, DataError, Idx, Table};
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
    assert_eq!(wrong, "t.csv, line 3, column `x`: `NaN` is not a finite number");
    assert!(message(table("x\n1e39\n").unwrap().values::<f32>("x")).contains("`1e39` is not a finite number"));
    assert_eq!(message(table("a,b\n1,2\n1,2,3\n")), "t.csv, line 3: 3 cells where the first line has 2");
    assert_eq!(message(table("x\n1\n\n2\n")), "t.csv, line 3, column `x`: empty where a value is wanted: fill it in or leave the line out");
    assert_eq!(message(table("a,b\n1,2\n3,\"4\n5,6\n")), "t.csv, line 3: a quote that opens here is never closed");
    assert_eq!(message(table("")), "t.csv holds no data");
    assert_eq!(message(table("a,b\n")), "t.csv holds no data");
    let wrong = message(Csv::default().from_bytes(b"a\n1\n\xff\n", "t.csv"));
    assert_eq!(wrong, "t.csv, line 3: not text in UTF-8: save the file as UTF-8");
    assert_eq!(message(table(text).unwrap().values::<f32>("c")), "t.csv has no column `c`: its columns are `a`, `b`, `class`");
    assert_eq!(message(table(text).unwrap().values::<f32>(0..4)), "t.csv has no column `3`: its columns are `a`, `b`, `class`");
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
