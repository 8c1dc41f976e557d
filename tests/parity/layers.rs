//! Every layer, with the options that change its arithmetic. The types' order is that of nn-core: sizes, window, scalar, groups, biases.

use nn_core::layer::{
    AvgPool1d, AvgPool2d, BatchNorm, Conv1d, Conv2d, Dense, DepthwiseConv2d, EveryStep, GlobalAvgPool, Gru, Last, LastStep, LayerNorm,
    Lstm, MaxPool1d, MaxPool2d, MeanOfSteps, Rectified, Rnn, Transpose, Window1d, Window2d,
};

use crate::fixture::{given, layer};

/// `case => Type<T>`: checked with f64 and with f32 for `T`.
macro_rules! layers {
    ($($case:ident => $layer:ty),* $(,)?) => {
        mod types {
            use super::*;
            $(
                #[allow(non_camel_case_types, reason = "named like the case")]
                pub type $case<T> = $layer;
            )*
        }
        cases! { "layers": $(
            $case => |file, case| {
                layer::<types::$case<f64>>(file, case, given::<types::$case<f64>>);
                layer::<types::$case<f32>>(file, case, given::<types::$case<f32>>);
            }
        ),* }
    };
}

layers! {
    dense => Dense<5, 4, T>,
    dense_wide => Dense<37, 11, T>,
    dense_no_bias => Dense<7, 3, T, 0>,
    conv1d => Conv1d<2, 9, 3, 7, 3, Window1d, T>,
    conv1d_causal_dilated => Conv1d<2, 12, 5, 12, 3, Window1d<1, 4, 0, 2>, T>,
    conv1d_groups_stride => Conv1d<4, 13, 6, 6, 3, Window1d<2>, T, 2>,
    conv1d_no_bias => Conv1d<3, 11, 4, 4, 4, Window1d<3, 2, 2>, T, 3, 0>,
    conv2d => Conv2d<2, 4, 7, 3, 3, 5, 2, 3, Window2d, T>,
    conv2d_same => Conv2d<3, 4, 4, 5, 4, 4, 3, 3, Window2d<1, 1, 1, 1, 1, 1>, T>,
    conv2d_same_even => Conv2d<1, 6, 6, 2, 6, 6, 4, 4, Window2d<1, 1, 1, 2, 1, 2>, T>,
    conv2d_groups_stride => Conv2d<4, 5, 5, 6, 3, 3, 3, 3, Window2d<2, 2, 1, 1, 1, 1>, T, 2>,
    conv2d_dilation => Conv2d<1, 8, 9, 2, 4, 3, 3, 3, Window2d<1, 1, 0, 0, 0, 0, 2, 3>, T>,
    conv2d_no_bias => Conv2d<6, 4, 4, 5, 4, 4, 1, 1, Window2d, T, 6, 0>,
    depthwise_conv2d => DepthwiseConv2d<3, 4, 6, 3, 4, 6, 3, 3, Window2d<1, 1, 1, 1, 1, 1>, T>,
    depthwise_conv2d_two => DepthwiseConv2d<2, 7, 9, 4, 4, 5, 3, 3, Window2d<2, 2, 1, 1, 1, 1>, T, 0>,
    max_pool1d => MaxPool1d<3, 9, 4, 2, Window1d<2>, T>,
    max_pool1d_padded => MaxPool1d<2, 8, 4, 3, Window1d<2, 1, 1>, T>,
    max_pool2d => MaxPool2d<3, 6, 8, 3, 4, 2, 2, Window2d<2, 2>, T>,
    max_pool2d_overlapping => MaxPool2d<2, 7, 6, 4, 3, 3, 3, Window2d<2, 2, 1, 1, 1, 1>, T>,
    max_pool2d_dilated => MaxPool2d<2, 7, 5, 3, 4, 3, 2, Window2d<1, 1, 0, 0, 0, 0, 2, 1>, T>,
    avg_pool1d => AvgPool1d<3, 8, 4, 2, Window1d<2>, T>,
    avg_pool1d_padded => AvgPool1d<2, 9, 5, 3, Window1d<2, 1, 1>, T>,
    avg_pool2d => AvgPool2d<3, 6, 8, 3, 4, 2, 2, Window2d<2, 2>, T>,
    avg_pool2d_padded => AvgPool2d<2, 7, 6, 4, 4, 3, 2, Window2d<2, 2, 1, 1, 1, 1>, T>,
    global_avg_pool1d => GlobalAvgPool<3, [T; 7]>,
    global_avg_pool2d => GlobalAvgPool<4, [[T; 5]; 3]>,
    batch_norm => BatchNorm<4, T>,
    batch_norm1d => BatchNorm<3, [T; 5], { 1e-3_f64.to_bits() }, { 0.3_f64.to_bits() }>,
    batch_norm2d => BatchNorm<2, [[T; 3]; 4]>,
    layer_norm => LayerNorm<[T; 7]>,
    layer_norm2d => LayerNorm<[[[T; 4]; 3]; 2], { 1e-3_f64.to_bits() }>,
    dense_large => Dense<67, 43, T>,
    conv1d_large => Conv1d<9, 37, 17, 37, 5, Window1d<1, 2, 2>, T>,
    conv2d_large => Conv2d<8, 9, 11, 12, 9, 11, 3, 3, Window2d<1, 1, 1, 1, 1, 1>, T>,
    depthwise_conv2d_large => DepthwiseConv2d<9, 8, 9, 18, 8, 9, 3, 3, Window2d<1, 1, 1, 1, 1, 1>, T>,
    repeat => [Dense<4, 4, T>; 3],
    rnn => Rnn<7, 3, 5, EveryStep, 5, 1, 0, T>,
    rnn_last => Rnn<7, 3, 5, LastStep, 5, 1, 0, T>,
    rnn_both_ways => Rnn<6, 3, 5, EveryStep, 10, 2, 0, T>,
    rnn_both_ways_last => Rnn<6, 3, 5, LastStep, 10, 2, 0, T>,
    rnn_stacked => Rnn<5, 4, 3, EveryStep, 3, 1, 2, T>,
    rnn_stacked_both_ways_last => Rnn<5, 4, 3, LastStep, 6, 2, 1, T>,
    rnn_no_bias => Rnn<4, 2, 4, EveryStep, 4, 1, 0, T, 0>,
    rnn_large => Rnn<24, 10, 32, EveryStep, 32, 1, 0, T>,
    gru => Gru<7, 3, 5, EveryStep, 5, 1, 0, T>,
    gru_last => Gru<7, 3, 5, LastStep, 5, 1, 0, T>,
    gru_both_ways => Gru<6, 3, 5, EveryStep, 10, 2, 0, T>,
    gru_both_ways_last => Gru<6, 3, 5, LastStep, 10, 2, 0, T>,
    gru_stacked => Gru<5, 4, 3, EveryStep, 3, 1, 2, T>,
    gru_stacked_both_ways_last => Gru<5, 4, 3, LastStep, 6, 2, 1, T>,
    gru_no_bias => Gru<4, 2, 4, EveryStep, 4, 1, 0, T, 0>,
    gru_large => Gru<24, 10, 32, EveryStep, 32, 1, 0, T>,
    lstm => Lstm<7, 3, 5, EveryStep, 5, 1, 0, T>,
    lstm_last => Lstm<7, 3, 5, LastStep, 5, 1, 0, T>,
    lstm_both_ways => Lstm<6, 3, 5, EveryStep, 10, 2, 0, T>,
    lstm_both_ways_last => Lstm<6, 3, 5, LastStep, 10, 2, 0, T>,
    lstm_stacked => Lstm<5, 4, 3, EveryStep, 3, 1, 2, T>,
    lstm_stacked_both_ways_last => Lstm<5, 4, 3, LastStep, 6, 2, 1, T>,
    lstm_no_bias => Lstm<4, 2, 4, EveryStep, 4, 1, 0, T, 0>,
    lstm_large => Lstm<24, 10, 32, EveryStep, 32, 1, 0, T>,
    last => Last<5, 3, T>,
    mean_of_steps => MeanOfSteps<5, 3, T>,
    transpose => Transpose<5, 3, T>,
    rnn_rectified => Rnn<4, 3, 5, EveryStep, 5, 1, 0, T, 1, Rectified>,
}
