//! Networks in use, and steps without a heap.

use nn_core::prelude::*;

use crate::{Image, Plane, check, images, points};

check! {
    /// Sample by sample and in batches, to the same bits.
    fn check_predictions() {
        let (data, mut net) = (images(40), Image::new_boxed(1));
        let mut all = vec![[0.0; 3]; 40];
        net.predict_batch(data.inputs(), &mut all).unwrap();
        for (x, y) in data.inputs().iter().zip(&all) {
            assert_eq!(net.predict(x), *y);
            assert!(net.classify(x).index() < 3);
        }
        assert!(net.predict_batch(data.inputs(), &mut all[1..]).is_err());
        assert!(!net.to_string().is_empty());
        net.initialize_from(2);
        assert_ne!(net.predict(&data.inputs()[0]), all[0]);
        assert_eq!(Kernels::all(), [Kernels::Portable]);
    }
}

check! {
    /// Online, and with an optimizer whose state is saved.
    fn check_device() {
        let data = points(8);
        let mut net = Plane::zeros();
        net.initialize_from(1);
        let mut work = TrainingWorkspace::<Plane>::new();
        let mut optimizer = OptimizerState::<Plane, _>::new(Adam::new(0.01));
        let mut gradient = <Plane as Layer>::Gradient::ZEROED;
        for (x, target) in data.inputs().iter().zip(data.targets()) {
            net.step_online(x, target, &MeanSquaredError, 0.01, &mut work);
            net.gradient(x, target, &MeanSquaredError, &mut gradient, &mut work);
        }
        optimizer.update(&mut net, &gradient);
        let mut bytes = [0; OptimizerState::<Plane, Adam>::STATE_BYTES];
        optimizer.save_state(&net, &mut bytes).unwrap();
        optimizer.restore_state(&mut net, &bytes).unwrap();
    }
}
