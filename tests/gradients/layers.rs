//! Dense layers, convolutions and pools: odd sizes, and every stride, padding, dilation, group and bias.
//!
//! Windows are `Window1d<stride, left, right, dilation>` and `Window2d<stride: 2, top, bottom, left, right, dilation: 2>`.

use nn_core::layer::{AvgPool1d, AvgPool2d, Conv1d, Conv2d, Dense, DepthwiseConv2d, MaxPool1d, MaxPool2d, Window1d, Window2d};

use crate::harness::built_in;

tables! {
    dense {
        built_in::<Dense<1, 1, f64>>,
        built_in::<Dense<1, 5, f64>>,
        built_in::<Dense<5, 1, f64>>,
        built_in::<Dense<2, 3, f64, 0>>,
        built_in::<Dense<3, 2, f64>>,
        built_in::<Dense<7, 4, f64>>,
        built_in::<Dense<8, 8, f64>>,
        built_in::<Dense<9, 5, f64, 0>>,
        built_in::<Dense<13, 11, f64>>,
        built_in::<Dense<16, 3, f64>>,
        built_in::<Dense<17, 10, f64>>,
        built_in::<Dense<25, 6, f64>>,
        built_in::<Dense<31, 1, f64, 0>>,
        built_in::<Dense<40, 12, f64>>,
    }
    conv1d {
        built_in::<Conv1d<1, 1, 1, 1, 1, Window1d, f64>>,
        built_in::<Conv1d<1, 5, 1, 3, 3, Window1d, f64>>,
        built_in::<Conv1d<2, 9, 3, 7, 3, Window1d, f64>>,
        built_in::<Conv1d<2, 9, 3, 7, 3, Window1d, f64, 2, 0>>,
        built_in::<Conv1d<3, 11, 4, 11, 5, Window1d<1, 2, 2>, f64>>,
        built_in::<Conv1d<1, 10, 2, 10, 4, Window1d<1, 3, 0>, f64>>, // causal
        built_in::<Conv1d<2, 12, 5, 12, 3, Window1d<1, 4, 0, 2>, f64>>, // causal, dilated
        built_in::<Conv1d<4, 13, 6, 6, 3, Window1d<2>, f64, 2>>, // groups, stride
        built_in::<Conv1d<4, 8, 4, 8, 3, Window1d<1, 1, 1>, f64, 1>>, // a group a channel
        built_in::<Conv1d<3, 14, 9, 5, 4, Window1d<3, 2, 1, 1>, f64, 1, 0>>,
        built_in::<Conv1d<2, 15, 3, 5, 3, Window1d<3, 2, 2, 3>, f64>>, // stride, padding, dilation
        built_in::<Conv1d<1, 20, 7, 16, 5, Window1d, f64>>,
        built_in::<Conv1d<6, 7, 8, 4, 2, Window1d<2, 1, 0>, f64, 3>>,
        built_in::<Conv1d<5, 3, 5, 5, 3, Window1d<1, 2, 2>, f64>>, // more padding than input
    }
    conv2d {
        built_in::<Conv2d<1, 1, 1, 1, 1, 1, 1, 1, Window2d, f64>>,
        built_in::<Conv2d<1, 5, 5, 1, 3, 3, 3, 3, Window2d, f64>>,
        built_in::<Conv2d<2, 4, 7, 3, 3, 5, 2, 3, Window2d, f64>>,
        built_in::<Conv2d<2, 4, 7, 3, 3, 5, 2, 3, Window2d, f64, 2, 0>>,
        built_in::<Conv2d<3, 5, 4, 4, 5, 4, 3, 3, Window2d<1, 1, 1, 1, 1, 1>, f64>>, // same
        built_in::<Conv2d<1, 6, 6, 2, 6, 6, 4, 4, Window2d<1, 1, 1, 2, 1, 2>, f64>>, // same, even kernel
        built_in::<Conv2d<2, 7, 9, 3, 3, 4, 3, 3, Window2d<2, 2>, f64>>, // stride
        built_in::<Conv2d<2, 8, 7, 3, 2, 5, 4, 2, Window2d<3, 1, 0, 0, 0, 0, 1, 2>, f64>>, // stride down, dilation across
        built_in::<Conv2d<1, 8, 9, 2, 4, 5, 3, 3, Window2d<1, 1, 0, 0, 0, 0, 2, 2>, f64>>, // dilation
        built_in::<Conv2d<4, 5, 5, 6, 3, 3, 3, 3, Window2d<2, 2, 1, 1, 1, 1>, f64, 2>>, // groups, stride, padding
        built_in::<Conv2d<4, 4, 4, 8, 4, 4, 3, 3, Window2d<1, 1, 1, 1, 1, 1>, f64, 1, 0>>, // a group a channel
        built_in::<Conv2d<2, 6, 5, 2, 3, 3, 3, 3, Window2d<2, 2, 2, 1, 2, 2, 2, 2>, f64>>, // all at once
        built_in::<Conv2d<6, 4, 4, 5, 4, 4, 1, 1, Window2d, f64>>, // 1 × 1
        built_in::<Conv2d<1, 3, 12, 7, 1, 8, 3, 5, Window2d, f64>>,
        built_in::<Conv2d<3, 3, 13, 9, 2, 11, 2, 3, Window2d, f64, 1>>,
        built_in::<Conv2d<1, 2, 2, 3, 4, 4, 3, 3, Window2d<1, 1, 2, 2, 2, 2>, f64>>, // more padding than input
        built_in::<Conv2d<1, 3, 10, 1, 2, 9, 2, 2, Window2d, f64>>,
        built_in::<Conv2d<8, 2, 3, 4, 1, 2, 2, 2, Window2d, f64>>,
    }
    depthwise_conv2d {
        built_in::<DepthwiseConv2d<1, 1, 1, 1, 1, 1, 1, 1, Window2d, f64>>,
        built_in::<DepthwiseConv2d<2, 5, 5, 2, 3, 3, 3, 3, Window2d, f64>>,
        built_in::<DepthwiseConv2d<3, 4, 6, 3, 4, 6, 3, 3, Window2d<1, 1, 1, 1, 1, 1>, f64>>,
        built_in::<DepthwiseConv2d<3, 4, 6, 3, 4, 6, 3, 3, Window2d<1, 1, 1, 1, 1, 1>, f64, 0>>,
        built_in::<DepthwiseConv2d<2, 5, 4, 4, 4, 2, 2, 3, Window2d, f64>>, // two outputs a channel
        built_in::<DepthwiseConv2d<1, 6, 6, 5, 4, 4, 3, 3, Window2d, f64>>,
        built_in::<DepthwiseConv2d<4, 7, 7, 4, 3, 3, 3, 3, Window2d<2, 2>, f64>>,
        built_in::<DepthwiseConv2d<2, 7, 8, 6, 4, 4, 3, 3, Window2d<2, 2, 1, 1, 1, 0>, f64, 0>>,
        built_in::<DepthwiseConv2d<2, 8, 9, 2, 4, 5, 3, 3, Window2d<1, 1, 0, 0, 0, 0, 2, 2>, f64>>,
        built_in::<DepthwiseConv2d<3, 6, 5, 6, 3, 3, 3, 3, Window2d<2, 2, 2, 1, 2, 2, 2, 2>, f64>>,
        built_in::<DepthwiseConv2d<5, 3, 12, 5, 1, 8, 3, 5, Window2d, f64>>,
        built_in::<DepthwiseConv2d<1, 2, 17, 4, 1, 16, 2, 2, Window2d, f64>>,
        built_in::<DepthwiseConv2d<7, 2, 3, 7, 2, 3, 1, 1, Window2d, f64>>,
    }
    max_pool1d {
        built_in::<MaxPool1d<1, 1, 1, 1, Window1d, f64>>,
        built_in::<MaxPool1d<1, 4, 2, 2, Window1d<2>, f64>>,
        built_in::<MaxPool1d<3, 9, 3, 3, Window1d<3>, f64>>,
        built_in::<MaxPool1d<2, 9, 7, 3, Window1d<1>, f64>>, // overlapping
        built_in::<MaxPool1d<2, 9, 4, 3, Window1d<2>, f64>>,
        built_in::<MaxPool1d<2, 10, 3, 2, Window1d<3>, f64>>, // values between the windows
        built_in::<MaxPool1d<1, 7, 4, 3, Window1d<2, 1, 1>, f64>>,
        built_in::<MaxPool1d<4, 5, 6, 2, Window1d<1, 1, 1>, f64>>,
        built_in::<MaxPool1d<2, 11, 7, 3, Window1d<1, 0, 0, 2>, f64>>,
        built_in::<MaxPool1d<3, 12, 5, 3, Window1d<2, 1, 0, 2>, f64>>,
        built_in::<MaxPool1d<1, 40, 1, 40, Window1d<40>, f64>>,
        built_in::<MaxPool1d<5, 33, 16, 2, Window1d<2>, f64>>, // a remainder
        built_in::<MaxPool1d<1, 256, 1, 256, Window1d<256>, f64>>, // the largest window
    }
    max_pool2d {
        built_in::<MaxPool2d<1, 1, 1, 1, 1, 1, 1, Window2d, f64>>,
        built_in::<MaxPool2d<1, 4, 4, 2, 2, 2, 2, Window2d<2, 2>, f64>>,
        built_in::<MaxPool2d<3, 6, 8, 3, 4, 2, 2, Window2d<2, 2>, f64>>,
        built_in::<MaxPool2d<2, 5, 6, 3, 4, 3, 3, Window2d<1, 1>, f64>>, // overlapping
        built_in::<MaxPool2d<2, 7, 7, 3, 3, 3, 3, Window2d<2, 2>, f64>>,
        built_in::<MaxPool2d<2, 6, 5, 3, 2, 2, 3, Window2d<2, 2>, f64>>,
        built_in::<MaxPool2d<1, 7, 6, 4, 3, 3, 3, Window2d<2, 2, 1, 1, 1, 0>, f64>>,
        built_in::<MaxPool2d<1, 3, 3, 4, 4, 2, 2, Window2d<1, 1, 1, 1, 1, 1>, f64>>,
        built_in::<MaxPool2d<2, 7, 8, 3, 4, 3, 3, Window2d<1, 1, 0, 0, 0, 0, 2, 2>, f64>>,
        built_in::<MaxPool2d<2, 8, 7, 3, 3, 3, 2, Window2d<2, 2, 1, 0, 0, 0, 2, 2>, f64>>,
        built_in::<MaxPool2d<4, 5, 5, 2, 2, 2, 2, Window2d<2, 2>, f64>>, // a remainder
        built_in::<MaxPool2d<1, 4, 17, 2, 8, 2, 3, Window2d<2, 2>, f64>>,
        built_in::<MaxPool2d<2, 4, 3, 1, 1, 4, 3, Window2d<4, 3>, f64>>, // the whole image
    }
    avg_pool1d {
        built_in::<AvgPool1d<1, 1, 1, 1, Window1d, f64>>,
        built_in::<AvgPool1d<1, 4, 2, 2, Window1d<2>, f64>>,
        built_in::<AvgPool1d<3, 9, 3, 3, Window1d<3>, f64>>,
        built_in::<AvgPool1d<2, 9, 7, 3, Window1d<1>, f64>>,
        built_in::<AvgPool1d<2, 9, 4, 3, Window1d<2>, f64>>,
        built_in::<AvgPool1d<2, 10, 3, 2, Window1d<3>, f64>>,
        built_in::<AvgPool1d<1, 7, 4, 3, Window1d<2, 1, 1>, f64>>,
        built_in::<AvgPool1d<4, 5, 6, 2, Window1d<1, 1, 1>, f64>>,
        built_in::<AvgPool1d<2, 11, 7, 3, Window1d<1, 0, 0, 2>, f64>>,
        built_in::<AvgPool1d<3, 12, 5, 3, Window1d<2, 1, 0, 2>, f64>>,
        built_in::<AvgPool1d<1, 40, 1, 40, Window1d<40>, f64>>,
        built_in::<AvgPool1d<5, 33, 16, 2, Window1d<2>, f64>>,
        built_in::<AvgPool1d<1, 300, 1, 300, Window1d<300>, f64>>,
    }
    avg_pool2d {
        built_in::<AvgPool2d<1, 1, 1, 1, 1, 1, 1, Window2d, f64>>,
        built_in::<AvgPool2d<1, 4, 4, 2, 2, 2, 2, Window2d<2, 2>, f64>>,
        built_in::<AvgPool2d<3, 6, 8, 3, 4, 2, 2, Window2d<2, 2>, f64>>,
        built_in::<AvgPool2d<2, 5, 6, 3, 4, 3, 3, Window2d<1, 1>, f64>>,
        built_in::<AvgPool2d<2, 7, 7, 3, 3, 3, 3, Window2d<2, 2>, f64>>,
        built_in::<AvgPool2d<2, 6, 5, 3, 2, 2, 3, Window2d<2, 2>, f64>>,
        built_in::<AvgPool2d<1, 7, 6, 4, 3, 3, 3, Window2d<2, 2, 1, 1, 1, 0>, f64>>,
        built_in::<AvgPool2d<1, 3, 3, 4, 4, 2, 2, Window2d<1, 1, 1, 1, 1, 1>, f64>>,
        built_in::<AvgPool2d<2, 7, 8, 3, 4, 3, 3, Window2d<1, 1, 0, 0, 0, 0, 2, 2>, f64>>,
        built_in::<AvgPool2d<2, 8, 7, 3, 3, 3, 2, Window2d<2, 2, 1, 0, 0, 0, 2, 2>, f64>>,
        built_in::<AvgPool2d<4, 5, 5, 2, 2, 2, 2, Window2d<2, 2>, f64>>,
        built_in::<AvgPool2d<1, 4, 17, 2, 8, 2, 3, Window2d<2, 2>, f64>>,
        built_in::<AvgPool2d<2, 4, 3, 1, 1, 4, 3, Window2d<4, 3>, f64>>,
    }
}
