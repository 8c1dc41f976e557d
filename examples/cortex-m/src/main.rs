//! Handwritten digits on a Cortex-M4, and the same program on a PC: a line for each row, with its label, the answer and the bits of all
//! ten outputs. `run.sh` compares the lines of both.
#![cfg_attr(target_os = "none", no_std, no_main)]

#[cfg(target_os = "none")]
mod board;
mod digits;

use digits::{DIGITS, ROWS, Workspace};

/// `label answer`, then ten outputs of eight hexadecimal figures.
type Line = [u8; 3 + 9 * 10 + 1];

/// Predicts every row and gives `write` a line for each; `clock` counts upwards. Gives the time of all predictions together.
fn predict_rows(clock: impl Fn() -> u32, mut write: impl FnMut(&Line)) -> u32 {
    let mut workspace = Workspace::new();
    let mut time = 0;
    for row in ROWS {
        let x = digits::input(row);
        let mut y = [0.0; 10];
        let begin = clock();
        DIGITS.predict_into(&x, &mut y, &mut workspace);
        time += clock() - begin;
        write(&line(digits::label(row), &y));
    }
    time
}

fn line(label: u8, y: &[f32; 10]) -> Line {
    let mut line = [b' '; _];
    line[0] = b'0' + label;
    line[2] = b'0' + largest(y);
    line[93] = b'\n';
    for (text, y) in line[3..].as_chunks_mut::<9>().0.iter_mut().zip(y) {
        for (figure, place) in text[1..].iter_mut().zip([28, 24, 20, 16, 12, 8, 4, 0]) {
            *figure = match (y.to_bits() >> place & 15) as u8 {
                bits @ ..10 => b'0' + bits,
                bits => b'a' + bits - 10,
            };
        }
    }
    line
}

/// Where the largest output is.
fn largest(y: &[f32; 10]) -> u8 {
    let mut best = (0, f32::NEG_INFINITY);
    for (class, y) in (0..).zip(y) {
        if *y > best.1 {
            best = (class, *y);
        }
    }
    best.0
}

#[cfg(not(target_os = "none"))]
fn main() {
    predict_rows(|| 0, |line| print!("{}", String::from_utf8_lossy(line)));
}
