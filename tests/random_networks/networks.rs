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
    pub struct Random0(x: [4, 4, 1]) -> [3] {
        let v0 = (x - x) + x;
        let v1 = x -> Silu -> Elu -> LeakyRelu(0.2) -> Silu;
        let v2 = x - v1 -> Softmax;
        concat((v0 -> Flatten), (v2 -> Flatten)) -> layer0: Dense(3)
    }
}

#[test]
fn random0() {
    check::<Random0<f64>>();
}

network! {
    /// Seed 1.
    pub struct Random1(x: [5, 3, 2], y: [1, 5]) -> [9] {
        let v0 = concat((y -> Dropout(0.2)), (x -> Flatten -> layer0: Dense(5) -> Reshape([1, 5])));
        let v1 = v0 -> Dropout(0.1) -> layer1: Dense(2);
        let v2 = concat((v1 + (y -> layer2: Dense(5 -> 2, bias = false))), (x -> Flatten -> layer3: Dense(2, bias = false) -> Reshape([1, 2])));
        let v3 = concat(((v2 -> layer4: Dense(4 -> 1)) -> Flatten -> Dense(16) -> Reshape([4, 4, 1]) -> self::Random0 -> Relu), ((v0 -> Reshape([2, 5])) -> Flatten -> layer5: Dense(3)), ((y * (x -> Flatten -> Dense(5) -> Reshape([1, 5]))) -> Flatten -> layer6: Dense(3)));
        v3
    }
}

#[test]
fn random1() {
    check::<Random1<f64>>();
}

network! {
    /// Seed 2.
    pub struct Random2(x: [3, THREE]) -> [3, TWO] {
        let v0 = concat((x + x), x);
        let v1 = v0 + v0;
        v1 -> Dense(THREE) -> Dense(3 -> 2, bias = false)
    }
}

#[test]
fn random2() {
    check::<Random2<f64>>();
}

network! {
    /// Seed 3.
    pub struct Random3(x: [THREE], y: [FIVE, 3, 2]) -> [THREE, 1] {
        let v0 = x;
        let v1 = (v0 + x) - ((y - y) -> Flatten -> Dense(THREE));
        let v2 = v1;
        let v3 = v1 + v2 -> Softmax -> Dense(8 + ONE) -> Reshape([THREE, THREE]) -> self::Random2 -> Reshape([3, 2]) -> Dense(ONE);
        let v4 = v3;
        v4
    }
}

#[test]
fn random3() {
    check::<Random3<f64>>();
}

network! {
    /// Seed 4.
    pub struct Random4(x: [FOUR, 1]) -> [5] {
        let v0 = concat(x, x) - (x -> Dropout(0.6) -> LogSoftmax -> Gelu -> Dense(1 -> 1) -> Dense(TWO, bias = false));
        let v1 = ((v0 * v0) * 0.5 + 1 -> Elu(0.5)) -> Flatten -> Dense(TWO * 8) -> Reshape([4, 4, ONE]) -> self::Random0 -> Reshape([3]) -> Sigmoid;
        v1 -> layer0: Dense(FIVE)
    }
}

#[test]
fn random4() {
    check::<Random4<f64>>();
}

network! {
    /// Seed 5.
    pub struct Random5(x: [6]) -> (first: [1], second: [4]) {
        let v0 = concat((x -> Silu -> Residual -> Dense(2)), (x + x -> layer0: Dense(2)));
        let v1 = v0 - v0 -> Dense(1, bias = false) -> Relu -> Dropout(0.3);
        let v2 = v1 -> Tanh;
        (v2, (v2 - mean(v2, keep = true) -> [Residual; 2] -> Dense(1 -> 4) -> Gated))
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
fn random5() {
    check::<Random5<f64>>();
}

network! {
    /// Seed 6.
    pub struct Random6(x: [THREE, FOUR, 1], y: [4, FOUR, 1]) -> [FOUR] {
        let v0 = y * ((x -> MaxPool2d(kernel = [ONE, 3], stride = [ONE, 2], padding = same)) -> Flatten -> layer0: Dense(TWO * 8, bias = false) -> Reshape([4, 4, ONE]));
        let v1 = v0 -> Flatten -> layer1: Dense(4) -> #[freeze] Dense(5) -> layer2: Dense(5 -> 3) -> LeakyRelu(0.2) -> Gelu -> Tanh;
        let v2 = (x -> Silu) -> Flatten -> Dense(FIVE) -> layer2 -> LeakyRelu(0.2) -> layer3: Dense(3 -> 4);
        let v3 = (v2 -> Relu -> layer4: Dense(FOUR) -> layer4 -> Elu) - v2;
        concat(v1, v3) -> layer5: Dense(FOUR)
    }
}

#[test]
fn random6() {
    check::<Random6<f64>>();
}

network! {
    /// Seed 7.
    pub struct Random7(x: [5], y: [ONE]) -> [SIX] {
        let v0 = tanh(tanh(x -> layer0: Dense(5 -> FIVE) -> layer0) -> Softmax) -> Relu;
        let v1 = v0 -> Sigmoid -> Dense(8 + ONE) -> Reshape([THREE, THREE]) -> self::Random2 -> Reshape([3, 2]) -> Tanh -> Dropout(0.4) -> Residual -> Relu -> Dense(THREE);
        let v2 = v1 -> LogSoftmax -> layer1: Dense(3 -> ONE) -> Sigmoid -> Silu;
        concat(y, (v2 -> Flatten)) -> layer2: Dense(4 -> 6)
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
    pub struct Random8(x: [FOUR, 2, 2]) -> [1, 3, ONE] {
        let v0 = x -> Flatten -> Dense(9) -> Reshape([3, 3]) -> self::Random2 -> Elu -> Dense(3) -> Dropout(0.3) -> #[freeze] Dense(TWO) -> layer0: Dense(1);
        let v1 = v0 + v0 -> Tanh -> LeakyRelu(0.2);
        let v2 = v0 + v1 -> Sigmoid -> Dropout(0.1);
        let v3 = ((x -> Sigmoid) -> Flatten -> layer1: Dense(3)) - ((v2 + v1) -> Flatten -> layer2: Dense(3 -> 3, bias = false));
        let v4 = v3 -> Reshape([ONE, 3, 1]) -> Gelu -> Sigmoid -> LeakyRelu(0.2) -> Elu -> LeakyRelu(0.2);
        let v5 = v4 + v4 -> LogSoftmax -> Tanh;
        v5
    }
}

#[test]
fn random8() {
    check::<Random8<f64>>();
}

network! {
    /// Seed 9.
    pub struct Random9(x: [1, FIVE]) -> (first: [TWO * 5], second: [1, THREE, 1]) {
        let v0 = (x -> [Residual; 2]) * x;
        let v1 = v0;
        let v2 = v1;
        let v3 = x -> Gelu -> Relu -> LeakyRelu(0.2) -> #[freeze] Deep -> #[freeze] Residual -> Sigmoid -> Dropout(0.1);
        let v4 = (v3 -> Sigmoid -> Deep -> Gelu -> Relu -> LeakyRelu(0.2)) * 0.5 + 1 -> LeakyRelu(0.2);
        (concat((v2 -> Flatten), (v4 -> Flatten)), (v4 -> Flatten -> layer0: Dense(TWO * 8) -> Reshape([4, TWO, 2]) -> self::Random8 -> Reshape([1, 3, 1])))
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
    pub struct Random10(x: [4]) -> [19] {
        let v0 = pad(x + x -> Elu(0.5) -> Sigmoid -> Gated, 1, 0, axes = 0);
        let v1 = v0 - v0 -> layer0: Dense(5, bias = false) -> Relu -> Gelu -> Elu;
        let v2 = concat(v1, (x -> layer1: Dense(5)), x) * ((v1 -> Elu -> Reshape([1, 5, 1]) -> Reshape([5, 1, 1])) -> Flatten -> Dense(14));
        let v3 = (v1 -> Reshape([1, 1, 5]) -> Dropout(0.4) -> Flatten) + v1;
        concat(v2, v3)
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
    pub struct Random11(x: [4, 5]) -> [4, 1] {
        let v0 = (x -> Elu -> Dense(1) -> Silu) * (x * x -> Dense(5 -> 1));
        let v1 = v0;
        v1 -> Dropout(0.6)
    }
}

#[test]
fn random11() {
    check::<Random11<f64>>();
}

network! {
    /// Seed 12.
    pub struct Random12(x: [3]) -> [ONE] {
        let v0 = pad(x -> Softmax -> Tanh -> Gelu, 1, 0, axes = 0) -> layer0: Dense(FOUR) -> Sigmoid;
        let v1 = v0 -> layer0 -> Dropout(0.3) -> Reshape([FOUR, 1, 1]);
        let v2 = 1.5 - ((v1 -> Tanh) -> Flatten -> layer1: Dense(4 -> 4, bias = false) -> self::Random10 -> Reshape([19]) -> Softmax) / 2.0;
        let v3 = (v2 -> Dense(SIX) -> Dropout(0.4)) * (tanh(v2 -> Gelu -> Sigmoid) -> Dense(SIX));
        v3 -> #[freeze] Dense(1)
    }
}

#[test]
fn random12() {
    check::<Random12<f64>>();
}

network! {
    /// Seed 13.
    pub struct Random13(x: [3, THREE, 1]) -> [TWO, ONE, TWO] {
        let v0 = (x -> MaxPool2d(kernel = [ONE, ONE], stride = [2, 2], padding = same) -> layer0: Conv2d(1, kernel = [TWO, ONE], stride = [2, 1], padding = same)) -> Flatten -> layer1: Dense(4) -> self::Random10 -> Reshape([19]) -> Residual -> Relu -> layer2: Dense(19 -> 3);
        let v1 = concat(v0, v0) -> Elu -> layer3: Dense(2, bias = false) -> layer1 -> Elu(0.5);
        let v2 = (v1 -> Tanh -> Silu) + v1;
        let v3 = (v2 + v1) - ((v0 -> Sigmoid -> Reshape([THREE, ONE, ONE]) -> LogSoftmax) -> Flatten -> layer4: Dense(FOUR));
        v3 -> Reshape([TWO, 1, 2])
    }

    block Residual(x: [.., width]) {
        x + (x -> up: Dense(width) -> Tanh -> Dense(width))
    }
}

#[test]
fn random13() {
    check::<Random13<f64>>();
}

network! {
    /// Seed 14.
    pub struct Random14(x: [4, 4, 1]) -> [3] {
        let v0 = x -> Conv2d(2, kernel = [3, 2], stride = [1, 2], padding = same) -> Elu -> MaxPool2d([1, 2]);
        let v1 = (v0 -> Tanh -> Tanh -> Conv2d(2, kernel = [2, 2], stride = [1, 1], padding = same, bias = false) -> Conv2d(3, kernel = [1, 1], stride = [2, 2], padding = valid) -> Tanh -> Elu(0.5)) -> Flatten -> Dense(3) -> Gelu;
        v1 -> Gelu
    }
}

#[test]
fn random14() {
    check::<Random14<f64>>();
}

network! {
    /// Seed 15.
    pub struct Random15(x: [4, 5]) -> [TWO * 11] {
        let v0 = (x + x) - (x -> Softmax);
        let v1 = x -> Silu;
        let v2 = v1 -> Relu -> Relu -> layer0: Dense(3, bias = false) -> Reshape([2, THREE, TWO]) -> LeakyRelu(0.2) -> GlobalAvgPool2d -> Silu;
        concat((v0 -> Flatten), v2)
    }
}

#[test]
fn random15() {
    check::<Random15<f64>>();
}

network! {
    /// Seed 16.
    pub struct Random16(x: [FOUR, THREE, 1]) -> [FIVE] {
        let v0 = x;
        let v1 = (((v0 -> Elu) -> Flatten -> layer0: Dense(4) -> self::Random10 -> Reshape([19])) * 0.5 + 1 -> Deep) - ((v0 -> layer1: Conv2d(ONE, kernel = [TWO, TWO], stride = [ONE, ONE], padding = 1, bias = false) -> Relu -> MaxPool2d([1, TWO]) -> #[freeze] layer2: Conv2d(1, kernel = [1, 2], stride = [2, 1], padding = ONE) -> Dropout(0.2)) -> Flatten -> Dense(19, bias = false));
        v1 -> Dense(5)
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
    pub struct Random17<const H: usize>(x: [3, 4, 1]) -> [11] {
        let v0 = (x -> AvgPool2d(kernel = [2, 1], stride = [2, 1], padding = same)) -> Flatten -> layer0: Dense(2) -> Dropout(0.6) -> Elu(0.5) -> Relu -> Dropout(0.2);
        let v1 = concat((v0 - mean(v0, keep = true) -> Elu(0.5) -> Tanh -> Reshape([1, 2])), ((tanh(x) -> Window -> Dropout(0.6) -> Reshape([4, 3])) -> Flatten -> Dense(2) -> Reshape([1, 2])), ((x - x) -> Flatten -> Dense(2, bias = false) -> Reshape([1, 2])));
        let v2 = v1;
        let v3 = (v2 -> LogSoftmax -> Flatten -> Gelu) + (v2 -> Flatten -> layer1: Dense(6, bias = false));
        let v4 = (v3 - (v1 -> Flatten -> layer2: Dense(6, bias = false))) - v3;
        let v5 = 1.5 - (v3 - mean(v3, keep = true) -> Elu(0.5)) / 2.0 -> Dense(6 -> 5) -> Tanh;
        concat(v4, v5) -> Softmax
    }

    block Window(x: [height, width, channels]) {
        x + (x -> Conv2d(channels, kernel = 3, padding = same) -> Tanh)
    }
}

#[test]
fn random17() {
    check::<Random17<3, f64>>();
}

network! {
    /// Seed 18.
    pub struct Random18<const H: usize>(x: [3, 3, 1], y: [4, 4, 1]) -> [3] {
        let v0 = x * x -> Conv2d(1, kernel = [3, 1], stride = [2, 2], padding = same, bias = false);
        let v1 = (x -> BatchNorm(epsilon = 0.1) -> Reshape([9, 1]) -> Silu) - (y -> Flatten -> Dense(9) -> Reshape([9, 1]));
        concat((v0 -> Flatten), (v1 -> Flatten)) -> #[freeze] layer0: Dense(3, bias = false) -> Softmax
    }
}

#[test]
fn random18() {
    check::<Random18<3, f64>>();
}

network! {
    /// Seed 19.
    pub struct Random19(x: [2, 4]) -> [5] {
        let v0 = x -> Silu -> Reshape([2, 4, 1]) -> Silu;
        let v1 = v0 -> MaxPool2d(kernel = [3, 3], stride = [1, 2], padding = 1) -> Conv2d(1, kernel = [3, 2], stride = [2, 2], padding = same) -> Sigmoid -> Gelu -> Tanh -> Sigmoid;
        let v2 = concat((v1 * (v0 -> Flatten -> layer0: Dense(1) -> Reshape([1, 1, 1]))), ((x + x) -> Flatten -> layer1: Dense(1) -> Reshape([1, 1, 1])), (x -> Flatten -> Dense(1) -> Reshape([1, 1, 1])));
        let v3 = v2 -> Flatten -> layer2: Dense(6) -> Gelu -> Dense(12, bias = false) -> Reshape([4, 3, 1]) -> self::Random16 -> Reshape([5]) -> Sigmoid -> Relu -> Elu -> Elu;
        v3 -> LeakyRelu(0.2)
    }
}

#[test]
fn random19() {
    check::<Random19<f64>>();
}

network! {
    /// Seed 20.
    pub struct Random20(x: [1, TWO]) -> [1, TWO] {
        let v0 = concat(x, x, x) * (x + x -> layer0: Dense(SIX));
        let v1 = v0 + v0 -> layer1: Dense(TWO);
        let v2 = tanh(v1) -> Dense(2 -> TWO) -> Residual;
        v2 -> Dense(TWO, bias = false)
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
    pub struct Random21<const H: usize>(x: [4, 2, 2]) -> [5] {
        let v0 = (x - x) -> Flatten -> layer0: Dense(2, bias = false) -> LeakyRelu(0.2) -> Reshape([2, 1]);
        let v1 = (x + x) * ((v0 - v0) -> Flatten -> Dense(16) -> Reshape([4, 2, 2]));
        let v2 = (v1 -> Gelu) -> Flatten -> layer1: Dense(2) -> Tanh -> Tanh -> Elu(0.5) -> layer2: Dense(6) -> Dense(H, bias = false) -> [Gated; 2];
        let v3 = (v2 * v2) - ((x + v1) -> Flatten -> Dense(2, bias = false) -> layer3: Dense(H));
        let v4 = 1.5 - (v1 -> Silu -> Elu(0.5)) / 2.0;
        concat((v3 -> Dense(2)), (v4 -> Flatten)) -> layer4: Dense(5)
    }

    block Gated(x: [.., width]) {
        let gate = x -> Dense(width) -> Sigmoid;
        x * gate + 0.5 * tanh(x)
    }
}

#[test]
fn random21() {
    check::<Random21<3, f64>>();
}

network! {
    /// Seed 22.
    pub struct Random22(x: [3, 3, 1]) -> [3, 3] {
        let v0 = sum(x, axes = 1) -> Dense(1 -> 1) -> LeakyRelu(0.2) -> Dropout(0.2) -> Dense(3) -> Gelu -> Elu;
        let v1 = v0 -> LeakyRelu(0.2) -> Dropout(0.2) -> LeakyRelu(0.2) -> [Deep; 2];
        let v2 = v1;
        v2
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
    pub struct Random23(x: [ONE]) -> [1, ONE, 2] {
        let v0 = 1.5 - (x - x -> [Residual; 2]) / 2.0 -> Tanh;
        let v1 = (v0 -> Dropout(0.6)) - x;
        let v2 = pad(v1, 1, 0, axes = 0) -> Reshape([2, ONE, 1]) -> layer0: Conv2d(2, kernel = [2, ONE], stride = [1, 1], padding = valid) -> Tanh;
        v2
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
    pub struct Random24(x: [2, 3, 1]) -> (first: [3], second: [6]) {
        let v0 = ((x - x) * 0.5 + 1) -> Flatten -> layer0: Dense(1) -> Deep -> Elu(0.5);
        let v1 = v0 -> Dense(3, bias = false) -> Softmax;
        let v2 = 1.5 - v1 / 2.0;
        (v2, (slice(tanh(v0 -> layer1: Dense(6, bias = false)), 0.., axis = 0) -> Tanh -> Deep))
    }

    block Deep(x: [.., width]) {
        x -> [Residual; 2] -> Elu -> last: Residual
    }

    block Residual(x: [.., width]) {
        x + (x -> up: Dense(width) -> Tanh -> Dense(width))
    }
}

#[test]
fn random24() {
    check::<Random24<f64>>();
}

network! {
    /// Seed 25.
    pub struct Random25(x: [4, 4, 1]) -> [1] {
        let v0 = x - x;
        let v1 = (x -> Elu -> Dropout(0.5)) -> Flatten -> layer0: Dense(3, bias = false) -> self::Random12 -> Reshape([1]) -> Dropout(0.3) -> Sigmoid;
        let v2 = (x -> Gelu) -> Flatten -> layer1: Dense(2) -> LeakyRelu(0.2) -> LeakyRelu(0.2) -> Dense(1) -> Softmax;
        let v3 = concat((v1 -> Relu), v2, ((v0 -> Elu(0.5) -> Sigmoid) -> Flatten -> Dense(1, bias = false)));
        let v4 = (v3 * (v0 -> Flatten -> layer2: Dense(3, bias = false))) - (v2 + v2 -> Dense(3));
        v4 -> layer3: Dense(1, bias = false)
    }
}

#[test]
fn random25() {
    check::<Random25<f64>>();
}
