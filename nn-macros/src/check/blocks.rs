//! What the braces of blocks hold.

use syn::{Expr, Ident};

use crate::ast::{Arguments, Block, Branch, Content, Item};
use crate::error::{At, Errors, nearest};

/// The blocks' words.
pub(crate) const BLOCKS: [&str; 3] = ["Residual", "Concat", "Repeat"];

/// The branch of this name, or of a name that was probably meant for it.
pub(crate) fn branch<'a>(block: &'a Block, name: &str) -> Option<&'a Branch> {
    let Content::Branches(branches) = &block.content else { return None };
    let meant = |branch: &&Branch| nearest(&branch.name.to_string(), ["main", "skip"]) == Some(name);
    branches.iter().find(|branch| branch.name == name).or_else(|| branches.iter().find(meant))
}

/// `main` and `skip`. Layers without a branch count as `main`, after the mistake is reported.
pub(crate) fn residual_branches(block: &Block) -> (Option<&[Item]>, Option<&[Item]>) {
    match &block.content {
        Content::Layers(layers) => (Some(layers), None),
        Content::Branches(_) => (branch(block, "main").map(|main| &main.body[..]), branch(block, "skip").map(|skip| &skip.body[..])),
    }
}

/// Whether a residual block says that its `skip` is the identity: by no other branch than `main`.
pub(crate) fn has_main_alone(block: &Block) -> bool {
    match &block.content {
        Content::Layers(_) => false,
        Content::Branches(branches) => !block.broken && branches.len() == 1,
    }
}

pub(super) fn check_residual(word: &Ident, block: &Block, errors: &mut Errors) {
    let Content::Branches(branches) = &block.content else {
        let help = "write `Residual { main: { … } }`, and `skip: { … }` where the input's shape changes";
        errors.push(word.span(), "the layers of `Residual` stand in its branch `main`", help);
        return;
    };
    let mut seen: Vec<&str> = Vec::new();
    for branch in branches {
        let name = branch.name.to_string();
        let meant = ["main", "skip"].into_iter().find(|known| *known == name);
        let Some(known) = meant.or_else(|| {
            let near = nearest(&name, ["main", "skip"]);
            let help = near.map_or_else(|| "its branches are `main` and `skip`".into(), |known| format!("write `{known}`"));
            errors.push(branch.name.span(), format!("`Residual` has no branch `{name}`"), help);
            near
        }) else {
            continue;
        };
        if seen.contains(&known) {
            errors.push(
                branch.name.span(),
                format!("the branch `{known}` is given twice"),
                "keep one; layers in a row stand in one branch",
            );
        }
        seen.push(known);
        if branch.body.is_empty() {
            let help = if known == "skip" {
                "leave `skip` out: the input itself is then added"
            } else {
                "write the layers that `Residual` goes around"
            };
            errors.push(branch.name.span(), format!("the branch `{known}` has no layers"), help);
        }
    }
    if !block.broken
        && !seen.contains(&"main")
        && branches.iter().all(|branch| ["main", "skip"].contains(&branch.name.to_string().as_str()))
    {
        errors.push(word.span(), "`Residual` has no branch `main`", "write `main: { … }` with the layers that it goes around");
    }
}

pub(super) fn check_concat(word: &Ident, block: &Block, errors: &mut Errors) {
    match &block.content {
        Content::Layers(_) => {
            errors.push(word.span(), "`Concat` joins branches, each with a name", "write `Concat { a: { … }, b: { … } }`");
        }
        Content::Branches(branches) => {
            if branches.len() < 2 && !block.broken {
                errors.push(word.span(), "`Concat` joins at least two branches", "write `Concat { a: { … }, b: { … } }`");
            }
            for branch in branches.iter().filter(|branch| branch.body.is_empty()) {
                errors.push(
                    branch.name.span(),
                    format!("the branch `{}` has no layers", branch.name),
                    "for the input itself write `Identity`",
                );
            }
        }
    }
}

pub(super) fn check_repeat(word: &Ident, block: &Block, errors: &mut Errors) {
    match &block.content {
        Content::Branches(branches) => {
            let at = branches.first().map_or(block.span, |branch| branch.name.span());
            errors.push(at, "`Repeat` holds layers, not branches", "write its layers in order: `Repeat(3) { fc: Dense(32), Relu }`");
        }
        Content::Layers(layers) if layers.is_empty() => {
            errors.push(word.span(), "`Repeat` has no layers", "write the layers that it repeats");
        }
        Content::Layers(_) => {}
    }
}

pub(super) fn check_no_arguments(word: &Ident, arguments: Option<&Arguments>, errors: &mut Errors) {
    if let Some(arguments) = arguments {
        errors.push(arguments.span, format!("`{word}` takes no arguments"), format!("write `{word} {{ … }}`"));
    }
}

/// How often `Repeat` repeats; reports a count that is missing.
pub(crate) fn repeat_count<'a>(word: &Ident, arguments: Option<&'a Arguments>, errors: &mut Errors) -> Option<&'a Expr> {
    let list = arguments.map_or(&[][..], |arguments| &arguments.list);
    match list {
        [] => {
            errors.push(word.span(), "how often `Repeat` repeats is missing", "write such as `Repeat(3) { … }`");
            None
        }
        [first, rest @ ..] => {
            if let Some(keyword) = &first.keyword {
                errors.push(keyword.span(), format!("`Repeat` has no argument `{keyword}`"), "write the number alone: `Repeat(3)`");
                return None;
            }
            if let Some(second) = rest.first() {
                let at = second.keyword.as_ref().map_or_else(|| At::all(&second.value), |keyword| keyword.span().into());
                errors.push(at, "`Repeat` takes one argument, how often", "write such as `Repeat(3) { … }`");
            }
            first.value.as_ref()
        }
    }
}
