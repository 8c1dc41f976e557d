//! Weights that lie in the program: read and checked while it is compiled.

use super::fault::Fault;
use super::header::Header;
use super::read::{Reader, Selection};
use crate::shape::Message;
use crate::{Layer, Spec, plain};

/// Tensors of a file whose places are kept while compiling, where memory is no matter.
const KEPT_PLACES: usize = 512;
/// The faults that one message tells.
const TOLD: usize = 64;

type Text = Message<12288>;

/// A network with the weights of a safetensors file, for a `static`; what `from_safetensors` of a declared network is.
///
/// # Panics
/// Where the file does not fit, with all faults in one message: while compiling in a `static` or `const`.
#[must_use]
#[track_caller]
pub const fn from_safetensors<L: Layer>(file: &[u8]) -> L {
    let mut value = plain::zeroed::<L>();
    if let Some(text) = fill(L::SPEC, plain::bytes_mut(&mut value), file) {
        panic!("{}", text.as_str());
    }
    value
}

/// Copies all tensors into `memory`; or says everything that is wrong, and copies none.
const fn fill(spec: &'static Spec, memory: &mut [u8], file: &[u8]) -> Option<Text> {
    let header: Header<'_, KEPT_PLACES> = match Header::parse(file) {
        Ok(header) => header,
        Err(error) => return Some(error.describe(Text::empty().text("this is no safetensors file: "))),
    };
    let mut reader = Reader::<_, TOLD, true, true, false>::new(&header, memory.len(), Selection::ALL);
    reader.exact = true;
    reader.judge(spec);
    let text = Text::empty();
    if let Some(key) = reader.outside {
        let text = text.text("the tensor `").text(key.as_str()).text("` of `").text(spec.name);
        return Some(text.text("` lies outside of its layer: correct the layer's `SPEC`"));
    }
    if reader.faults.count == 0 {
        reader.walk(spec, None, 0, Some(memory));
        return None;
    }
    let mut text = text.text("the file does not fit the network `").text(spec.name).text("`:");
    let mut i = 0;
    while i < TOLD && i < reader.faults.count {
        if let Some(fault) = &reader.faults.faults[i] {
            text = Fault::describe(fault, text.text("\n  "));
        }
        i += 1;
    }
    if reader.faults.count > TOLD {
        text = text.text("\n  and ").number(reader.faults.count - TOLD).text(" more");
    }
    if let Some(place) = reader.missing_elsewhere(spec) {
        text = text.text("\n  all that is missing is there under `").text(place.as_str()).text("`: save that part alone");
    }
    Some(text)
}
