//! The built-in layers: parameters, forward and backward, one file each.
//!
//! A layer here has the name of its description in [`crate::spec`], which is its [`Layer::Config`]: sizes and arguments
//! come with each [`Call`], parameters are the struct. A layer without parameters is an empty struct that works for every
//! scalar:
//!
//! ```
//! use nn_core::layer::{Call, Layer, Memory, Pass};
//! use nn_core::layers::MaxPool2d;
//! use nn_core::spec::{self, Padding, Shape};
//!
//! let config = spec::MaxPool2d { kernel: [2, 2], stride: None, padding: Padding::Valid };
//! let call = Call::new(config, Shape::new(&[2, 2, 1]), Shape::new(&[1, 1, 1]), 0);
//! let mut largest = [0.0f32];
//! MaxPool2d.forward(&call, &Pass::inference(1), &[1.0, 4.0, 2.0, 3.0], &mut largest, Memory::none());
//! assert_eq!(largest, [4.0]);
//! ```

mod activation;
mod activity_regularization;
mod adaptive_pool;
mod affine;
mod alpha_dropout;
mod attention;
mod batch_norm;
mod bilinear;
mod border_pad;
mod broadcast;
mod causal;
mod conv1d;
mod conv2d;
mod conv3d;
mod conv_transpose;
mod crop;
mod dense;
mod depthwise_conv1d;
mod depthwise_conv2d;
mod drop_path;
mod dropout;
mod embedding;
mod gaussian_noise;
mod global_pool;
mod glu;
mod group_norm;
mod layer_norm;
mod layer_scale;
mod learned;
mod mat_mul;
mod pad;
mod permute;
mod pixel_shuffle;
mod pool1d;
mod pool2d;
mod pool3d;
mod pooled;
mod positional_embedding;
mod prelu;
pub mod recurrent;
mod reduce;
mod reorder;
mod rescaling;
mod rms_norm;
mod separable_conv;
mod sinusoidal_position;
mod slice;
mod softmax;
mod spatial_dropout;
mod standard_normal;
mod tied;
mod unit_norm;
mod up_sample1d;
mod up_sample2d;
mod up_sample_bilinear2d;
mod weight_norm;

pub use activation::{
    Abs, Ceil, Celu, Cos, Elu, Erf, Exp, Floor, Gelu, GeluTanh, HardSigmoid, HardSwish, HardTanh, LeakyRelu, Log,
    LogSigmoid, Mish, Reciprocal, Relu, Relu6, Round, Selu, Shrink, Sigmoid, Sign, Silu, Sin, Softplus, Softsign, Sqrt,
    Square, Tanh, ThresholdedRelu,
};
pub use activity_regularization::ActivityRegularization;
pub use adaptive_pool::{
    AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d, AdaptiveMaxPool1d, AdaptiveMaxPool2d, AdaptiveMaxPool3d,
};
pub use alpha_dropout::AlphaDropout;
pub use attention::{Attention, AttentionBias, CrossAttention};
pub use batch_norm::{BatchNorm, BatchNormGradient};
pub use bilinear::Bilinear;
pub use border_pad::{CircularPad, ReflectionPad, ReplicationPad};
pub use broadcast::Broadcast;
pub use conv_transpose::{ConvTranspose1d, ConvTranspose2d};
pub use conv1d::Conv1d;
pub use conv2d::Conv2d;
pub use conv3d::Conv3d;
pub use crop::Crop;
pub use dense::Dense;
pub use depthwise_conv1d::DepthwiseConv1d;
pub use depthwise_conv2d::DepthwiseConv2d;
pub use drop_path::DropPath;
pub use dropout::Dropout;
pub use embedding::{Embedding, EmbeddingBag};
pub use gaussian_noise::GaussianNoise;
pub use global_pool::{GlobalAvgPool, GlobalMaxPool};
pub use glu::{GeGlu, Glu, SwiGlu};
pub use group_norm::{GroupNorm, InstanceNorm};
pub use layer_norm::LayerNorm;
pub use layer_scale::LayerScale;
pub use learned::Learned;
pub use mat_mul::MatMul;
pub use pad::Pad;
pub use permute::Permute;
pub use pixel_shuffle::PixelShuffle;
pub use pool1d::{AvgPool1d, MaxPool1d};
pub use pool2d::{AvgPool2d, GlobalAvgPool2d, MaxPool2d};
pub use pool3d::{AvgPool3d, MaxPool3d};
pub use positional_embedding::PositionalEmbedding;
pub use prelu::PRelu;
pub use recurrent::{Gru, GruFrom, Lstm, LstmFrom, LstmState, Rnn, RnnFrom};
pub use reduce::{Max, Mean, Sum};
pub use reorder::{Flatten, Reshape};
pub use rescaling::Rescaling;
pub use rms_norm::RmsNorm;
pub use separable_conv::{SeparableConv1d, SeparableConv2d};
pub use sinusoidal_position::SinusoidalPosition;
pub use slice::Slice;
pub use softmax::{LogSoftmax, Softmax};
pub use spatial_dropout::SpatialDropout;
pub use standard_normal::StandardNormal;
pub use unit_norm::UnitNorm;
pub use up_sample_bilinear2d::UpSampleBilinear2d;
pub use up_sample1d::UpSample1d;
pub use up_sample2d::UpSample2d;
pub use weight_norm::{WeightNormConv2d, WeightNormDense};

use crate::kernels::activate_backward;
use crate::layer::Call;
#[cfg(doc)]
use crate::layer::Layer;
use crate::scalar::Scalar;
use crate::spec::Activation;

/// Declares a layer without parameters, from two functions: `forward(call, pass, input, output)`, and
/// `backward(call, pass, values, d_output, d_input)`, which is called where somebody asks for `d_input`. With a third word,
/// `scratch`, both take that memory as their last argument.
macro_rules! stateless {
    ($(#[$meta:meta])* $name:ident { $forward:ident, $backward:ident $(, $memory:ident)? }) => {
        $(#[$meta])*
        #[derive(Debug)]
        pub struct $name;

        crate::plain! { impl[T] $name {} }

        impl<T: Scalar> crate::layer::Layer<T> for $name {
            type Config = spec::$name;
            type Gradient = ();

            const PARTS: &'static [crate::tensors::Part] = &[];

            fn forward(
                &self,
                call: &Call<Self::Config>,
                pass: &Pass,
                input: &[T],
                output: &mut [T],
                memory: crate::layer::Memory<'_, T>,
            ) {
                let _ = &memory;
                $forward(call, pass, input, output $(, memory.$memory)?);
            }

            fn backward(
                &self,
                call: &Call<Self::Config>,
                pass: &Pass,
                values: Activations<'_, T>,
                d_output: &mut [T],
                d_input: Option<&mut [T]>,
                _gradient: Option<&mut ()>,
                memory: crate::layer::Memory<'_, T>,
            ) {
                let _ = &memory;
                if let Some(d_input) = d_input {
                    $backward(call, pass, values, d_output, d_input $(, memory.$memory)?);
                }
            }
        }
    };
}
use stateless;

/// Turns the gradient of a fused activation's value into that of its argument, in place: the first step backward of an
/// affine layer. `output` may be empty when nothing is fused.
fn through_activation<T: Scalar, C>(call: &Call<C>, output: &[T], d_output: &mut [T]) {
    if call.activation != Activation::Identity {
        activate_backward(call.activation, output, d_output);
    }
}

#[cfg(all(test, feature = "alloc"))]
mod testing {
    use crate::layer::{Activations, Call, InPlace, Layer, Memory, Pass};
    use crate::simd::Plain;
    use alloc::vec;
    use alloc::vec::Vec;

    /// A call of a built-in layer with everything that the compiler would derive: `call!(Dense { units: 5, .. }, [7])`.
    macro_rules! call {
        ($name:ident $arguments:tt, $input:expr) => {{
            let config = $crate::spec::$name $arguments;
            let input = $crate::spec::Shape::new(&$input);
            let output = config.out_shape(input).expect("a shape that the layer takes");
            $crate::layer::Call::new(config, input, output, 3)
        }};
    }
    pub(super) use call;

    /// The laws for such a call and a number of samples; backward is given what the description says it reads.
    macro_rules! laws {
        ($name:ident $arguments:tt, $input:expr, $samples:expr) => {
            $crate::laws::Laws::new($crate::layers::testing::call!($name $arguments, $input), $samples)
                .reads($crate::spec::$name::INFO.reads)
        };
        ($name:ident $arguments:tt, $input:expr, $samples:expr, $activation:expr) => {
            $crate::laws::Laws::new(
                $crate::layers::testing::call!($name $arguments, $input).with_activation($activation),
                $samples,
            )
            .reads($crate::spec::$name::INFO.reads)
        };
    }
    pub(super) use laws;

    /// The output for one tile.
    pub(super) fn forward<L: Layer<f64>>(layer: &L, call: &Call<L::Config>, pass: &Pass, input: &[f64]) -> Vec<f64> {
        let mut output = vec![f64::NAN; call.output.len() * pass.samples];
        let mut scratch = vec![f64::NAN; 1 << 16];
        layer.forward(call, pass, input, &mut output, Memory { scratch: &mut scratch, ..Memory::none() });
        output
    }

    /// A layer with default initial values.
    pub(super) fn initialized<L: Layer<f64>>(call: &Call<L::Config>) -> crate::simd::AlignedBox<L> {
        let mut layer = L::zeroed_box();
        layer.initialize(call, &mut crate::Random::new(9));
        assert_eq!(crate::tensors::count(L::PARTS, false), <L as Plain<f64>>::LEN);
        layer
    }

    /// Holds the forms that work in place to the others.
    pub(super) fn assert_in_place<L: InPlace<f64>>(layer: &L, call: &Call<L::Config>, pass: &Pass) {
        let len = call.input.len() * pass.samples;
        let input: Vec<f64> = (0..len).map(|index| 0.1 + 0.07 * index as f64).collect();
        let output = forward(layer, call, pass, &input);
        let mut values = input.clone();
        layer.forward_in_place(call, pass, &mut values);
        assert_eq!(values, output);
        let (mut d_output, mut d_input) = (input.clone(), vec![f64::NAN; len]);
        let activations = Activations { input: &input, output: &output };
        layer.backward(call, pass, activations, &mut d_output, Some(&mut d_input), None, Memory::none());
        let mut gradient = input.clone();
        layer.backward_in_place(call, pass, activations, &mut gradient);
        assert_eq!(gradient, d_input);
    }

    pub(super) fn assert_near(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{found} is not {expected}");
        }
    }
}
