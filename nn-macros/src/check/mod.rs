//! The rules that need no shapes, one function a rule.

mod attributes;
mod blocks;
mod initializer;
mod names;
mod words;

pub(crate) use attributes::{has, key, optimize, scalar, stays};
pub(crate) use blocks::{BLOCKS, branch, has_main_alone, repeat_count, residual_branches};
pub(crate) use initializer::initializer;
pub(crate) use words::{known_word, nearest_word};

use crate::ast::{Content, Declaration, Item, What};
use crate::error::Errors;

/// All rules on a network.
pub(crate) fn declaration(declaration: &Declaration, errors: &mut Errors) {
    attributes::check_network(declaration, errors);
    items(&declaration.body, errors);
    names::check_unique(declaration, errors);
}

/// All rules on single layers, blocks' layers among them.
fn items(list: &[Item], errors: &mut Errors) {
    let mut proposed = Vec::new();
    for item in list {
        words::check(item, errors);
        attributes::check(item, errors);
        names::check_given(item, list, &mut proposed, errors);
        let What::Word { word, arguments, block: Some(block) } = &item.what else { continue };
        match word.to_string().as_str() {
            "Residual" => {
                blocks::check_no_arguments(word, arguments.as_ref(), errors);
                blocks::check_residual(word, block, errors);
            }
            "Concat" => {
                blocks::check_no_arguments(word, arguments.as_ref(), errors);
                blocks::check_concat(word, block, errors);
            }
            "Repeat" => blocks::check_repeat(word, block, errors),
            _ => {}
        }
        match &block.content {
            Content::Layers(layers) => items(layers, errors),
            Content::Branches(branches) => {
                for branch in branches {
                    attributes::check_branch(word, branch, errors);
                    items(&branch.body, errors);
                }
            }
        }
    }
}
