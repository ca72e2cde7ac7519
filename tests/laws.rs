//! The gradient laws for whole networks: an emitted network is a layer, so it must obey what every layer obeys, whatever
//! the compiler fused, kept, overwrote or left out.

use netform::laws::{LawViolation, Laws};
use netform::layer::{Call, OpaqueLayer};
use netform::network;
use netform::network::Network;
use netform::shapes::SampleShape;

/// Holds a network to the laws for several batches.
fn obeys<N: Network<f64> + OpaqueLayer<f64, Config = ()>>() -> Result<(), LawViolation> {
    let call = Call::new((), N::Input::SHAPE, N::Output::SHAPE, 3);
    for samples in [1, 3] {
        Laws::new(call, samples).tape(N::TAPE).scratch(N::SCRATCH).check::<N>()?;
    }
    Ok(())
}

macro_rules! laws {
    ($($test:ident: $network:ident;)*) => {$(
        #[test]
        fn $test() {
            assert_eq!(obeys::<$network<f64>>(), Ok(()));
        }
    )*};
}

laws! {
    fused_chain: Fused;
    chain_that_keeps_inputs: Kept;
    image_chain: Images;
    pools_in_kernels: Pools;
    pools_in_blocks: PooledBlocks;
    pools_that_stay_apart: PoolsApart;
    frozen_convolution_with_a_pool: FrozenPool;
    branches_and_products: Branches;
    values_used_many_times: Reused;
    shared_weights: Shared;
    network_in_a_network: Outer;
    dropout_between_layers: Dropped;
    input_that_goes_everywhere: Everywhere;
    nothing_but_views: Views;
    layers_of_one_feature: Ones;
    names_that_emitted_code_uses: Names;
    sizes_by_name_and_by_number: Sizes;
}

network! {
    /// Affine layers with activations that fuse.
    pub struct Fused(x: [5]) -> [3] {
        x -> Dense(7) -> Relu -> Dense(6, bias = false) -> Tanh -> Dense(4) -> Sigmoid -> Dense(3) -> Elu(0.5)
    }
}

network! {
    /// Activations whose derivative needs the argument, and rows.
    pub struct Kept(x: [3, 4]) -> [3, 2] {
        x -> Dense(5) -> Gelu -> Dense(4) -> Silu -> Dense(2) -> LogSoftmax
    }
}

network! {
    /// Windows of every kind.
    pub struct Images(image: [7, 6, 2]) -> [4] {
        image -> Conv2d(3, kernel = 3, padding = same) -> Relu -> MaxPool2d(2, padding = same)
              -> Conv2d(4, kernel = [2, 1], stride = [1, 2], bias = false) -> LeakyRelu(0.2) -> AvgPool2d(2, stride = 1)
              -> GlobalAvgPool2d -> Softmax
    }
}

network! {
    /// Convolutions that pool as well, on either side of their activation; one of them twice.
    pub struct Pools(image: [13, 9, 2]) -> [7] {
        let a = image -> first: Conv2d(3, kernel = 3) -> Relu -> MaxPool2d(2);
        let b = a -> Conv2d(3, kernel = 2, padding = same) -> MaxPool2d([1, 3]) -> Tanh;
        let c = b -> again: Conv2d(3, kernel = 1, bias = false) -> MaxPool2d(1) -> again -> LeakyRelu(0.3) -> MaxPool2d([2, 1]);
        concat(c -> Flatten, b -> GlobalAvgPool2d -> Dense(1))
    }
}

network! {
    /// The same in a row of blocks, and in a network inside a network.
    pub struct PooledBlocks(image: [9, 9, 2]) -> [2] {
        image -> body: [Stage(3); 2] -> last: self::Stem -> GlobalAvgPool2d
    }

    block Stage(size: usize)(x: [height, width, channels]) {
        x -> Conv2d(channels, kernel = size, padding = same) -> Sigmoid -> MaxPool2d(1)
    }

    /// The inner network: it ends with the fused layer.
    pub struct Stem(image: [9, 9, 2]) -> [4, 3, 2] {
        image -> Conv2d(2, kernel = [2, 3], bias = false) -> MaxPool2d(2)
    }
}

network! {
    /// Pools that no convolution can take over: its result is read elsewhere, windows overlap, the function falls.
    pub struct PoolsApart(image: [8, 7, 1]) -> [2] {
        let a = image -> Conv2d(2, kernel = 3) -> Tanh;
        let b = a -> Conv2d(2, kernel = 2) -> MaxPool2d(2, stride = 1);
        let c = a -> Conv2d(2, kernel = 1) -> Gelu -> MaxPool2d(2) -> Conv2d(2, kernel = 1) -> Reciprocal -> MaxPool2d(2);
        (a -> MaxPool2d(2) -> GlobalAvgPool2d) + (b -> GlobalAvgPool2d) * (c -> Sigmoid -> GlobalAvgPool2d)
            + (a -> GlobalAvgPool2d)
    }
}

network! {
    /// A convolution that is not trained: once nobody wants its gradient but the input, once what stands above does.
    pub struct FrozenPool(image: [8, 8, 1]) -> [2] {
        image -> #[freeze] stem: Conv2d(2, kernel = 3) -> Relu -> MaxPool2d(2) -> Conv2d(3, kernel = 2, padding = same)
              -> #[freeze] middle: Conv2d(2, kernel = 1) -> MaxPool2d(2) -> Tanh -> GlobalAvgPool2d
    }
}

network! {
    /// Sums, differences, products and concatenations, with activations that nothing fuses.
    pub struct Branches(x: [6]) -> [9] {
        let a = x -> Dense(4) -> Tanh;
        let b = x -> Dense(4);
        let c = a * b - (b -> Relu);
        let d = concat(a, c, x -> Dense(1));
        d + (d -> Dense(9) -> Silu)
    }
}

network! {
    /// One value with many readers, before and after a function of it.
    pub struct Reused(x: [4]) -> [4] {
        let h = x -> Dense(4) -> Sigmoid;
        let g = h * h + h;
        (g - h) * (g -> Gelu) + (h -> Tanh)
    }
}

network! {
    /// One layer applied three times.
    pub struct Shared(x: [4]) -> [4] {
        let once = x -> fc: Dense(4) -> Tanh;
        (once -> fc -> Tanh -> fc) + once
    }
}

network! {
    /// A part of another network.
    pub struct Inner(x: [5]) -> [3] {
        x -> Dense(4) -> Gelu -> Dropout(0.3) -> Dense(3) -> Tanh
    }
}

network! {
    /// A network that holds two of them.
    pub struct Outer(x: [6]) -> [3] {
        let a = x -> Dense(5) -> first: self::Inner;
        let b = x -> Dense(5) -> Relu -> second: self::Inner;
        a * b -> Dense(3)
    }
}

network! {
    /// Masks in several places.
    pub struct Dropped(x: [8]) -> [3] {
        x -> Dropout(0.2) -> Dense(6) -> Relu -> Dropout(0.5) -> Dense(6) -> Dropout(0.1) -> Tanh -> Dense(3)
    }
}

network! {
    /// The input as an operand of everything.
    pub struct Everywhere(x: [3]) -> [6] {
        let y = x * x - (x -> Sigmoid);
        concat(y + x, x -> Dense(3) -> Softmax)
    }
}

network! {
    /// Shapes that change, and little else.
    pub struct Views(x: [2, 3, 4]) -> [2, 3] {
        x -> Flatten -> Reshape([6, 4]) -> Dense(1) -> Flatten -> Reshape([2, 3])
    }
}

network! {
    /// Every size one.
    pub struct Ones(x: [1, 1, 1]) -> [1] {
        x -> Conv2d(1, kernel = 1) -> Tanh -> MaxPool2d(1) -> Flatten -> Dense(1)
    }
}

network! {
    /// Every name of the emitted code, as a name of the user's.
    pub struct Names(d_input: [4]) -> [4] {
        let first = d_input -> input: Dense(4) -> Tanh;
        let u = first -> a: Dense(4) -> d_a: Dense(4) -> a_shape: Dense(4) -> scratch: Dense(4) -> Tanh;
        let v = u -> training: Dense(4) -> inference: Dense(4) -> checks: Dense(4) -> call_a: Dense(4) -> shape_a: Dense(4);
        let w = v -> workspace: Dense(4) -> pass: Dense(4) -> segment: Dense(4) -> gradient: Dense(4) -> partial: Dense(4);
        let y = w -> statistics: Dense(4) -> term: Dense(4) -> tape: Dense(4) -> r#type: Dense(4) -> infer_a: Dense(4);
        let z = y -> value_a: Dense(4) -> train_scratch: Dense(4) -> infer_scratch: Dense(4) -> t: Dense(4) -> g: Dense(4);
        u + v * (v -> kernels: Dense(4)) - (w -> wants_input: Dense(4)) * y + (z -> r#type -> error: Dense(4))
    }
}

const FOUR: usize = 4;
const THREE: usize = 3;

network! {
    /// Sizes that are equal, however they are written.
    pub struct Sizes(x: [FOUR]) -> [3, 4] {
        let a = x -> fc: Dense(4) -> Tanh -> fc -> Dense(12) -> Reshape([THREE, FOUR]);
        a + (x -> Flatten -> fc -> Dense(THREE * FOUR) -> Reshape([3, 4]) -> rows: Dense(FOUR) -> rows)
    }
}
