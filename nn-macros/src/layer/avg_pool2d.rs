//! `AvgPool2d(kernel, stride = kernel, padding = 0)`: `[C, H, W] -> [C, OH, OW]`, the mean of each window, padding counted.

use super::{Rule, pool};

pub(super) static RULE: Rule = Rule { word: "AvgPool2d", example: "AvgPool2d(2)", ..pool::RULE };
