//! `MaxPool2d(kernel, stride = kernel, padding = 0)`: `[C, H, W] -> [C, OH, OW]`, the largest value of each window.

use super::{Rule, pool};

pub(super) static RULE: Rule = Rule { word: "MaxPool2d", example: "MaxPool2d(2)", ..pool::RULE };
