//! What the two axes of a value mean: channels over time, as convolutions read them, or steps of features, as recurrent layers do. Both are
//! two numbers, and nothing but the layer that made a value tells them apart; mixing them up trains, badly.

use super::Walk;
use super::agreement::keeps_shape;
use crate::ast::Item;
use crate::layer::Call;
use crate::model::Shape;
use crate::size::{Condition, Message};

/// What two axes mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Convention {
    /// `[channels, time]`
    Channels,
    /// `[time, features]`
    Steps,
}

impl Convention {
    /// With the axes swapped.
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Channels => Self::Steps,
            Self::Steps => Self::Channels,
        }
    }

    /// As messages name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Channels => "[channels, time]",
            Self::Steps => "[time, features]",
        }
    }
}

impl Call<'_, '_> {
    /// Reports an input of two axes in the other convention than this layer reads, and goes on with the axes swapped. An input that has none
    /// has this one from here on.
    pub(crate) fn reads(&mut self, wanted: Convention) {
        let Some([first, second]) = self.input.as_ref().and_then(|input| <&[_; 2]>::try_from(&input.0[..]).ok()).cloned() else { return };
        match self.walk.convention {
            Some(have) if have != wanted => {
                let by = self.walk.conventional.clone().unwrap_or_default();
                let fault = Message::default().text(format!("`{}` reads {}, but {by} {}", self.label, wanted.name(), have.name()));
                self.walk.require(self.span, Condition::Known(false), fault, Message::default().text("put `Transpose` before it"));
                // What the layers behind it were meant to get is not known.
                self.lost = true;
                self.input = Some(Shape(vec![second, first]));
                self.walk.convention = Some(wanted);
            }
            Some(_) => {}
            None => {
                self.walk.convention = Some(wanted);
                if self.walk.is_input {
                    self.walk.conventional = Some(format!("`{}` reads the same value as", self.label));
                    self.walk.learned = Some((wanted, self.walk.conventional.clone().unwrap_or_default()));
                }
            }
        }
    }
}

impl Walk<'_> {
    /// After a layer: what its output's axes mean. Layers that keep the shape keep the meaning.
    pub(super) fn convene(&mut self, item: &Item, is_foreign: bool, output: Option<&Shape>) {
        if is_foreign || output.is_none_or(|output| output.0.len() != 2) {
            self.convention = None;
        }
        if !keeps_shape(item) {
            self.is_input = false;
            self.conventional = Some(format!("`{}` gives", item.label()));
        }
    }
}

/// What is known of a block's input before its branches.
pub(super) struct Before {
    convention: Option<Convention>,
    conventional: Option<String>,
    is_input: bool,
    learned: Option<(Convention, String)>,
}

impl Walk<'_> {
    /// Before the branches of a block.
    pub(super) fn fork(&mut self) -> Before {
        Before {
            convention: self.convention,
            conventional: self.conventional.clone(),
            is_input: self.is_input,
            learned: self.learned.take(),
        }
    }

    /// Before each branch: the input as it was, with what the branches before have shown of it.
    pub(super) fn branch(&mut self, before: &Before) {
        (self.convention, self.conventional, self.is_input) = (before.convention, before.conventional.clone(), true);
        if let (None, Some((learned, by))) = (before.convention, self.learned.clone()) {
            (self.convention, self.conventional) = (Some(learned), Some(by));
        }
    }

    /// Behind the branches, of which the last has been walked and the others gave `first`. Whether the two agree.
    pub(super) fn join_conventions(&mut self, first: Option<Convention>) -> bool {
        let agree = first.is_none() || self.convention.is_none() || first == self.convention;
        self.convention = first.or(self.convention);
        agree
    }

    /// Behind a block.
    pub(super) fn close(&mut self, before: Before) {
        let shown = self.learned.take();
        self.learned = before.learned.or(shown.filter(|_| before.is_input));
    }
}
