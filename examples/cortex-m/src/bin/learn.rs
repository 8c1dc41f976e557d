//! Learns handwritten digits from 200 samples, one at a time, and again by added gradients: on a board and on a PC to the same bits. Each
//! line ends with how many of the 50 test rows are recognised.
#![cfg_attr(any(target_os = "none", target_arch = "wasm32"), no_std, no_main)]

use nn_core::device::{OnDevice, OptimizerState, TrainingWorkspace};
use nn_core::loss::CrossEntropy;
use nn_core::optimizer::Adam;
use nn_core::{Class, Kernels, Layer, Network, Plain};
use nn_firmware::networks::Mlp;
use nn_firmware::rows::{ROWS, Row, TO_LEARN, largest, pixels};
use nn_firmware::{Platform, checksum, hexadecimal};

nn_firmware::program!(run(
    NET: Mlp = Mlp::ZEROED,
    GRADIENT: Gradient = Gradient::ZEROED,
    OPTIMIZER: OptimizerState<Mlp, Adam> = OptimizerState::new(Adam::new(1e-2)),
    WORK: TrainingWorkspace<Mlp> = TrainingWorkspace::new(),
));

type Gradient = <Mlp as Layer>::Gradient;

/// How many samples an update by added gradients sees.
const BATCH: usize = 10;

fn run(
    platform: &mut Platform<'_>,
    net: &mut Mlp,
    gradient: &mut Gradient,
    optimizer: &mut OptimizerState<Mlp, Adam>,
    work: &mut TrainingWorkspace<Mlp>,
) {
    net.initialize_from(1);
    report(platform, b"drawn", net);
    for row in ROWS.iter().take(TO_LEARN) {
        let Some(target) = label(row) else { continue };
        net.step_online(&pixels(row), &target, &CrossEntropy, 0.1, work);
    }
    report(platform, b"online", net);

    net.initialize_from(1);
    for rows in ROWS.iter().as_slice().as_chunks::<BATCH>().0.iter().take(TO_LEARN / BATCH) {
        for row in rows {
            let Some(target) = label(row) else { continue };
            net.gradient(&pixels(row), &target, &CrossEntropy, gradient, work);
        }
        OptimizerState::<Mlp, Adam>::scale(gradient, 1.0 / BATCH as f32);
        optimizer.update(net, gradient);
        gradient.clear();
    }
    report(platform, b"accumulated", net);
}

fn label(row: &Row) -> Option<Class<10>> {
    Class::new(usize::from(row[64]))
}

/// The checksum of all weights, and how many test rows they recognise.
#[inline(never)]
fn report(platform: &mut Platform<'_>, name: &[u8], net: &Mlp) {
    let test = ROWS.iter().skip(TO_LEARN);
    let right = test.filter(|row| largest(&net.predict_with(Kernels::Portable, &pixels(row))) == row[64]).count();
    (platform.write)(name);
    (platform.write)(b" ");
    (platform.write)(&hexadecimal(checksum(net)));
    (platform.write)(b" ");
    (platform.write)(&nn_firmware::decimal(right as u32));
    (platform.write)(b"\n");
}
