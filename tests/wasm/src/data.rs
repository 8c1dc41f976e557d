//! Data from memory: reading, splitting, standardising.

use nn_core::data::{Csv, Idx, Standardizer, windows};
use nn_core::prelude::*;

use crate::{check, images, points};

check! {
    /// A table from bytes.
    fn check_csv() {
        let table = Csv::default().delimiter(b';').header(true).from_bytes(b"day;a;b;kind\n2020-01-01;1;2;x\n2020-01-03;3;4;y\n", "memory").unwrap();
        assert_eq!((table.len(), table.width(), table.names()[1].as_str()), (2, 4, "a"));
        let data: Dataset<[f32; 1], [f32; 1]> = table.dataset("a", "b").unwrap();
        assert_eq!(data.inputs(), [[1.0], [3.0]]);
        assert_eq!(table.values::<f64>("b").unwrap(), [2.0, 4.0]);
        assert_eq!(table.named_classes("kind", ["x", "y"]).unwrap()[1].index(), 1);
        assert_eq!(table.text("kind").unwrap(), ["x", "y"]);
        let days = table.days("day").unwrap();
        assert_eq!(windows::fill_gaps(&days, &[1.0, 3.0], 1).unwrap(), [1.0, 2.0, 3.0]);
        assert!(Csv::default().from_bytes(b"1,2\n3\n", "memory").is_err());
    }
}

check! {
    /// An IDX file from bytes.
    fn check_idx() {
        let idx = Idx::from_bytes(&[0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 5, 255], "memory").unwrap();
        assert_eq!(idx.sizes(), [1, 2]);
        assert_eq!(idx.scaled::<[f32; 2]>(255.0).unwrap()[0][1], 1.0);
        assert!(Idx::from_bytes(&[0, 0, 8], "memory").is_err());
    }
}

check! {
    /// Splits, weights, windows.
    fn check_datasets() {
        let (train, test) = images(30).split_stratified(0.5, 1).unwrap();
        assert_eq!((train.len(), test.len()), (15, 15));
        let (mut train, test) = points(20).split_shuffled(0.75, 1).unwrap();
        let scale = Standardizer::fit(train.inputs()).unwrap();
        scale.apply(train.inputs_mut());
        scale.undo(train.inputs_mut());
        assert!(scale.mean().len() == 2 && scale.deviation().len() == 2);
        assert!(test.shuffled(1).split_at(2).unwrap().0.with_weights(vec![1.0, 2.0]).unwrap().weights().is_some());
        assert_eq!(windows::sliding::<[f32; 1], 2, 1>(&[[1.0], [2.0], [3.0]]).unwrap().len(), 1);
        assert_eq!(windows::lags::<[f32; 1], 2>(&[[1.0], [2.0], [3.0]], [1, 2], 1).unwrap().len(), 1);
    }
}
