//! Tables as other programs write them by default: read right, or told what to write. The texts are what these programs give for the same
//! three rows of a height, an age and a yes or no.
#![allow(missing_docs, reason = "a test")]

use nn_core::data::{Csv, DataError, Table};
use nn_core::prelude::*;

fn read(csv: &Csv, text: &str) -> Result<Table, DataError> {
    csv.from_bytes(text.as_bytes(), "t.csv")
}

const ROWS: [[f32; 2]; 3] = [[1.5, 2.0], [3.0, 4.0], [5.0, 6.0]];

#[test]
fn tables_are_read_right() {
    let plain = Csv::default();
    let (semicolon, tab, space) = (plain.clone().delimiter(b';'), plain.clone().delimiter(b'\t'), plain.clone().delimiter(b' '));
    for (program, csv, text) in [
        ("pandas, to_csv(index=False)", plain.clone(), "height,age,y\n1.5,2,0\n3.0,4,1\n5.0,6,1\n"),
        ("pandas, to_csv()", plain.clone(), ",height,age,y\n0,1.5,2,0\n1,3.0,4,1\n2,5.0,6,1\n"),
        ("R, write.csv", plain.clone(), "\"\",\"height\",\"age\",\"y\"\n\"1\",1.5,2,0\n\"2\",3,4,1\n\"3\",5,6,1\n"),
        ("R, write.csv(row.names = FALSE)", plain.clone(), "\"height\",\"age\",\"y\"\n1.5,2,0\n3,4,1\n5,6,1\n"),
        ("R, write.table(row.names = FALSE)", space.clone(), "\"height\" \"age\" \"y\"\n1.5 2 0\n3 4 1\n5 6 1\n"),
        (
            "numpy, savetxt(delimiter=\",\", header=\"height,age,y\")",
            plain.clone(),
            "# height,age,y\n1.500000000000000000e+00,2.000000000000000000e+00,0.000000000000000000e+00\n3.000000000000000000e+00,4.000000000000000000e+00,1.000000000000000000e+00\n5e0,6e0,1e0\n",
        ),
        ("Excel in English, as CSV UTF-8", plain.clone(), "\u{feff}height,age,y\r\n1.5,2,0\r\n3,4,1\r\n5,6,1\r\n"),
        ("Excel in German", semicolon.clone().decimal_comma(true), "\u{feff}height;age;y\r\n1,5;2;0\r\n3;4;1\r\n5,0;6;1\r\n"),
        ("PostgreSQL, copy … with (format csv, header)", plain.clone(), "height,age,y\n1.5,2,0\n3,4,1\n5,6,1\n"),
        ("MySQL, batch mode", tab, "height\tage\ty\n1.5\t2\t0\n3\t4\t1\n5\t6\t1\n"),
    ] {
        let table = read(&csv, text).unwrap_or_else(|error| panic!("{program}: {error}"));
        assert_eq!(table.values::<[f32; 2]>(["height", "age"]).unwrap(), ROWS, "{program}");
        let classes: Vec<usize> =
            table.values::<Class<2>>("y").unwrap_or_else(|error| panic!("{program}: {error}")).iter().map(|c| c.index()).collect();
        assert_eq!(classes, [0, 1, 1], "{program}");
        let inputs = table.all_but("y").unwrap();
        assert_eq!(table.values::<[f32; 2]>(inputs).unwrap(), ROWS, "{program}: what numbers the rows is no input");
    }
    // Without a header.
    for (program, csv, text) in [
        ("pandas, to_csv(index=False, header=False)", plain.clone(), "1.5,2\n3.0,4\n5.0,6\n"),
        ("numpy, savetxt", space, "1.500000000000000000e+00 2.000000000000000000e+00\n3e0 4e0\n5e0 6e0\n"),
        ("Excel in German, numbers alone", semicolon.decimal_comma(true), "1,5;2\n3;4\n5;6\n"),
        ("pandas, to_csv(index=False) of an array, told", plain.clone().header(true), "0,1\n1.5,2\n3.0,4\n5.0,6\n"),
        ("scikit-learn's iris.csv, told", plain.header(true), "150,4,setosa,versicolor\n1.5,2,0,1\n3.0,4,0,1\n5.0,6,0,1\n"),
    ] {
        let table = read(&csv, text).unwrap_or_else(|error| panic!("{program}: {error}"));
        assert_eq!(table.values::<[f32; 2]>(0..2).unwrap(), ROWS, "{program}");
    }
}

/// A line that may be names or data is asked about.
#[test]
fn a_doubtful_first_line_is_a_question() {
    for (program, line, rest) in [
        ("pandas, to_csv() of an array", ",0,1,2", "0,1.5,2,0\n1,3.0,4,1\n"),
        ("pandas, to_csv(index=False) of an array", "0,1,2", "1.5,2,0\n3.0,4,1\n"),
        ("pandas, to_csv(index=False) of a series", "0", "0\n1\n1\n"),
        ("pandas, with a year as a column", "height,2019,y", "1.5,2,0\n3.0,4,1\n"),
        ("scikit-learn's iris.csv", "150,4,setosa,versicolor,virginica", "5.1,3.5,1.4,0.2,0\n4.9,3.0,1.4,0.2,0\n"),
        ("words over words, a number over words", "name,1", "Ann,red\nBob,blue\n"),
        ("a missing name before numbers", ",2019,2020", "1,2,3\n4,5,6\n"),
    ] {
        let text = format!("{line}\n{rest}");
        let error = read(&Csv::default(), &text).expect_err(program);
        assert_eq!(
            error.to_string(),
            format!("t.csv, line 1: `{line}` may be the columns' names or data: say `Csv::default().header(true)` or `.header(false)`"),
            "{program}"
        );
        let rows = rest.lines().count();
        assert_eq!(read(&Csv::default().header(true), &text).unwrap().len(), rows, "{program}");
        assert_eq!(read(&Csv::default().header(false), &text).unwrap().len(), rows + 1, "{program}");
    }
    for text in ["1,0,2\n3,4,5\n", "5\n6\n", "0,0\n1,1\n", "Ann,1\nBob,2\n", "1,NA\n2,3\n"] {
        let rows = text.lines().count();
        assert_eq!(read(&Csv::default(), text).unwrap_or_else(|error| panic!("{error}")).len(), rows, "{text}");
    }
}

/// What cannot be read is told with what to write.
#[test]
fn words_say_what_it_looks_like() {
    let plain = Csv::default();
    for (text, words) in [
        (
            "height;age\n1,5;2\n3,0;4\n",
            "2 cells where the first line has 1: its cells seem to be parted by ';': read it with `Csv::default().delimiter(b';')`, and where numbers are written like 1,5 with `.decimal_comma(true)`",
        ),
        ("a;b\n1,5;2,5\n", "3 cells where the first line has 1: its cells seem to be parted by ';'"),
        ("\"a\" \"b\"\n\"1\" 1 2\n", "seem to be parted by spaces"),
        (
            "a,b\n1,1,2\n2,3,4\n",
            "3 cells where the first line has 2: where rows have names that the header leaves out, as R writes them, write the file without (`row.names = FALSE`)",
        ),
        ("@relation iris\n@attribute a numeric\n@data\n1,2\n", "t.csv is an ARFF file of Weka's: save it as CSV there"),
        ("% a comment\n@RELATION iris\n", "t.csv is an ARFF file of Weka's"),
        ("sep=;\na;b\n1;2\n", "a table whose first line, `sep=`, is for Excel alone"),
        ("[{\"a\": 1}]", "t.csv is JSON"),
        ("<!DOCTYPE html>", "a page or XML, not a table"),
    ] {
        let error = read(&plain, text).and_then(|table| table.values::<f32>(0)).expect_err(text);
        assert!(error.to_string().contains(words), "{text}\n{error}");
    }
    for (begin, words) in [
        (&b"PK\x03\x04\x14\x00"[..], "a zip archive, as Excel's workbooks"),
        (b"\xd0\xcf\x11\xe0\xa1", "an old Excel workbook"),
        (b"PAR1\x15", "a Parquet file"),
        (b"\x93NUMPY\x01", "a numpy array"),
        (b"\xff\xfea\x00,\x00", "text in UTF-16"),
    ] {
        let error = plain.from_bytes(begin, "t.csv").unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
    for (cell, words) in [
        ("\"1,5\"", ": a decimal comma: read the file with `Csv::default().decimal_comma(true)`"),
        (
            "\"1,234\"",
            ": where the comma is a decimal one, read the file with `Csv::default().decimal_comma(true)`; where it parts thousands, remove it",
        ),
        ("\"1,234.5\"", ": remove the commas between thousands"),
        ("\"12,345,678\"", ": remove the commas between thousands"),
        ("50%", ": remove the sign"),
        ("$5", ": remove the sign of the currency"),
        ("5 \u{20ac}", ": remove the sign of the currency"),
        ("NA", ": a missing value: fill it in or leave the line out"),
        ("\\N", ": a missing value"),
        ("NULL", ": a missing value"),
        ("1;2", ": its cells seem to be parted by ';'"),
        ("1 2", ": its cells seem to be parted by spaces: read the file with `Csv::default().delimiter(b' ')`"),
    ] {
        let error = read(&plain, &format!("a,b\n{cell},2\n")).unwrap().values::<f32>("a").unwrap_err().to_string();
        assert!(error.contains("is not a finite number: ") && error.contains(words), "{cell}: {error}");
    }
    let error =
        read(&plain.clone().delimiter(b';').decimal_comma(true), "a;b\n1.5;2\n").unwrap().values::<f32>("a").unwrap_err().to_string();
    assert!(error.contains("a decimal point, where `decimal_comma(true)` was said"), "{error}");
    // Labels under names.
    for label in ["True", "yes", "setosa"] {
        let error = read(&plain, &format!("a,y\n1,{label}\n")).unwrap().values::<Class<2>>("y").unwrap_err().to_string();
        assert!(error.contains("is not one of the 2 classes 0 to 1: where classes have names, list them in order: `named_classes(…, [\"False\", \"True\"])`"), "{error}");
    }
    let labels = read(&plain, "a,y\n1,True\n2,False\n").unwrap().named_classes("y", ["False", "True"]).unwrap();
    assert_eq!(labels.iter().map(|label| label.index()).collect::<Vec<_>>(), [1, 0]);
    // Whole numbers in any spelling are labels, others are none.
    let of = |label: &str| read(&plain, &format!("a,y\n1,{label}\n")).unwrap().values::<Class<3>>("y");
    for label in ["2", "2.0", "2.000", "2e0", "2.000000000000000000e+00"] {
        assert_eq!(of(label).unwrap()[0].index(), 2, "{label}");
    }
    for label in ["2.5", "-1", "-0.5", "3", "1e300", "inf"] {
        assert!(of(label).is_err(), "{label}");
    }
}
