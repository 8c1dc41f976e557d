//! Handwritten digits in flash: rows to learn from, and rows to be tested with. `examples/train.rs` writes the file.

/// 64 pixels from 0 to 16, then the label.
pub type Row = [u8; 65];

/// The first of the data set's rows, and its last, which are never learned from.
pub static ROWS: &[Row] = include_bytes!("../weights/digits.rows").as_chunks().0;

/// How many of them are to learn from.
pub const TO_LEARN: usize = 200;

/// The pixels of a row as networks take them, from 0 to 1.
pub fn pixels(row: &Row) -> [f32; 64] {
    let mut x = [0.0; 64];
    for (x, pixel) in x.iter_mut().zip(row) {
        *x = f32::from(*pixel) / 16.0;
    }
    x
}

/// Where the largest output is.
pub fn largest(y: &[f32; 10]) -> u8 {
    let mut best = (0, f32::NEG_INFINITY);
    for (class, y) in (0..).zip(y) {
        if *y > best.1 {
            best = (class, *y);
        }
    }
    best.0
}

/// The pixels as an image of one channel.
pub fn image(pixels: &[f32; 64]) -> &[[[f32; 8]; 8]; 1] {
    &nn_core::plain::reshape(core::slice::from_ref(pixels))[0]
}
