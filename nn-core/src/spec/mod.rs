//! What a layer *is*, as plain data and `const fn`s: arguments, shapes, counts and the words of its shape errors.
//!
//! This module knows nothing of the rest of the crate. The compiler calls these functions while a macro expands, and
//! emitted code calls the very same ones in constants, so that each shape rule exists once.
//!
//! A new layer is one file here and one line in [`LAYERS`].

mod activation;
mod activity_regularization;
mod adaptive_pool;
mod argument;
mod attention;
mod axes;
mod batch_norm;
mod bilinear;
mod border_pad;
mod broadcast;
mod conv1d;
mod conv2d;
mod conv3d;
mod conv_transpose;
mod crop;
mod dense;
mod depthwise_conv2d;
mod dropout;
mod embedding;
mod error;
mod global_pool;
mod glu;
mod group_norm;
mod join;
mod layer;
mod layer_norm;
mod layer_scale;
mod learned;
mod mat_mul;
mod message;
mod pad;
mod permute;
mod pixel_shuffle;
mod pool1d;
mod pool2d;
mod pool3d;
mod positional_embedding;
mod prelu;
mod recurrent;
mod reduce;
mod reorder;
mod rescaling;
mod separable_conv;
mod shape;
mod sinusoidal_position;
mod slice;
mod softmax;
mod standard_normal;
mod tied;
mod unequal;
mod unit_norm;
mod up_sample1d;
mod up_sample2d;
mod up_sample_bilinear2d;
mod weight_norm;
mod window;

pub use activation::{
    Abs, Activation, Ceil, Celu, Cos, Elu, Erf, Exp, Floor, Gelu, GeluTanh, HardSigmoid, HardSwish, HardTanh,
    LeakyRelu, Log, LogSigmoid, Mish, Reciprocal, Relu, Relu6, Round, Selu, Shrink, Sigmoid, Sign, Silu, Sin, Softplus,
    Softsign, Sqrt, Square, Tanh, ThresholdedRelu,
};
pub use activity_regularization::ActivityRegularization;
pub use adaptive_pool::{
    AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d, AdaptiveMaxPool1d, AdaptiveMaxPool2d, AdaptiveMaxPool3d,
};
pub use argument::{Argument, ArgumentKind, ArgumentType, Padding, Range, Value};
pub use attention::{Attention, AttentionGeometry, CrossAttention};
pub use axes::{Axes, Places, axis_place};
pub use batch_norm::BatchNorm;
pub use bilinear::Bilinear;
pub use border_pad::{Border, CircularPad, ReflectionPad, ReplicationPad};
pub use broadcast::Broadcast;
pub use conv_transpose::{ConvTranspose1d, ConvTranspose2d};
pub use conv1d::{Conv1d, DepthwiseConv1d};
pub use conv2d::{Conv2d, Conv2dGeometry, ConvGeometry};
pub use conv3d::{Conv3d, Conv3dGeometry};
pub use crop::Crop;
pub use dense::Dense;
pub use depthwise_conv2d::DepthwiseConv2d;
pub use dropout::{AlphaDropout, DropPath, Dropout, GaussianNoise, SpatialDropout};
pub use embedding::{Embedding, EmbeddingBag};
pub use error::ShapeError;
pub use global_pool::{GlobalAvgPool, GlobalMaxPool};
pub use glu::{GeGlu, Glu, SwiGlu};
pub use group_norm::{GroupNorm, InstanceNorm};
pub use join::{applied_again, broadcast, concat_along, nested, pair_along, same_shape};
pub use layer::{Form, JoinedSize, Joins, Kind, LayerInfo, OutputAxes, Reads, Stream, TypeArgument};
pub use layer_norm::{LayerNorm, RmsNorm};
pub use layer_scale::LayerScale;
pub use learned::Learned;
pub use mat_mul::MatMul;
pub use message::Message;
pub use pad::Pad;
pub use permute::Permute;
pub use pixel_shuffle::PixelShuffle;
pub use pool1d::{AvgPool1d, MaxPool1d};
pub use pool2d::{AvgPool2d, GlobalAvgPool2d, MaxPool2d, Pool2dGeometry};
pub use pool3d::{AvgPool3d, MaxPool3d, Pool3dGeometry};
pub use positional_embedding::PositionalEmbedding;
pub use prelu::PRelu;
pub use recurrent::{Gru, GruFrom, Lstm, LstmFrom, LstmState, Rnn, RnnFrom};
pub use reduce::{Max, Mean, Sum};
pub use reorder::{Flatten, Reshape};
pub use rescaling::Rescaling;
pub use separable_conv::{SeparableConv1d, SeparableConv2d};
pub use shape::{MAX_RANK, Shape};
pub use sinusoidal_position::SinusoidalPosition;
pub use slice::Slice;
pub use softmax::{LogSoftmax, Softmax};
pub use standard_normal::StandardNormal;
pub use tied::Tied;
pub use unit_norm::UnitNorm;
pub use up_sample_bilinear2d::UpSampleBilinear2d;
pub use up_sample1d::UpSample1d;
pub use up_sample2d::UpSample2d;
pub use weight_norm::{WeightNormConv2d, WeightNormDense};

/// Every built-in layer, by the name that a user writes in `network!`. The compiler knows no others.
pub const LAYERS: &[&LayerInfo] = &[
    &Dense::INFO,
    &Bilinear::INFO,
    &MatMul::INFO,
    &Conv2d::INFO,
    &Conv1d::INFO,
    &Conv3d::INFO,
    &DepthwiseConv2d::INFO,
    &DepthwiseConv1d::INFO,
    &SeparableConv2d::INFO,
    &SeparableConv1d::INFO,
    &ConvTranspose2d::INFO,
    &ConvTranspose1d::INFO,
    &MaxPool2d::INFO,
    &AvgPool2d::INFO,
    &GlobalAvgPool2d::INFO,
    &MaxPool1d::INFO,
    &AvgPool1d::INFO,
    &MaxPool3d::INFO,
    &AvgPool3d::INFO,
    &GlobalMaxPool::INFO,
    &GlobalAvgPool::INFO,
    &AdaptiveMaxPool2d::INFO,
    &AdaptiveAvgPool2d::INFO,
    &AdaptiveMaxPool1d::INFO,
    &AdaptiveAvgPool1d::INFO,
    &AdaptiveMaxPool3d::INFO,
    &AdaptiveAvgPool3d::INFO,
    &Embedding::INFO,
    &EmbeddingBag::INFO,
    &PositionalEmbedding::INFO,
    &SinusoidalPosition::INFO,
    &Learned::INFO,
    &Flatten::INFO,
    &Reshape::INFO,
    &Permute::INFO,
    &Slice::INFO,
    &Pad::INFO,
    &ReflectionPad::INFO,
    &ReplicationPad::INFO,
    &CircularPad::INFO,
    &Crop::INFO,
    &Broadcast::INFO,
    &Mean::INFO,
    &Sum::INFO,
    &Max::INFO,
    &UpSample2d::INFO,
    &UpSample1d::INFO,
    &UpSampleBilinear2d::INFO,
    &PixelShuffle::INFO,
    &Rescaling::INFO,
    &StandardNormal::INFO,
    &Dropout::INFO,
    &SpatialDropout::INFO,
    &AlphaDropout::INFO,
    &DropPath::INFO,
    &GaussianNoise::INFO,
    &ActivityRegularization::INFO,
    &BatchNorm::INFO,
    &WeightNormDense::INFO,
    &WeightNormConv2d::INFO,
    &Rnn::INFO,
    &Lstm::INFO,
    &Gru::INFO,
    &RnnFrom::INFO,
    &LstmFrom::INFO,
    &GruFrom::INFO,
    &LstmState::INFO,
    &Attention::INFO,
    &CrossAttention::INFO,
    &LayerNorm::INFO,
    &RmsNorm::INFO,
    &UnitNorm::INFO,
    &LayerScale::INFO,
    &GroupNorm::INFO,
    &InstanceNorm::INFO,
    &Relu::INFO,
    &LeakyRelu::INFO,
    &Elu::INFO,
    &Sigmoid::INFO,
    &Tanh::INFO,
    &Gelu::INFO,
    &Silu::INFO,
    &Softplus::INFO,
    &Exp::INFO,
    &Log::INFO,
    &Sqrt::INFO,
    &Square::INFO,
    &Abs::INFO,
    &Reciprocal::INFO,
    &Selu::INFO,
    &Celu::INFO,
    &Relu6::INFO,
    &ThresholdedRelu::INFO,
    &HardTanh::INFO,
    &HardSigmoid::INFO,
    &HardSwish::INFO,
    &Mish::INFO,
    &GeluTanh::INFO,
    &Softsign::INFO,
    &LogSigmoid::INFO,
    &Shrink::INFO,
    &Erf::INFO,
    &Sin::INFO,
    &Cos::INFO,
    &Sign::INFO,
    &Floor::INFO,
    &Ceil::INFO,
    &Round::INFO,
    &PRelu::INFO,
    &Glu::INFO,
    &SwiGlu::INFO,
    &GeGlu::INFO,
    &Softmax::INFO,
    &LogSoftmax::INFO,
];

/// The shape a rule gives, or [`Shape::INVALID`] where it refuses: the refusal itself is reported once.
pub const fn shape_or_invalid(result: Result<Shape, ShapeError>) -> Shape {
    match result {
        Ok(shape) => shape,
        Err(_) => Shape::INVALID,
    }
}

/// The rule of a network's output: it has the shape that the user declared.
pub const fn check_declared(found: Shape, declared: Shape) -> Result<(), ShapeError> {
    if found.is_valid() && !found.equals(declared) {
        return Err(ShapeError::Declared { found, declared });
    }
    Ok(())
}
