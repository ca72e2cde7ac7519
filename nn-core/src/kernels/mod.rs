//! Matrix products, convolutions, pools and point-wise functions on slices. No kernel allocates.
//!
//! Every slice must have the length that its documentation states: kernels index what they are given, and a slice that is
//! too short is a panic. Layouts are row-major with the channels last.
//!
//! A new kernel is one file with a `kernels!` declaration, and one line in [`Kernels`].

mod declare;

mod activation;
mod attention;
mod batch_norm;
mod bilinear;
mod channel_scale;
mod columns;
mod conv2d;
mod conv3d;
mod conv_pool2d;
mod depthwise;
mod dropout;
mod elementwise;
mod embedding;
mod gate;
mod gemm;
mod gemv;
mod group_norm;
mod largest;
mod layer_norm;
mod layout;
mod noise;
mod outer;
mod peak;
mod penalty;
mod pool2d;
mod pool3d;
mod prelu;
mod rearrange;
mod recurrent;
mod row;
mod softmax;
mod sums;
#[cfg(test)]
mod testing;
mod unit_norm;
mod weight_norm;

pub use activation::{activate, activate_backward, activate_in_place};
pub(crate) use attention::{
    Dropped, Heads, Turn, attend_once, attention_backward, attention_forward, attention_forward_scratch,
    attention_scratch, fill_turns, turn,
};
pub use batch_norm::{
    Moments, batch_norm_backward, batch_norm_forward, batch_norm_sums, column_moments, merge_moments,
};
pub use bilinear::{bilinear_backward, bilinear_forward};
pub use channel_scale::{channel_scale_backward, channel_scale_forward};
pub use columns::{add_column_sums, add_columns, copy_columns};
pub use conv_pool2d::{
    conv_pool2d_backward_input, conv_pool2d_backward_weight, conv_pool2d_forward, conv_pool2d_forward_scratch,
    conv_pool2d_keep_won, conv_pool2d_scratch,
};
pub use conv2d::{
    conv_backward_input, conv_backward_weight, conv_forward, conv_forward_scratch, conv_scratch,
    conv_transpose_forward, conv2d_backward_input, conv2d_backward_weight, conv2d_forward, conv2d_forward_scratch,
    conv2d_scratch,
};
pub use conv3d::{
    conv3d_backward_input, conv3d_backward_weight, conv3d_forward, conv3d_forward_scratch, conv3d_scratch,
};
pub use depthwise::{
    depthwise_conv2d_backward_input, depthwise_conv2d_backward_weight, depthwise_conv2d_forward,
    depthwise_conv2d_scratch,
};
pub use dropout::drop_and_scale;
pub use elementwise::{Join, add_product, join, join_assign, negate, rescale, rescale_in_place, scale};
pub use embedding::{embed, embed_backward, embed_bags, embed_bags_backward};
pub use gate::{Gate, gate_backward, gate_forward};
pub use gemm::{
    Epilogue, Matrix, Store, forward_scratch, gemm, gemm_packed, gemm_scratch, known_product, pack_right, packed_len,
};
pub(crate) use gemm::{Patches, gemm_patches};
pub use gemv::gemv;
pub use group_norm::{group_moments, group_norm_backward};
pub use largest::{largest, largest_backward};
pub use layer_norm::{layer_norm_backward, layer_norm_forward, rms_norm_backward, rms_norm_forward};
pub use layout::Layout;
pub use noise::fill_normal;
pub use outer::{outer_products, outer_products_backward};
pub use peak::{MULTIPLY_ADD_CHAINS, multiply_add_chains, sum_of_reads};
pub use penalty::{absolute_and_square_sums, add_penalty_gradient};
pub use pool2d::{
    avg_pool2d_backward, avg_pool2d_forward, global_avg_pool2d_backward, global_avg_pool2d_forward,
    max_pool2d_backward, max_pool2d_forward,
};
pub use pool3d::{avg_pool3d_backward, avg_pool3d_forward, max_pool3d_backward, max_pool3d_forward, pool3d_scratch};
pub use prelu::{prelu_backward, prelu_forward};
pub use rearrange::{gather, scatter, scatter_add};
pub(crate) use recurrent::{gru_step, gru_step_backward, lstm_step, lstm_step_backward, rnn_step, rnn_step_backward};
pub use softmax::{log_softmax_backward, log_softmax_forward, softmax_backward, softmax_forward};
pub(crate) use softmax::{shifted_exponentials, sum_of_exponentials};
pub use unit_norm::{unit_norm_backward, unit_norm_forward};
pub use weight_norm::{column_lengths, weight_from_directions, weight_from_directions_backward};

pub(crate) use declare::kernels;

/// The bodies of kernels, for code that is compiled for an instruction set as a whole: a small network.
pub(crate) mod inline {
    pub(crate) use super::activation::{activate_body as activate, activate_in_place_body as activate_in_place};
    pub(crate) use super::elementwise::{
        join_assign_body as join_assign, join_body as join, rescale_in_place_body as rescale_in_place,
    };
    pub(crate) use super::layer_norm::{
        layer_norm_forward_body as layer_norm_forward, rms_norm_forward_body as rms_norm_forward,
    };
    pub(crate) use super::row::row_times_matrix;
    pub(crate) use super::softmax::{
        log_softmax_forward_body as log_softmax_forward, softmax_forward_body as softmax_forward,
    };
}

/// Lists the traits that `kernels!` has declared.
macro_rules! registry {
    ($($($family:ident)::+),* $(,)?) => {
        /// All kernels of a scalar, each compiled inside this crate.
        pub trait Kernels: crate::simd::math::Real $(+ $($family)::+<Self>)* {}

        impl Kernels for f32 {}
        impl Kernels for f64 {}
    };
}

registry! {
    activation::Pointwise,
    attention::AttentionTiles,
    attention::Rotary,
    attention::SingleQuery,
    batch_norm::BatchNormalisation,
    bilinear::Interpolation,
    channel_scale::ChannelScale,
    columns::Columns,
    conv_pool2d::ConvolutionPool,
    conv2d::GatherPatches,
    conv2d::SumPatches,
    conv2d::TapPatches,
    depthwise::DepthwiseFilter,
    depthwise::DepthwiseWeight,
    dropout::Masking,
    elementwise::Elementwise,
    embedding::TableLookup,
    gate::Gating,
    gemm::MatrixProduct,
    gemv::RowProduct,
    group_norm::GroupNormalisation,
    largest::Largest,
    layer_norm::RowNormalisation,
    noise::NoiseKernels,
    outer::OuterProducts,
    peak::Peak,
    penalty::Penalties,
    pool2d::Pooling,
    prelu::LearntSlope,
    rearrange::Rearrangement,
    recurrent::RecurrentCells,
    softmax::SoftmaxFamily,
    unit_norm::UnitRows,
    weight_norm::WeightNormalisation,
    crate::data::Conversion,
    crate::optim::AdadeltaKernels,
    crate::optim::AdagradKernels,
    crate::optim::AdamFamilyKernels,
    crate::optim::AdamKernels,
    crate::optim::GradientKernels,
    crate::optim::LambKernels,
    crate::optim::LionKernels,
    crate::optim::RmsPropKernels,
    crate::optim::SgdKernels,
}
