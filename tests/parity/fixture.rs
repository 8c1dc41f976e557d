//! The files' tensors by name, `case/tensor`, and their comparison with ours.

use std::collections::BTreeSet;
use std::path::Path;

use nn_core::layer::Layer;
use nn_core::spec::{Dtype, Role};
use nn_core::{Heap, Pass, Portable, Scalar, Scratch, Tensor, plain};
use safetensors::SafeTensors;

/// The largest gap in f64, relative to the tensor's largest value.
pub const F64: f64 = 1e-9;
/// The largest gap in f32.
pub const F32: f64 = 1e-5;

/// One of the files.
pub struct File(Vec<u8>);

impl File {
    pub fn open(name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity").join(name).with_extension("safetensors");
        Self(std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
    }

    fn tensors(&self) -> SafeTensors<'_> {
        SafeTensors::deserialize(&self.0).expect("a file of generate.py's")
    }

    /// The numbers of a tensor.
    pub fn get(&self, name: &str) -> Vec<f64> {
        let tensors = self.tensors();
        let tensor = tensors.tensor(name).unwrap_or_else(|error| panic!("{name}: {error}"));
        tensor.data().as_chunks().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect()
    }

    /// A tensor's number.
    pub fn number(&self, name: &str) -> f64 {
        self.get(name)[0]
    }

    /// A tensor as values of a shape.
    pub fn values<X: Tensor>(&self, name: &str) -> Vec<X> {
        let numbers = self.get(name);
        assert_eq!(numbers.len() % X::LEN, 0, "{name}: {} numbers for the shape {}", numbers.len(), X::SHAPE);
        let mut values = plain::vec::<X>(numbers.len() / X::LEN);
        set(X::flatten_mut(&mut values), &numbers);
        values
    }

    /// The sizes of a tensor.
    fn shape(&self, name: &str) -> Vec<usize> {
        self.tensors().tensor(name).unwrap_or_else(|error| panic!("{name}: {error}")).shape().to_vec()
    }

    /// The names of the cases.
    pub fn cases(&self) -> BTreeSet<String> {
        self.names().iter().filter_map(|name| Some(name.split_once('/')?.0.to_owned())).collect()
    }

    /// The names of all tensors.
    fn names(&self) -> BTreeSet<String> {
        self.tensors().names().into_iter().map(str::to_owned).collect()
    }
}

/// Numbers in the scalar of the check; f32 holds them exactly.
pub fn set<T: Scalar>(ours: &mut [T], numbers: &[f64]) {
    assert_eq!(ours.len(), numbers.len());
    for (ours, number) in ours.iter_mut().zip(numbers) {
        *ours = T::from_f64(*number);
    }
}

/// Ours within the scalar's tolerance of theirs.
#[track_caller]
pub fn close<T: Scalar>(what: &str, ours: &[T], theirs: &[f64]) {
    let tolerance = if T::DTYPE == Dtype::F64 { F64 } else { F32 };
    assert_eq!(ours.len(), theirs.len(), "{what}");
    let largest = theirs.iter().fold(f64::MIN_POSITIVE, |largest, value| largest.max(value.abs()));
    for (i, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
        let gap = (ours.to_f64() - theirs).abs() / largest;
        assert!(gap <= tolerance, "{what}[{i}]: {ours} here, {theirs} there; the gap is {gap:e} of the largest value");
    }
}

/// The cases of one file, a test each, and a test that there are no others.
#[macro_export]
macro_rules! cases {
    ($file:literal: $($case:ident => $check:expr),* $(,)?) => {
        $(
            #[test]
            fn $case() {
                let check: fn(&$crate::fixture::File, &str) = $check;
                check(&$crate::fixture::File::open($file), stringify!($case));
            }
        )*
        #[test]
        fn every_case_is_checked() {
            let checked = [$(stringify!($case)),*].map(str::to_owned).into();
            assert_eq!($crate::fixture::File::open($file).cases(), checked);
        }
    };
}

/// What a layer or network is asked besides: the loss of a network, and the gradient by its output.
pub type Weigh<L> = fn(&File, &str, &[<L as Layer>::Output], &mut [<L as Layer>::Output]);

/// `dy` as it is in the file.
pub fn given<L: Layer>(file: &File, case: &str, _: &[L::Output], dy: &mut [L::Output]) {
    set(L::Output::flatten_mut(dy), &file.get(&format!("{case}/dy")));
}

/// A layer or network on a batch: the output in use and while training, every gradient, the state afterwards; keys and shapes too.
pub fn layer<L: Layer>(file: &File, case: &str, weigh: Weigh<L>) {
    let name = |tensor: &str| format!("{case}/{tensor}");
    let mut layer = plain::boxed::<L>();
    let mut unknown: BTreeSet<String> = file.names().into_iter().filter(|tensor| tensor.starts_with(&name("before/"))).collect();
    L::SPEC.visit(|leaf| {
        if leaf.shape.len() == 0 {
            return; // no bias
        }
        let key = name(&format!("before/{}", leaf.key));
        assert!(unknown.remove(&key), "{key}: PyTorch has no such tensor");
        assert!(leaf.dtype != Dtype::U32 && leaf.dtype != Dtype::U64 || leaf.shape.len() == 1, "{key}");
        if leaf.dtype == L::Scalar::DTYPE {
            assert_eq!(leaf.shape.sizes(), file.shape(&key), "{key}");
            set(part::<L, L::Scalar>(&mut layer, leaf.offset, leaf.shape.len()), &file.get(&key));
        }
    });
    assert!(unknown.is_empty(), "PyTorch has more tensors: {unknown:?}");

    let x = file.values::<L::Input>(&name("x"));
    let mut y = plain::vec::<L::Output>(x.len());
    layer.infer::<_, Heap>(Portable, &x, &mut y, &mut L::Workspace::<Heap>::new());
    close(&name("inferred"), L::Output::flatten(&y), &file.get(&name("inferred")));

    let (mut tape, pass) = (L::Tape::<Heap>::new(), Pass::new(0, 1));
    layer.forward::<_, Heap>(Portable, pass, &x, &mut y, &mut tape);
    close(&name("y"), L::Output::flatten(&y), &file.get(&name("y")));
    let (mut dx, mut dy, mut gradient) = (plain::vec::<L::Input>(x.len()), plain::vec(x.len()), plain::boxed::<L::Gradient>());
    weigh(file, case, &y, &mut dy);
    close(&name("dy"), L::Output::flatten(&dy), &file.get(&name("dy")));
    layer.backward::<_, Heap>(Portable, pass, &x, &y, &mut dy, Some(&mut dx), &mut tape, Some(&mut gradient));
    close(&name("dx"), L::Input::flatten(&dx), &file.get(&name("dx")));
    layer.finish::<Heap>(pass, &tape);

    L::SPEC.visit(|leaf| {
        let (key, len) = (leaf.key, leaf.shape.len());
        match leaf.gradient {
            Some(at) if len > 0 => {
                let ours = plain::part::<L::Gradient, L::Scalar>(&gradient, at, len).expect("a gradient lies in the struct of gradients");
                let key = name(&format!("gradient/{key}"));
                // What PyTorch's rounding leaves of a gradient that is zero (a bias before a batch normalisation) is measured by `dy`.
                let theirs = file.get(&key);
                if theirs.iter().all(|value| value.abs() < 1e-14) {
                    assert!(ours.iter().all(|value| value.to_f64().abs() < 1e-6), "{key} should be zero");
                } else {
                    close(&key, ours, &theirs);
                }
            }
            _ if leaf.role == Role::State => {
                let key = name(&format!("after/{key}"));
                match leaf.dtype {
                    Dtype::U32 => assert_eq!(f64::from(part::<L, u32>(&mut layer, leaf.offset, len)[0]), file.number(&key), "{key}"),
                    Dtype::U64 => assert_eq!(part::<L, u64>(&mut layer, leaf.offset, len)[0] as f64, file.number(&key), "{key}"),
                    _ => close(&key, part::<L, L::Scalar>(&mut layer, leaf.offset, len), &file.get(&key)),
                }
            }
            _ => {}
        }
    });
}

fn part<L: Layer, E: nn_core::Plain>(layer: &mut L, offset: usize, len: usize) -> &mut [E] {
    plain::part_mut(layer, offset, len).expect("a tensor lies in its layer")
}
