//! `AvgPool1d(kernel, stride = kernel, padding = 0)`: `[C, L] -> [C, OL]`, the mean of each window, padding counted.

use super::{Rule, pool};

pub(super) static RULE: Rule = Rule { word: "AvgPool1d", example: "AvgPool1d(2)", resolve: |call| pool::resolve(call, 1), ..pool::RULE };
