//! `MaxPool1d(kernel, stride = kernel, padding = 0)`: `[C, L] -> [C, OL]`, the largest value of each window.

use super::{Rule, pool};

pub(super) static RULE: Rule = Rule { word: "MaxPool1d", example: "MaxPool1d(2)", resolve: |call| pool::resolve(call, 1), ..pool::RULE };
