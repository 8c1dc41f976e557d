//! Wrong gradients are found: each fault is planted in a layer that is otherwise right.

use nn_core::init::Initializer;
use nn_core::random::Stream;
use nn_core::spec::Entry;
use nn_core::{Layer, Learns, Pass, Plain, Real, Shape, Simd, Spec, Store};

use crate::harness::{Outcome, built_in};

const NONE: u8 = 0;
const DX_SLIGHTLY_OFF: u8 = 1;
const ONE_WEIGHT_SLIGHTLY_OFF: u8 = 2;
const GRADIENT_OVERWRITTEN: u8 = 3;
const DX_ADDED: u8 = 4;
const Y_READ: u8 = 5;
const GRADIENT_ONLY_WITH_DX: u8 = 6;
const DX_ONLY_WITH_GRADIENT: u8 = 7;
const LAST_SAMPLE_LEFT_OUT: u8 = 8;
const DX_FROM_NEW_WEIGHTS: u8 = 9;
const STEP_ONLY_WITH_DX: u8 = 10;
const STEP_SLIGHTLY_OFF: u8 = 11;

/// `y[i] = w[i] x[i]²`, with one fault.
#[repr(C)]
struct Square<const FAULT: u8> {
    weight: [f64; 4],
}

// SAFETY: one array of numbers.
#[allow(unsafe_code, reason = "plain storage of a layer's own array")]
unsafe impl<const FAULT: u8> Plain for Square<FAULT> {}

impl<const FAULT: u8> Layer for Square<FAULT> {
    type Scalar = f64;
    type Input = [f64; 4];
    type Output = [f64; 4];
    type Kind = Real;
    type Learning = Learns;
    type Gradient = Self;
    type Tape<B: Store> = ();
    type Workspace<B: Store> = ();
    const PARAMETERS: usize = 4;
    const MACS: usize = 8;
    const SPEC: &'static Spec = &Spec { name: "Square", entries: &[Entry::parameter::<f64>("weight", 0, Shape::new(&[4]))], rows: &[] };

    fn infer<S: Simd, B: Store>(&self, _: S, x: &[[f64; 4]], y: &mut [[f64; 4]], (): &mut ()) {
        for (x, y) in x.iter().zip(y) {
            for i in 0..4 {
                y[i] = self.weight[i] * x[i] * x[i];
            }
        }
    }

    fn forward<S: Simd, B: Store>(&self, s: S, _: Pass<'_>, x: &[[f64; 4]], y: &mut [[f64; 4]], (): &mut ()) {
        self.infer::<S, B>(s, x, y, &mut ());
    }

    fn backward<S: Simd, B: Store>(
        &self,
        _: S,
        _: Pass<'_>,
        x: &[[f64; 4]],
        y: &[[f64; 4]],
        dy: &mut [[f64; 4]],
        dx: Option<&mut [[f64; 4]]>,
        (): &mut (),
        gradient: Option<&mut Self>,
    ) {
        let (with_dx, with_gradient) = (dx.is_some(), gradient.is_some());
        if let Some(gradient) = gradient
            && (with_dx || FAULT != GRADIENT_ONLY_WITH_DX)
        {
            if FAULT == GRADIENT_OVERWRITTEN {
                gradient.weight = [0.0; 4];
            }
            let n = if FAULT == LAST_SAMPLE_LEFT_OUT { 2 } else { x.len() };
            for (x, dy) in x.iter().zip(&*dy).take(n) {
                for i in 0..4 {
                    gradient.weight[i] += dy[i] * x[i] * x[i];
                }
            }
            if FAULT == ONE_WEIGHT_SLIGHTLY_OFF {
                gradient.weight[2] *= 1.0 + 3e-6;
            }
        }
        if let Some(dx) = dx
            && (with_gradient || FAULT != DX_ONLY_WITH_GRADIENT)
        {
            for n in 0..dx.len() {
                for i in 0..4 {
                    let slope = match FAULT {
                        DX_SLIGHTLY_OFF => (2.0 + 6e-6) * self.weight[i] * x[n][i],
                        Y_READ => 2.0 * y[n][i] / x[n][i],
                        _ => 2.0 * self.weight[i] * x[n][i],
                    };
                    let before = if FAULT == DX_ADDED { dx[n][i] } else { 0.0 };
                    dx[n][i] = before + dy[n][i] * slope;
                }
            }
        }
    }

    fn descend<S: Simd, B: Store>(
        &mut self,
        s: S,
        pass: Pass<'_>,
        x: &[[f64; 4]],
        y: &[[f64; 4]],
        dy: &mut [[f64; 4]],
        dx: Option<&mut [[f64; 4]]>,
        (): &mut (),
        rate: f64,
    ) {
        let mut gradient = Self::ZEROED;
        let update = dx.is_some() || FAULT != STEP_ONLY_WITH_DX;
        if FAULT == DX_FROM_NEW_WEIGHTS {
            self.backward::<S, B>(s, pass, x, y, dy, None, &mut (), Some(&mut gradient));
            let mut moved = Self { weight: self.weight };
            for i in 0..4 {
                moved.weight[i] -= rate * gradient.weight[i];
            }
            moved.backward::<S, B>(s, pass, x, y, dy, dx, &mut (), None);
        } else {
            self.backward::<S, B>(s, pass, x, y, dy, dx, &mut (), Some(&mut gradient));
        }
        let rate = if FAULT == STEP_SLIGHTLY_OFF { rate * (1.0 + 1e-13) } else { rate };
        for i in 0..4 {
            if update {
                self.weight[i] -= rate * gradient.weight[i];
            }
        }
    }

    fn initialize(&mut self, _: &impl Initializer, _: &mut Stream) {}
}

fn fault(outcome: Outcome) -> String {
    outcome.expect_err("the fault was not found")
}

#[test]
fn planted_faults_are_found() {
    assert_eq!(built_in::<Square<NONE>>(1), Ok(()));
    assert!(fault(built_in::<Square<DX_SLIGHTLY_OFF>>(1)).contains("dx[0]"));
    assert!(fault(built_in::<Square<ONE_WEIGHT_SLIGHTLY_OFF>>(1)).contains("weight[2]"));
    assert!(fault(built_in::<Square<GRADIENT_OVERWRITTEN>>(1)).contains("not added"));
    assert!(fault(built_in::<Square<DX_ADDED>>(1)).contains("dx[0] is NaN"));
    assert!(fault(built_in::<Square<Y_READ>>(1)).contains("dx[0] is NaN"));
    assert!(fault(built_in::<Square<GRADIENT_ONLY_WITH_DX>>(1)).contains("not added"));
    assert!(fault(built_in::<Square<DX_ONLY_WITH_GRADIENT>>(1)).contains("dx without a gradient"));
    assert!(fault(built_in::<Square<LAST_SAMPLE_LEFT_OUT>>(1)).contains("weight[0]"));
    assert!(fault(built_in::<Square<DX_FROM_NEW_WEIGHTS>>(1)).contains("dx of a step in place"));
    assert!(fault(built_in::<Square<STEP_ONLY_WITH_DX>>(1)).contains("a step in place: parameter 0"));
    assert!(fault(built_in::<Square<STEP_SLIGHTLY_OFF>>(1)).contains("a step in place: parameter"));
    assert_eq!(crate::harness::layer::<Square<Y_READ>>(1), Ok(()));
}
