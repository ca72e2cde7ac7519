//! Made by `generator.rs`; `main.rs` says how to make it anew.

use netform::network;

use super::check::check;

const ONE: usize = 1;
const TWO: usize = 2;
const THREE: usize = 3;
const FOUR: usize = 4;
const FIVE: usize = 5;
const SIX: usize = 6;

network! {
    /// Seed 0.
    pub struct Random0(x: [7]) -> [6] {
        let v0 = (tanh(x -> [Gated; 2] -> Gated) -> LogSoftmax) * x;
        let v1 = (v0 -> Dropout(0.2) -> layer0: Dense(3)) * (v0 -> Dense(5) -> Sigmoid -> Tanh -> Dense(3));
        let v2 = v1 -> Dense(3 -> 3);
        let v3 = v2 * (v0 + (v1 -> layer1: Dense(7)) -> Dense(3));
        let v4 = v0 * x -> Elu(0.5);
        let v5 = v4 -> layer2: Dense(1) -> Deep -> Dense(2) -> [Residual; 2] -> Silu -> Gelu -> Reshape([2, 1]);
        concat(v3, (v5 -> Flatten)) -> layer3: Dense(6, bias = false) -> Softmax
    }

    block Deep(x: [.., width]) {
        x -> [Residual; 2] -> Elu -> last: Residual
    }

    block Gated(x: [.., width]) {
        let gate = x -> Dense(width) -> Sigmoid;
        x * gate + 0.5 * tanh(x)
    }

    block Residual(x: [.., width]) {
        x + (x -> up: Dense(width) -> Tanh -> Dense(width))
    }
}

#[test]
fn random0() {
    check::<Random0<f64>>();
}

network! {
    /// Seed 1.
    pub struct Random1(x: [4, 4, 1]) -> [3] {
        let v0 = x -> Softmax -> Reshape([2, 8]) -> Gelu -> LogSoftmax;
        let v1 = v0 + v0;
        let v2 = v1 -> Elu -> Elu(0.5) -> Reshape([2, 1, 8]) -> Flatten -> Relu;
        let v3 = tanh(v2 -> [Deep; 2] -> #[freeze] Gated) -> [Deep; 2];
        let v4 = tanh(v3 * v2) -> Dropout(0.5) -> Silu;
        let v5 = v4 * v3;
        v5 -> Dense(3)
    }

    block Deep(x: [.., width]) {
        x -> [Residual; 2] -> Elu -> last: Residual
    }

    block Gated(x: [.., width]) {
        let gate = x -> Dense(width) -> Sigmoid;
        x * gate + 0.5 * tanh(x)
    }

    block Residual(x: [.., width]) {
        x + (x -> up: Dense(width) -> Tanh -> Dense(width))
    }
}

#[test]
fn random1() {
    check::<Random1<f64>>();
}

network! {
    /// Seed 2.
    pub struct Random2(x: [3, 4, 2]) -> (first: [FOUR, SIX], second: [6, 4]) {
        let v0 = x + x;
        let v1 = (v0 -> Elu(0.5)) * 0.5 + 1 -> Reshape([FOUR, 6]) -> Elu -> Deep;
        v1, permute(v1 -> Sigmoid -> Softmax, [1, 0])
    }

    block Deep(x: [.., width]) {
        x -> [Residual; 2] -> Elu -> last: Residual
    }

    block Residual(x: [.., width]) {
        x + (x -> up: Dense(width) -> Tanh -> Dense(width))
    }
}

#[test]
fn random2() {
    check::<Random2<f64>>();
}

network! {
    /// Seed 3.
    pub struct Random3(x: [ONE, TWO], y: [5, THREE, TWO]) -> (first: [ONE, 8], second: [1, TWO]) {
        let v0 = x;
        let v1 = (v0 + x) - ((y - y) -> Flatten -> Dense(TWO) -> Reshape([ONE, TWO]));
        let v2 = concat((v1 -> Dense(THREE) -> Tanh -> Dropout(0.3)), (concat(v0, v1) -> layer0: Dense(3, bias = false)), (v1 -> LogSoftmax -> Elu(0.5) -> Dense(3)));
        let v3 = tanh(v2 -> Sigmoid -> #[freeze] layer1: Dense(3, bias = false) -> LeakyRelu(0.2));
        let v4 = concat(v3, v1, v3) * (tanh(v3) -> Dense(1) -> [Deep; 2] -> BatchNorm(epsilon = 0.1) -> layer2: Dense(1 -> 8));
        v4, ((v4 * 0.5 + 1) * 0.5 + 1 -> Dense(TWO) -> Dropout(0.2))
    }

    block Deep(x: [.., width]) {
        x -> [Residual; 2] -> Elu -> last: Residual
    }

    block Residual(x: [.., width]) {
        x + (x -> up: Dense(width) -> Tanh -> Dense(width))
    }
}

#[test]
fn random3() {
    check::<Random3<f64>>();
}

network! {
    /// Seed 4.
    pub struct Random4(x: [TWO, 4], y: [2, 3, TWO]) -> [TWO * 12] {
        let v0 = concat((x -> Silu -> Elu), ((y * y) -> Flatten -> Dense(12 -> 8) -> Reshape([TWO, 4])));
        let v1 = tanh(x -> Silu) -> Flatten -> Elu(0.5) -> LogSoftmax -> Dropout(0.5) -> Flatten -> Tanh;
        concat((v0 -> Flatten), v1) -> Tanh
    }
}

#[test]
fn random4() {
    check::<Random4<f64>>();
}

network! {
    /// Seed 5.
    pub struct Random5(x: [2]) -> [4] {
        let v0 = concat(x, x) -> Relu -> layer0: Dense(4 -> 5);
        let v1 = concat((x -> LeakyRelu(0.2)), v0);
        let v2 = (x + (v1 -> Dense(2))) * x;
        let v3 = (v1 -> Dense(5) -> layer1: Dense(1) -> Dense(3) -> Reshape([1, 1, 3])) -> Flatten -> Dense(3 -> 4);
        concat(v2, v3) -> layer2: Dense(4) -> Elu(0.5)
    }
}

#[test]
fn random5() {
    check::<Random5<f64>>();
}

network! {
    /// Seed 6.
    pub struct Random6(x: [FIVE, 2, 2], y: [4, 4, ONE]) -> [4, FOUR, 1] {
        let v0 = y * ((x -> Elu) -> Flatten -> layer0: Dense(TWO * 8, bias = false) -> Reshape([4, FOUR, 1]));
        let v1 = (y -> Relu) + v0;
        let v2 = v1 * v1 -> Elu;
        let v3 = v2 -> Gelu -> Silu -> Gelu;
        v3
    }
}

#[test]
fn random6() {
    check::<Random6<f64>>();
}

network! {
    /// Seed 7.
    pub struct Random7(x: [1, 4], y: [ONE]) -> [TWO * 6] {
        let v0 = tanh(tanh(x -> layer0: Dense(4 -> THREE) -> Elu(0.5)) -> Softmax) -> Relu;
        let v1 = (permute(v0, [1, 0]) -> Sigmoid -> Elu -> Residual) -> Flatten -> layer1: Dense(3 -> 16) -> Reshape([4, 4, ONE]) -> self::Random1 -> layer1 -> Dense(SIX) -> Elu(0.5);
        let v2 = concat((y -> Relu -> Sigmoid -> layer2: Dense(SIX) -> Silu), (v1 * (y -> Dense(6))));
        v2
    }

    block Residual(x: [.., width]) {
        x + (x -> up: Dense(width) -> Tanh -> Dense(width))
    }
}

#[test]
fn random7() {
    check::<Random7<f64>>();
}

network! {
    /// Seed 8.
    pub struct Random8(x: [FOUR, FOUR, ONE], y: [4, FOUR, ONE]) -> [19] {
        let v0 = y -> self::Random1 -> Gated;
        let v1 = (v0 -> Elu(0.5)) * v0;
        let v2 = tanh(tanh(v1 -> Relu)) -> Gelu -> Tanh -> Gated;
        concat((x -> Flatten), v2)
    }

    block Gated(x: [.., width]) {
        let gate = x -> Dense(width) -> Sigmoid;
        x * gate + 0.5 * tanh(x)
    }
}

#[test]
fn random8() {
    check::<Random8<f64>>();
}

network! {
    /// Seed 9.
    pub struct Random9(x: [3], y: [FOUR, FOUR, ONE]) -> [28 + ONE] {
        let v0 = x -> Dense(5);
        let v1 = 1.5 - (concat(x, x) -> layer0: Dense(FIVE)) / 2.0;
        let v2 = v1;
        let v3 = x * x -> Deep -> Dropout(0.1);
        let v4 = (v3 -> Sigmoid -> Deep -> Gelu -> Relu -> LeakyRelu(0.2)) * 0.5 + 1 -> LeakyRelu(0.2);
        concat((y -> Flatten), v0, v2, v4)
    }

    block Deep(x: [.., width]) {
        x -> [Residual; 2] -> Elu -> last: Residual
    }

    block Residual(x: [.., width]) {
        x + (x -> up: Dense(width) -> Tanh -> Dense(width))
    }
}

#[test]
fn random9() {
    check::<Random9<f64>>();
}

network! {
    /// Seed 10.
    pub struct Random10(x: [1, 3]) -> [1, 18] {
        let v0 = pad(x + x -> Elu(0.5) -> Sigmoid -> Gated, 1, 0, axes = 1);
        let v1 = v0 - v0 -> layer0: Dense(3, bias = false) -> Relu -> Gelu -> Elu;
        let v2 = concat(v1, x, v1) - (v0 -> Dense(9, bias = false));
        let v3 = concat((v2 + (x -> Dense(9))), (v1 * x -> layer1: Dense(9)));
        v3
    }

    block Gated(x: [.., width]) {
        let gate = x -> Dense(width) -> Sigmoid;
        x * gate + 0.5 * tanh(x)
    }
}

#[test]
fn random10() {
    check::<Random10<f64>>();
}

network! {
    /// Seed 11.
    pub struct Random11(x: [3, 4, 1]) -> [1] {
        let v0 = (x * x) * 0.5 + 1 -> LogSoftmax;
        let v1 = v0 - v0 -> MaxPool2d(kernel = [1, 1], stride = [2, 1], padding = same) -> Dropout(0.3) -> Tanh;
        let v2 = (1.5 - (v1 -> GlobalAvgPool2d) / 2.0) + ((tanh(x -> Tanh) -> Dropout(0.4)) -> Flatten -> Dense(1, bias = false));
        let v3 = (v2 -> Dropout(0.1) -> LeakyRelu(0.2) -> Dropout(0.2) -> Deep) * v2;
        let v4 = (v3 - v2) * v3;
        v4
    }

    block Deep(x: [.., width]) {
        x -> [Residual; 2] -> Elu -> last: Residual
    }

    block Residual(x: [.., width]) {
        x + (x -> up: Dense(width) -> Tanh -> Dense(width))
    }
}

#[test]
fn random11() {
    check::<Random11<f64>>();
}

network! {
    /// Seed 12.
    pub struct Random12(x: [1, 3]) -> (first: [6], second: [TWO * 9]) {
        let v0 = pad(x -> Softmax -> Tanh -> Gelu, 1, 0, axes = 0) -> layer0: Dense(TWO) -> Sigmoid;
        let v1 = v0 -> Elu(0.5) -> Dropout(0.3) -> Reshape([FOUR, 1, 1]);
        let v2 = (v1 -> Tanh) -> Flatten -> layer1: Dense(4 -> 3, bias = false) -> Reshape([1, THREE]) -> self::Random10 -> Flatten -> LogSoftmax;
        let v3 = v2 -> Relu -> Tanh -> Silu -> Sigmoid -> Elu(0.5) -> Relu;
        (v3 -> layer2: Dense(6, bias = false) -> Relu), (v3 - v2 -> Tanh)
    }
}

#[test]
fn random12() {
    check::<Random12<f64>>();
}

network! {
    /// Seed 13.
    pub struct Random13(x: [FOUR, THREE, TWO], y: [4]) -> (first: [THREE], second: [6 + ONE, ONE]) {
        let v0 = x -> Flatten -> layer0: Dense(2) -> Flatten -> layer1: Dense(7, bias = false) -> self::Random0 -> #[freeze] Dense(3) -> Elu -> Sigmoid;
        let v1 = v0 * v0 -> Reshape([THREE, 1, ONE]);
        (concat(y, (v1 -> Flatten)) -> layer2: Dense(7 -> 3)), (y -> Elu -> layer3: Dense(2, bias = false) -> layer1 -> Elu(0.5) -> Reshape([7, ONE]))
    }
}

#[test]
fn random13() {
    check::<Random13<f64>>();
}

network! {
    /// Seed 14.
    pub struct Random14(x: [4, 4, 1]) -> [4] {
        let v0 = x -> Window -> Elu -> Conv2d(1, kernel = [1, 3], stride = [2, 2], padding = 1);
        let v1 = (v0 -> MaxPool2d(kernel = [1, 2], stride = [1, 1], padding = same)) * v0;
        let v2 = concat(permute(permute(v1, [2, 1, 0]) -> Relu -> Elu(0.5), [2, 1, 0]), v1, ((x * (v1 -> Flatten -> Dense(6 -> 16) -> Reshape([4, 4, 1]))) -> Flatten -> Dense(6) -> Reshape([3, 2, 1])));
        let v3 = concat((v1 - v0), v2);
        let v4 = ((v3 -> layer0: Conv2d(3, kernel = [3, 2], stride = [1, 2], padding = valid)) * 0.5 + 1 -> Relu) -> Flatten -> layer1: Dense(1, bias = false) -> [Residual; 2];
        let v5 = v4 * v4 -> Reshape([1, 1, 1]) -> Conv2d(1, kernel = [2, 3], stride = [1, 1], padding = same);
        v5 -> Flatten -> #[freeze] layer2: Dense(4)
    }

    block Residual(x: [.., width]) {
        x + (x -> up: Dense(width) -> Tanh -> Dense(width))
    }

    block Window(x: [height, width, channels]) {
        x + (x -> Conv2d(channels, kernel = 3, padding = same) -> Tanh)
    }
}

#[test]
fn random14() {
    check::<Random14<f64>>();
}

network! {
    /// Seed 15.
    pub struct Random15(x: [THREE, FOUR, ONE]) -> [2] {
        let v0 = x - x -> GlobalAvgPool2d -> LeakyRelu(0.2) -> Softmax;
        let v1 = concat((v0 + (x -> Flatten -> layer0: Dense(1, bias = false))), ((tanh(x) -> Dropout(0.6) -> Silu) -> Flatten -> Dense(1)));
        let v2 = v1 -> Sigmoid -> layer1: Dense(TWO) -> Sigmoid -> LeakyRelu(0.2) -> Softmax;
        let v3 = 1.5 - (v2 -> Elu -> layer1 -> Gelu) / 2.0 -> #[freeze] [Gated; 2] -> Deep -> Elu;
        v3
    }

    block Deep(x: [.., width]) {
        x -> [Residual; 2] -> Elu -> last: Residual
    }

    block Gated(x: [.., width]) {
        let gate = x -> Dense(width) -> Sigmoid;
        x * gate + 0.5 * tanh(x)
    }

    block Residual(x: [.., width]) {
        x + (x -> up: Dense(width) -> Tanh -> Dense(width))
    }
}

#[test]
fn random15() {
    check::<Random15<f64>>();
}

network! {
    /// Seed 16.
    pub struct Random16(x: [5, 4, 1]) -> [2, ONE] {
        let v0 = x;
        let v1 = ((v0 -> Elu) -> Flatten -> layer0: Dense(3) -> Reshape([1, 3]) -> self::Random10 -> Deep -> layer1: Dense(18 -> THREE)) - (x -> GlobalAvgPool2d -> Tanh -> layer2: Dense(3) -> Reshape([ONE, 3]));
        permute(v1 -> Dense(2), [1, 0])
    }

    block Deep(x: [.., width]) {
        x -> [Residual; 2] -> Elu -> last: Residual
    }

    block Residual(x: [.., width]) {
        x + (x -> up: Dense(width) -> Tanh -> Dense(width))
    }
}

#[test]
fn random16() {
    check::<Random16<f64>>();
}

network! {
    /// Seed 17.
    pub struct Random17<const H: usize>(x: [4, 1]) -> (first: [7], second: [H]) {
        let v0 = x;
        let v1 = (v0 -> Elu -> LogSoftmax -> layer0: Dense(1) -> Dropout(0.6)) - (concat(x, x, x) -> Dense(1));
        let v2 = x * v1 -> Elu -> Sigmoid;
        let v3 = x -> Residual -> Reshape([2, 1, 2]) -> MaxPool2d(kernel = [3, 3], stride = [2, 2], padding = 1) -> layer1: Conv2d(3, kernel = [1, 1], stride = [1, 1], padding = same);
        let v4 = v3 -> AvgPool2d(kernel = [1, 1], stride = [1, 1], padding = same) -> Silu -> Elu(0.5) -> Elu -> Tanh -> Silu;
        concat((v2 -> Flatten), (v4 -> Flatten)), (v4 -> Flatten -> Dense(3 -> H))
    }

    block Residual(x: [.., width]) {
        x + (x -> up: Dense(width) -> Tanh -> Dense(width))
    }
}

#[test]
fn random17() {
    check::<Random17<3, f64>>();
}

network! {
    /// Seed 18.
    pub struct Random18<const H: usize>(x: [4, 3, 1]) -> (first: [6], second: [4, 3, 1]) {
        let v0 = (x + x) - (x + x);
        let v1 = v0;
        (v1 -> Flatten -> Dense(6, bias = false)), (v1 * 0.5 + 1)
    }
}

#[test]
fn random18() {
    check::<Random18<3, f64>>();
}

network! {
    /// Seed 19.
    pub struct Random19(x: [2, 2]) -> [6] {
        let v0 = (x -> Flatten -> Dense(20) -> Reshape([5, 4, 1]) -> self::Random16 -> Tanh) + (x -> layer0: Dense(1));
        let v1 = concat(v0, v0, v0) -> Reshape([3, 2, 1]) -> AvgPool2d(kernel = [1, 3], stride = [2, 2], padding = same) -> Elu(0.5);
        let v2 = v1;
        let v3 = (v1 * v1) * v2;
        let v4 = v3 -> Gelu -> #[freeze] Conv2d(2, kernel = [3, 1], stride = [1, 2], padding = same) -> AvgPool2d(kernel = [2, 3], stride = [2, 1], padding = same);
        v4 -> Flatten -> Dense(6, bias = false)
    }
}

#[test]
fn random19() {
    check::<Random19<f64>>();
}

network! {
    /// Seed 20.
    pub struct Random20(x: [2], y: [TWO, 2]) -> (first: [TWO * 16], second: [TWO, TWO * 6, 1]) {
        let v0 = concat(y, y);
        let v1 = v0 * v0 -> Gelu;
        let v2 = (v1 + v0) * (x -> Silu -> Flatten -> Dropout(0.4) -> Dense(TWO * 4, bias = false) -> Reshape([TWO, FOUR]));
        let v3 = (v2 -> Reshape([8, ONE, 1])) - (x -> Elu(0.5) -> [Residual; 2] -> Softmax -> layer0: Dense(8) -> Reshape([8, 1, ONE]));
        let v4 = concat(v2, v2, v0) + (v0 * 0.5 + 1 -> [Residual; 2] -> layer1: Dense(3) -> Dense(12));
        (concat((v3 -> Flatten), (v4 -> Flatten)) -> Elu(0.5)), (v4 -> Elu -> Dropout(0.4) -> LeakyRelu(0.2) -> LeakyRelu(0.2) -> Reshape([TWO, TWO * 6, ONE]))
    }

    block Residual(x: [.., width]) {
        x + (x -> up: Dense(width) -> Tanh -> Dense(width))
    }
}

#[test]
fn random20() {
    check::<Random20<f64>>();
}

network! {
    /// Seed 21.
    pub struct Random21<const H: usize>(x: [4, 4, 1]) -> [2, 2, 2] {
        let v0 = (x -> Sigmoid -> Sigmoid) - (tanh(x -> Flatten -> Dense(5) -> Gelu) -> layer0: Dense(H) -> #[freeze] layer1: Dense(2, bias = false) -> Dense(16) -> Reshape([4, 4, 1]));
        let v1 = concat((v0 -> AvgPool2d(kernel = [3, 3], stride = [2, 1], padding = 1) -> Gelu -> Softmax), ((x -> layer2: Conv2d(1, kernel = [3, 2], stride = [1, 1], padding = same) -> Tanh) -> Flatten -> layer3: Dense(8) -> Reshape([2, 4, 1])));
        let v2 = v1 -> Sigmoid -> LogSoftmax -> MaxPool2d(kernel = [2, 3], stride = [1, 2], padding = same);
        v2
    }
}

#[test]
fn random21() {
    check::<Random21<3, f64>>();
}

network! {
    /// Seed 22.
    pub struct Random22(x: [4, 1], y: [3, 3, 1]) -> (first: [4, 3], second: [4, 1]) {
        let v0 = concat(x, x) -> Dense(2 -> 1) -> LeakyRelu(0.2) -> Dropout(0.2);
        let v1 = (v0 -> LeakyRelu(0.2) -> Gelu) + ((y -> Dropout(0.4)) -> Flatten -> Dense(4) -> Reshape([4, 1]));
        let v2 = slice(v1 -> [Deep; 2] -> Tanh -> LeakyRelu(0.2), 0.., axis = 0) -> Elu(0.5);
        let v3 = (v0 + v2) * x;
        (v3 -> Dense(3)), (v2 -> Elu(0.5) -> Gelu -> Silu)
    }

    block Deep(x: [.., width]) {
        x -> [Residual; 2] -> Elu -> last: Residual
    }

    block Residual(x: [.., width]) {
        x + (x -> up: Dense(width) -> Tanh -> Dense(width))
    }
}

#[test]
fn random22() {
    check::<Random22<f64>>();
}

network! {
    /// Seed 23.
    pub struct Random23(x: [ONE, ONE]) -> (first: [ONE, 1, TWO], second: [ONE, 1, 2]) {
        let v0 = 1.5 - (x - x -> [Residual; 2]) / 2.0 -> Tanh;
        let v1 = (v0 -> Dropout(0.6)) - x;
        let v2 = pad(v1, 1, 0, axes = 1) -> Reshape([2, ONE, 1]) -> layer0: Conv2d(2, kernel = [2, ONE], stride = [1, 1], padding = valid) -> Softmax;
        v2, (v2 - (v0 -> Flatten -> Dense(1 -> TWO) -> Reshape([1, 1, TWO])) -> MaxPool2d(kernel = [ONE, ONE], stride = [1, 1], padding = same))
    }

    block Residual(x: [.., width]) {
        x + (x -> up: Dense(width) -> Tanh -> Dense(width))
    }
}

#[test]
fn random23() {
    check::<Random23<f64>>();
}

network! {
    /// Seed 24.
    pub struct Random24(x: [4]) -> [4] {
        let v0 = (x - x -> Gelu) * 0.5 + 1;
        let v1 = concat((v0 -> LeakyRelu(0.2) -> Elu -> Elu), v0);
        let v2 = v1 -> Reshape([2, 4]);
        let v3 = v2 -> Dense(3, bias = false) -> Dense(1) -> Reshape([2, 1, 1]);
        let v4 = (1.5 - v3 / 2.0 -> Gelu) -> Flatten -> Dense(4, bias = false);
        v4
    }
}

#[test]
fn random24() {
    check::<Random24<f64>>();
}

network! {
    /// Seed 25.
    pub struct Random25(x: [7]) -> [2, 1] {
        let v0 = (x - x) - x;
        let v1 = (v0 - x -> Reshape([1, 1, 7])) -> Flatten -> Dense(5) -> Dropout(0.6) -> Dense(3);
        let v2 = concat(v1, v1) -> Dense(20, bias = false) -> Reshape([5, 4, 1]) -> self::Random16 -> Relu;
        let v3 = v2 -> Softmax -> Dense(1) -> Gelu -> Dropout(0.4) -> Residual -> Softmax -> Sigmoid;
        v3 -> layer0: Dense(1) -> [Deep; 2]
    }

    block Deep(x: [.., width]) {
        x -> [Residual; 2] -> Elu -> last: Residual
    }

    block Residual(x: [.., width]) {
        x + (x -> up: Dense(width) -> Tanh -> Dense(width))
    }
}

#[test]
fn random25() {
    check::<Random25<f64>>();
}
