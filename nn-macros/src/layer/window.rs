//! What convolutions and pools share: how far a window reaches, and how often it fits.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Expr;

use super::Call;
use crate::error::{At, nearest};
use crate::model::{Dim, Shape};
use crate::size::{Condition, Message, Number};
use crate::text;

/// A window's sizes, one an axis.
pub(super) struct Window {
    pub kernel: Vec<Dim>,
    pub stride: Vec<Dim>,
    pub before: Vec<Dim>,
    pub after: Vec<Dim>,
    pub dilation: Vec<Dim>,
}

impl Window {
    /// `Window1d<S, LEFT, RIGHT, D>` or `Window2d<SH, SW, TOP, BOTTOM, LEFT, RIGHT, DH, DW>`, what equals a default left out; `None` where all do.
    pub(super) fn ty(&self) -> Option<TokenStream> {
        let mut arguments: Vec<&Dim> = self.stride.iter().collect();
        for (before, after) in self.before.iter().zip(&self.after) {
            arguments.extend([before, after]);
        }
        arguments.extend(&self.dilation);
        let axes = self.kernel.len();
        let default = |i: usize| Dim::Known(usize::from(i < axes || i >= 3 * axes));
        while let Some(last) = arguments.last() {
            if **last != default(arguments.len() - 1) {
                break;
            }
            arguments.pop();
        }
        if arguments.is_empty() {
            return None;
        }
        let arguments = arguments.into_iter().map(Dim::tokens);
        Some(if axes == 1 { quote!(Window1d<#(#arguments),*>) } else { quote!(Window2d<#(#arguments),*>) })
    }

    /// How many numbers a convolution of `outputs` channels, each from `group` channels, learns, where literals say so.
    pub(super) fn parameters(&self, outputs: &Dim, group: &Dim, bias: bool) -> Option<usize> {
        let mut sizes = vec![outputs.clone(), group.clone()];
        sizes.extend(self.kernel.iter().cloned());
        let biases = if bias { Shape(vec![outputs.clone()]).known_len()? } else { 0 };
        Some(Shape(sizes).known_len()? + biases)
    }

    /// As [`Window::ty`], with the default where others follow.
    pub(super) fn ty_or_default(&self) -> TokenStream {
        self.ty().unwrap_or_else(|| if self.kernel.len() == 1 { quote!(Window1d) } else { quote!(Window2d) })
    }
}

/// What differs between layers with a window.
pub(super) struct Style {
    /// `padding = Causal`.
    pub causal: bool,
    /// A pool: its stride is its kernel, and padding reaches at most half of the kernel.
    pub pool: bool,
}

const WORDS: [&str; 3] = ["Same", "Valid", "Causal"];

/// Reads stride, padding, dilation and remainder, and computes the sizes that come out.
pub(super) fn resolve(call: &mut Call<'_, '_>, kernel: Vec<Dim>, sizes: &[Dim], style: &Style) -> (Window, Vec<Dim>) {
    let axes = sizes.len();
    let krate = call.walk.krate.clone();
    let default_stride = if style.pool { kernel.clone() } else { vec![Dim::Known(1); axes] };
    let stride = call.axes("stride", 1, axes).unwrap_or(default_stride);
    let dilation = call.axes("dilation", 1, axes).unwrap_or_else(|| vec![Dim::Known(1); axes]);
    let padding = read_padding(call, axes, style);
    let ignore = read_remainder(call);

    // Whatever the sizes are, what comes out is what went in.
    let single = |axis: usize| kernel[axis] == Dim::Known(1) && stride[axis] == Dim::Known(1);
    let kept = match &padding {
        Padding::Same => true,
        Padding::Valid => (0..axes).all(single),
        _ => false,
    };
    let arithmetic = kernel.iter().chain(&stride).chain(&dilation);
    if call.refuse_parameters(arithmetic, "needs arithmetic on") || (!kept && call.refuse_parameters(sizes, "needs arithmetic on")) {
        let unknown = || vec![Dim::Unknown; axes];
        let output = if kept { sizes.to_vec() } else { unknown() };
        return (Window { kernel, stride, before: unknown(), after: unknown(), dilation }, output);
    }

    let spans: Vec<Number> = (0..axes)
        .map(|axis| {
            let reach = Number::from(&kernel[axis]).sub(&1.into(), &krate).mul(&(&dilation[axis]).into(), &krate);
            reach.add(&1.into(), &krate)
        })
        .collect();
    let (before, after): (Vec<Dim>, Vec<Dim>) = (0..axes)
        .map(|axis| match &padding {
            Padding::Valid => (Dim::Known(0), Dim::Known(0)),
            Padding::Numbers(numbers) => (numbers[axis].clone(), numbers[axis].clone()),
            Padding::Same => {
                let total = spans[axis].sub(&1.into(), &krate);
                let before = total.div(&2.into(), &krate);
                let after = total.sub(&before, &krate);
                (call.walk.dim(before, "before"), call.walk.dim(after, "after"))
            }
            Padding::Causal => (call.walk.dim(spans[axis].sub(&1.into(), &krate), "before"), Dim::Known(0)),
            Padding::Unknown => (Dim::Unknown, Dim::Unknown),
        })
        .unzip();
    check_padding(call, &kernel, &stride, &before, &padding, style);

    let window = Window { kernel, stride, before, after, dilation };
    if kept {
        // With a stride, reported above, as many as there are in TensorFlow and Keras.
        let output = sizes.iter().zip(&window.stride).map(|(size, stride)| match stride {
            Dim::Known(1) | Dim::Constant(_) => size.clone(),
            stride => {
                let stride = Number::from(stride);
                let count = Number::from(size).add(&stride.sub(&1.into(), &krate), &krate).div(&stride, &krate);
                call.walk.dim(count, "size")
            }
        });
        let output = output.collect();
        return (window, output);
    }
    let output = fit(call, &window, &spans, sizes, ignore, style);
    (window, output)
}

enum Padding {
    Valid,
    Same,
    Causal,
    Numbers(Vec<Dim>),
    /// After a mistake.
    Unknown,
}

fn read_padding(call: &mut Call<'_, '_>, axes: usize, style: &Style) -> Padding {
    let Some(value) = call.value("padding") else { return Padding::Valid };
    match call.word("padding", &WORDS) {
        Some("Same") => return Padding::Same,
        Some("Valid") => return Padding::Valid,
        Some("Causal") if style.causal => return Padding::Causal,
        Some(_) => {
            call.walk.errors.push(
                At::all(value),
                format!("`padding = Causal` is for `Conv1d`, not for `{}`", call.rule.word),
                "write `Same`, `Valid` or a number",
            );
            return Padding::Unknown;
        }
        None => {}
    }
    if let Expr::Path(path) = value
        && let Some(word) = path.path.get_ident()
        && let Some(known) = nearest(&word.to_string(), WORDS)
    {
        call.walk.errors.push(word.span(), format!("there is no padding `{word}`"), format!("write `{known}`"));
        return match known {
            "Same" => Padding::Same,
            "Valid" => Padding::Valid,
            _ => Padding::Unknown,
        };
    }
    if let Expr::Lit(literal) = value
        && let syn::Lit::Str(word) = &literal.lit
        && let Some(known) = nearest(&word.value(), WORDS)
    {
        call.walk.errors.push(
            word.span(),
            format!("`padding` is a word without quotes, not {}", text::of(value)),
            format!("write `padding = {known}`"),
        );
        return match known {
            "Same" => Padding::Same,
            "Valid" => Padding::Valid,
            _ => Padding::Unknown,
        };
    }
    call.axes("padding", 0, axes).map_or(Padding::Valid, Padding::Numbers)
}

/// Whether `remainder = Ignore` stands there.
fn read_remainder(call: &mut Call<'_, '_>) -> bool {
    let Some(value) = call.value("remainder") else { return false };
    if call.word("remainder", &["Ignore"]).is_none() {
        call.walk.errors.push(
            At::all(value),
            format!("`remainder` is `Ignore` or left out, not `{}`", text::of(value)),
            "write `remainder = Ignore`",
        );
    }
    true
}

fn check_padding(call: &mut Call<'_, '_>, kernel: &[Dim], stride: &[Dim], before: &[Dim], padding: &Padding, style: &Style) {
    let Some(value) = call.value("padding") else { return };
    let krate = call.walk.krate.clone();
    if matches!(padding, Padding::Same) {
        let condition =
            stride.iter().map(|stride| Condition::equal(&stride.into(), &1.into())).fold(Condition::Known(true), Condition::and);
        let fault = Message::default()
            .text(format!("`padding = Same` of `{}` needs stride 1, but its stride is ", call.rule.word))
            .axes(&stride.iter().map(Number::from).collect::<Vec<_>>());
        let help = Message::default().text(
            "give the padding as a number, such as `padding = 1`, on all sides as in PyTorch; where the sum of both sides is odd, \
             TensorFlow and Keras pad the end first, so that their weights give other numbers here",
        );
        call.require(At::all(value), condition, fault, help);
    } else if style.pool && matches!(padding, Padding::Numbers(_)) {
        let half = |kernel: &Dim| Number::from(kernel).div(&2.into(), &krate);
        let condition = before
            .iter()
            .zip(kernel)
            .map(|(before, kernel)| Condition::at_most(&before.into(), &half(kernel)))
            .fold(Condition::Known(true), Condition::and);
        let fault = Message::default()
            .text(format!("the padding of `{}` is more than half of its kernel: ", call.rule.word))
            .axes(&before.iter().map(Number::from).collect::<Vec<_>>())
            .text(" for a kernel of ")
            .axes(&kernel.iter().map(Number::from).collect::<Vec<_>>());
        let help = Message::default().text("use a padding of at most ").axes(&kernel.iter().map(half).collect::<Vec<_>>());
        call.require(At::all(value), condition, fault, help);
    }
}

/// The shape that was probably meant by an image with its one or three channels behind.
fn channels_last(input: &Shape) -> Option<Shape> {
    match &input.0[..] {
        [height @ Dim::Known(4..), width @ Dim::Known(4..), channels @ Dim::Known(1 | 3)] => {
            Some(Shape(vec![channels.clone(), height.clone(), width.clone()]))
        }
        _ => None,
    }
}

/// `the last 2` values of one axis; `the last 2 rows and 1 column` of two.
fn at_the_end(numbers: &[Number]) -> Message {
    let count = |number: &Number, one: &str| {
        let many = match number {
            Number::Known(1) => "",
            Number::Known(_) => "s",
            _ => "(s)",
        };
        Message::default().number(number).text(format!(" {one}{many}"))
    };
    let message = Message::default().text("the last ");
    match numbers {
        [rows, Number::Known(0)] => message.then(count(rows, "row")),
        [Number::Known(0), columns] => message.then(count(columns, "column")),
        [rows, columns] => message.then(count(rows, "row")).text(" and ").then(count(columns, "column")),
        numbers => message.axes(numbers),
    }
}

/// How often the window fits; reports a window larger than its input, and values that it leaves uncovered.
fn fit(call: &mut Call<'_, '_>, window: &Window, spans: &[Number], sizes: &[Dim], ignore: bool, style: &Style) -> Vec<Dim> {
    let krate = call.walk.krate.clone();
    let padded: Vec<Number> = (0..sizes.len())
        .map(|axis| Number::from(&sizes[axis]).add(&(&window.before[axis]).into(), &krate).add(&(&window.after[axis]).into(), &krate))
        .collect();
    let fits =
        spans.iter().zip(&padded).map(|(span, padded)| Condition::at_most(span, padded)).fold(Condition::Known(true), Condition::and);
    let plain = window.dilation.iter().all(|dilation| *dilation == Dim::Known(1));
    let unpadded = window.before.iter().chain(&window.after).all(|padding| *padding == Dim::Known(0));
    let fault = Message::default()
        .text(format!("the window of `{}` spans ", call.label))
        .axes(spans)
        .text(if plain { " values" } else { " values, dilation included" })
        .text(", but its input has ")
        .axes(&padded)
        .text(if unpadded { "" } else { ", padding included" });
    let largest: Vec<Number> = padded
        .iter()
        .zip(&window.dilation)
        .map(|(padded, dilation)| padded.sub(&1.into(), &krate).div(&dilation.into(), &krate).add(&1.into(), &krate))
        .collect();
    let help = match call.input.as_ref().and_then(channels_last) {
        Some(fixed) => Message::default().text("channels come first: write ").then(call.walk.sizes(&fixed)),
        None => Message::default().text("use a kernel of at most ").least(&largest).text(", or pad the input"),
    };
    let at = call.value("kernel").or(call.first_value().filter(|_| style.pool)).map_or_else(|| call.span.into(), At::all);
    let known = match &fits {
        Condition::Known(true) => None,
        Condition::Known(false) => {
            call.require(at, fits, fault, help);
            return vec![Dim::Unknown; sizes.len()];
        }
        Condition::Expression(fits) => Some(fits.clone()),
    };
    call.require(at, fits, fault, help);
    call.walk.doubts.extend(known);

    let mut uncovered = Vec::new();
    let mut output = Vec::new();
    for axis in 0..sizes.len() {
        let stride = Number::from(&window.stride[axis]);
        let room = padded[axis].sub(&spans[axis], &krate);
        uncovered.push(room.rem(&stride, &krate).sub(&(&window.after[axis]).into(), &krate));
        let count = room.div(&stride, &krate).add(&1.into(), &krate);
        output.push(call.walk.dim(count, "size"));
    }
    if !ignore && !call.lost {
        let covered = uncovered.iter().map(|uncovered| Condition::equal(uncovered, &0.into())).fold(Condition::Known(true), Condition::and);
        let fault = Message::default()
            .text(format!("`{}` leaves ", call.label))
            .then(at_the_end(&uncovered))
            .text(" of its ")
            .axes(&sizes.iter().map(Number::from).collect::<Vec<_>>())
            .text(" input values uncovered");
        let help =
            Message::default().text("write `remainder = Ignore` to drop them, as PyTorch does without `ceil_mode`, or choose a kernel, stride or padding that covers all");
        call.require(call.span, covered, fault, help);
    }
    output
}

impl Window {
    /// The kernel as type arguments.
    pub(super) fn kernel_tokens(&self) -> Vec<TokenStream> {
        self.kernel.iter().map(Dim::tokens).collect()
    }
}

/// `<…>` with the last arguments left out where they equal their defaults.
pub(super) fn arguments(mut list: Vec<(TokenStream, Option<TokenStream>)>) -> TokenStream {
    while let Some((value, Some(default))) = list.last() {
        if value.to_string() != default.to_string() {
            break;
        }
        list.pop();
    }
    let list = list.into_iter().map(|(value, _)| value);
    quote!(<#(#list),*>).into_token_stream()
}
