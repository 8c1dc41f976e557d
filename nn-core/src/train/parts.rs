//! What of a network learns, found by walking its `SPEC`: runs of adjacent parameters, and the places of frozen parts.

use core::ops::Range;
use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use super::TrainError;
use crate::spec::{Dtype, Item, Role};
use crate::{Layer, Scalar, Spec, plain};

/// One tensor, with the keys of all the parts that it lies in.
pub(super) struct Tensor {
    pub key: String,
    /// Outermost first; those whose key says nothing new are left out.
    pub parts: Vec<String>,
    pub offset: usize,
    pub gradient: Option<usize>,
    pub len: usize,
    pub dtype: Dtype,
    pub role: Role,
    /// Whether it is a bias, or a factor or summand of a normalisation.
    pub shifts_or_scales: bool,
}

impl Tensor {
    /// The innermost named part: what a user calls the layer.
    pub fn layer(&self) -> &str {
        self.parts.last().unwrap_or(&self.key)
    }

    /// The last word of its key.
    fn word(&self) -> &str {
        self.key.rsplit('.').next().unwrap_or(&self.key)
    }

    fn is_under(&self, prefix: &str) -> bool {
        self.key == prefix || self.parts.iter().any(|part| part == prefix)
    }

    /// Whether all numbers are finite; counters are.
    pub fn is_finite_in<P: crate::Plain>(&self, whole: &P) -> bool {
        fn finite<P: crate::Plain, T: Scalar>(whole: &P, offset: usize, len: usize) -> bool {
            plain::part::<P, T>(whole, offset, len).is_none_or(all_finite)
        }
        match self.dtype {
            Dtype::F32 => finite::<P, f32>(whole, self.offset, self.len),
            Dtype::F64 => finite::<P, f64>(whole, self.offset, self.len),
            Dtype::U32 | Dtype::U64 => true,
        }
    }
}

pub(super) fn all_finite<T: Scalar>(values: &[T]) -> bool {
    values.iter().all(|value| value.is_finite())
}

/// All tensors, in order.
pub(super) fn tensors(spec: &Spec) -> Vec<Tensor> {
    let mut tensors = Vec::new();
    walk(spec, "", &[], 0, Some(0), &mut tensors);
    tensors
}

/// Layers whose parameters are all factors and summands, whatever their shape.
const NORMS: [&str; 2] = ["BatchNorm", "LayerNorm"];

fn walk(spec: &Spec, key: &str, parts: &[String], offset: usize, gradient: Option<usize>, tensors: &mut Vec<Tensor>) {
    for entry in spec.entries {
        let key = join(key, entry.key);
        let offset = offset + entry.offset;
        let gradient = gradient.zip(entry.gradient).map(|(base, inner)| base + inner);
        match &entry.item {
            Item::Tensor { shape, dtype, role } => {
                let parts = parts.to_vec();
                let shifts_or_scales = shape.sizes().len() < 2 || NORMS.contains(&spec.name);
                tensors.push(Tensor { key, parts, offset, gradient, len: shape.len(), dtype: *dtype, role: *role, shifts_or_scales });
            }
            Item::Part(spec) | Item::Folded { spec, .. } => walk(spec, &key, &with(parts, &key), offset, gradient, tensors),
            Item::Repeat { spec, count, stride, gradient_stride } => {
                let parts = with(parts, &key);
                for i in 0..*count {
                    let key = join(&key, &i.to_string());
                    let gradient = gradient.map(|base| base + i * gradient_stride);
                    walk(spec, &key, &with(&parts, &key), offset + i * stride, gradient, tensors);
                }
            }
        }
    }
}

fn join(parent: &str, key: &str) -> String {
    match (parent, key) {
        ("", key) => key.to_string(),
        (parent, "") => parent.to_string(),
        (parent, key) => format!("{parent}.{key}"),
    }
}

fn with(parts: &[String], key: &str) -> Vec<String> {
    let mut parts = parts.to_vec();
    if !key.is_empty() && parts.last().is_none_or(|last| last != key) {
        parts.push(key.to_string());
    }
    parts
}

/// The weight decay of parts, where it is not the optimizer's.
#[derive(Clone, Debug, Default)]
pub(super) struct Decays {
    /// Keys of parts and tensors, or last words of tensors' keys.
    pub keys: Vec<(String, f64)>,
    /// Whether biases and normalisations have none.
    pub exempts: bool,
}

impl Decays {
    /// The weight decay of a tensor's own.
    fn of(&self, tensor: &Tensor) -> Option<f64> {
        let specific = |key: &str| match key {
            key if key == tensor.key => 2,
            key if key == tensor.word() => 1,
            _ => 0,
        };
        let holds = self.keys.iter().filter(|(key, _)| tensor.is_under(key) || key == tensor.word());
        let own = holds.max_by_key(|(key, _)| (specific(key), key.len())).map(|(_, decay)| *decay);
        own.or((self.exempts && tensor.shifts_or_scales).then_some(0.0))
    }

    fn check(&self, tensors: &[Tensor]) -> Result<(), TrainError> {
        for (key, decay) in &self.keys {
            if !tensors.iter().any(|tensor| tensor.is_under(key) || key == tensor.word()) {
                let mut known = known(tensors);
                for tensor in tensors {
                    if !known.iter().any(|known| known == tensor.word()) {
                        known.push(tensor.word().to_string());
                    }
                }
                return Err(TrainError::UnknownPrefix { prefix: key.clone(), known });
            }
            if !(*decay >= 0.0 && decay.is_finite()) {
                return Err(TrainError::WeightDecay { prefix: key.clone(), decay: *decay });
            }
        }
        Ok(())
    }
}

/// Parameters in a row that learn at the same rate and with the same weight decay, with their gradients in a row.
#[derive(Debug, PartialEq)]
pub(super) struct Run {
    pub offset: usize,
    pub gradient: usize,
    pub len: usize,
    /// On the learning rate.
    pub factor: f64,
    /// The weight decay, where it is not the optimizer's.
    pub decay: Option<f64>,
}

/// What learns, and how fast.
pub(super) struct Parts {
    pub tensors: Vec<Tensor>,
    pub runs: Vec<Run>,
    /// Where the frozen parts lie in the network, in bytes.
    pub frozen: Vec<Range<usize>>,
}

impl Parts {
    /// `freeze` and `rates` hold prefixes of keys; the longest prefix of a key decides on its rate.
    pub fn of<N: Layer>(freeze: &[String], rates: &[(String, f64)], decays: &Decays) -> Result<Self, TrainError> {
        Self::find(N::SPEC, N::Scalar::DTYPE, [size_of::<N>(), size_of::<N::Gradient>()], freeze, rates, decays)
    }

    /// Compiled once for all networks; `sizes` are those of a network and of its gradient, in bytes.
    fn find(
        spec: &Spec,
        scalar: Dtype,
        sizes: [usize; 2],
        freeze: &[String],
        rates: &[(String, f64)],
        decays: &Decays,
    ) -> Result<Self, TrainError> {
        let tensors = tensors(spec);
        for prefix in freeze.iter().chain(rates.iter().map(|(prefix, _)| prefix)) {
            if !tensors.iter().any(|tensor| tensor.is_under(prefix)) {
                return Err(TrainError::UnknownPrefix { prefix: prefix.clone(), known: known(&tensors) });
            }
        }
        for (prefix, factor) in rates {
            if !(*factor >= 0.0 && factor.is_finite()) {
                return Err(TrainError::RateFactor { prefix: prefix.clone(), factor: *factor });
            }
        }
        decays.check(&tensors)?;
        let mut runs: Vec<Run> = Vec::new();
        for tensor in &tensors {
            let Some(gradient) = tensor.gradient else { continue };
            if tensor.role != Role::Parameter || tensor.len == 0 || freeze.iter().any(|prefix| tensor.is_under(prefix)) {
                continue;
            }
            let size = tensor.len * tensor.dtype.size();
            if tensor.dtype != scalar || tensor.offset + size > sizes[0] || gradient + size > sizes[1] {
                return Err(TrainError::Spec { key: tensor.key.clone() });
            }
            let rate = rates.iter().filter(|(prefix, _)| tensor.is_under(prefix)).max_by_key(|(prefix, _)| prefix.len());
            let factor = rate.map_or(1.0, |(_, factor)| *factor);
            let decay = decays.of(tensor);
            match runs.last_mut() {
                Some(last)
                    if last.offset + last.len * tensor.dtype.size() == tensor.offset
                        && last.gradient + last.len * tensor.dtype.size() == gradient
                        && last.factor.to_bits() == factor.to_bits()
                        && last.decay.map(f64::to_bits) == decay.map(f64::to_bits) =>
                {
                    last.len += tensor.len;
                }
                _ => runs.push(Run { offset: tensor.offset, gradient, len: tensor.len, factor, decay }),
            }
        }
        if runs.is_empty() {
            return Err(TrainError::NothingLearns);
        }
        // A layer runs as in use where all of it lies in here: a single frozen tensor does not change how its layer runs.
        let frozen = freeze.iter().filter_map(|prefix| {
            let inside = tensors.iter().filter(|tensor| tensor.is_under(prefix));
            inside.map(|tensor| tensor.offset..tensor.offset + tensor.len * tensor.dtype.size()).reduce(|a, b| {
                let (start, end) = (a.start.min(b.start), a.end.max(b.end));
                start..end
            })
        });
        let frozen = frozen.collect();
        Ok(Self { tensors, runs, frozen })
    }
}

/// Every part that a prefix can name.
fn known(tensors: &[Tensor]) -> Vec<String> {
    let mut known: Vec<String> = Vec::new();
    for part in tensors.iter().flat_map(|tensor| &tensor.parts) {
        if !known.contains(part) {
            known.push(part.clone());
        }
    }
    known
}

#[cfg(test)]
mod tests {
    use super::{Decays, Parts, Run};
    use crate::network;
    use std::string::ToString;
    use std::vec::Vec;

    network! {
        struct Net: [2] -> [1] {
            a: Dense(3),
            bn: BatchNorm,
            #[frozen]
            b: Dense(3),
            c: Dense(2, bias = false),
            d: Dense(1),
        }
    }

    fn runs(freeze: &[&str], rates: &[(&str, f64)]) -> Vec<(usize, f64)> {
        let freeze: Vec<_> = freeze.iter().map(ToString::to_string).collect();
        let rates: Vec<_> = rates.iter().map(|(prefix, factor)| (prefix.to_string(), *factor)).collect();
        Parts::of::<Net>(&freeze, &rates, &Decays::default()).expect("known parts").runs.iter().map(|run| (run.len, run.factor)).collect()
    }

    #[test]
    fn adjacent_parameters_of_one_rate_are_one_run() {
        // 9 + weight and bias of `bn`; its statistics and the frozen `b` part them from `c` and `d`.
        assert_eq!(runs(&[], &[]), [(15, 1.0), (9, 1.0)]);
        assert_eq!(runs(&["bn"], &[]), [(9, 1.0), (9, 1.0)]);
        assert_eq!(runs(&["a.weight", "c"], &[]), [(9, 1.0), (3, 1.0)]);
        assert_eq!(runs(&[], &[("c", 0.5), ("d", 0.5)]), [(15, 1.0), (9, 0.5)]);
        assert_eq!(runs(&[], &[("d", 0.5), ("d.bias", 2.0)]), [(15, 1.0), (6, 1.0), (2, 0.5), (1, 2.0)]);
    }

    #[test]
    fn a_tensors_key_counts_before_its_last_word_and_that_before_a_part() {
        let decays = |keys: &[(&str, f64)], exempts| {
            let decays = Decays { keys: keys.iter().map(|(key, decay)| (key.to_string(), *decay)).collect(), exempts };
            let parts = Parts::of::<Net>(&[], &[], &decays).expect("known keys");
            parts.runs.iter().map(|run| (run.len, run.decay)).collect::<Vec<_>>()
        };
        let (none, own) = (Some(0.0), None);
        // a.weight; a.bias, bn.weight, bn.bias; c.weight, d.weight; d.bias
        assert_eq!(decays(&[], true), [(6, own), (9, none), (8, own), (1, none)]);
        assert_eq!(decays(&[("bias", 0.0)], false), [(6, own), (3, none), (3, own), (3, none), (8, own), (1, none)]);
        assert_eq!(decays(&[("bias", 0.0), ("d", 0.5)], false)[4..], [(6, own), (2, Some(0.5)), (1, none)]);
        assert_eq!(decays(&[("d.bias", 0.25), ("bias", 0.0), ("d", 0.5)], false)[4..], [(6, own), (2, Some(0.5)), (1, Some(0.25))]);
        assert_eq!(decays(&[("bn", 0.5)], true), [(6, own), (3, none), (6, Some(0.5)), (8, own), (1, none)]);
    }

    #[test]
    fn runs_and_gradients_are_where_the_spec_says() {
        let parts = Parts::of::<Net>(&["a".to_string()], &[], &Decays::default()).expect("known parts");
        assert_eq!(parts.frozen.len(), 1);
        assert_eq!(parts.frozen[0], 0..36);
        let mut found = None;
        <Net as crate::Layer>::SPEC.visit(|leaf| {
            if leaf.key.to_string() == "c.weight" {
                found = leaf.gradient.map(|gradient| Run { offset: leaf.offset, gradient, len: 9, factor: 1.0, decay: None });
            }
        });
        assert_eq!(parts.runs.last(), found.as_ref());
    }
}
