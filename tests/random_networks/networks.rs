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
    pub struct Random0(x: [7]) -> [10] {
        let v0 = x;
        let v1 = (x - v0) + v0;
        let v2 = x -> Elu(0.5) -> Sigmoid -> Sigmoid -> Reshape([1, 7]) -> Softmax;
        let v3 = v1 -> Silu -> Reshape([7, 1, 1]) -> layer0: Conv2d(3, kernel = [1, 3], stride = [1, 1], padding = same) -> GlobalAvgPool2d -> Gelu;
        concat((v2 -> Flatten), v3)
    }
}

#[test]
fn random0() {
    check::<Random0<f64>>();
}

network! {
    /// Seed 1.
    pub struct Random1(x: [4, 4, 1]) -> [3] {
        let v0 = concat(((x -> Gelu -> Softmax -> MaxPool2d(kernel = [2, 1], stride = [1, 1], padding = same)) -> Flatten -> layer0: Dense(3)), (x -> Flatten -> Dense(3)), ((x -> layer1: Conv2d(1, kernel = [2, 3], stride = [2, 1], padding = same, bias = false)) -> Flatten -> Dense(7) -> self::Random0 -> Dense(10 -> 6) -> LeakyRelu(0.2) -> layer2: Dense(3)));
        let v1 = x + (v0 + v0 -> layer3: Dense(16) -> Reshape([4, 4, 1]));
        let v2 = v1 -> layer4: Conv2d(1, kernel = [1, 2], stride = [1, 1], padding = 1) -> Silu -> Relu -> Gelu -> LogSoftmax;
        let v3 = v2 - v2;
        v3 -> Flatten -> Dense(3)
    }
}

#[test]
fn random1() {
    check::<Random1<f64>>();
}

network! {
    /// Seed 2.
    pub struct Random2(x: [3, FOUR, TWO]) -> [THREE] {
        let v0 = (x -> Sigmoid -> Relu) -> Flatten -> layer0: Dense(ONE);
        let v1 = v0 - v0 -> Relu;
        let v2 = v1 -> Dense(1 -> 3) -> Elu -> layer1: Dense(FIVE);
        let v3 = v1;
        let v4 = v3 -> Dropout(0.6) -> Tanh -> Dropout(0.1) -> LogSoftmax;
        concat(v2, v4) -> Dense(3, bias = false)
    }
}

#[test]
fn random2() {
    check::<Random2<f64>>();
}

network! {
    /// Seed 3.
    pub struct Random3(x: [1, TWO]) -> [SIX] {
        let v0 = concat(x, x, x) - (concat(x, x) -> layer0: Dense(6));
        let v1 = v0 -> Flatten -> layer1: Dense(24) -> Reshape([THREE, FOUR, 2]) -> self::Random2 -> Gelu;
        v1 -> Dense(SIX)
    }
}

#[test]
fn random3() {
    check::<Random3<f64>>();
}

network! {
    /// Seed 4.
    pub struct Random4(x: [TWO, FOUR]) -> [TWO, 2] {
        let v0 = (x -> Elu(0.5)) - x;
        let v1 = v0;
        v1 -> Dense(TWO)
    }
}

#[test]
fn random4() {
    check::<Random4<f64>>();
}

network! {
    /// Seed 5.
    pub struct Random5(x: [2]) -> [1, 1, 3] {
        let v0 = (x -> layer0: Dense(4)) + (x * x -> Dense(4, bias = false));
        let v1 = v0 * (x -> Dense(4, bias = false)) -> Gelu -> Dense(2) -> layer1: Dense(24) -> Reshape([3, 4, 2]) -> self::Random2;
        let v2 = v1 -> Gelu -> Relu -> Elu -> Dropout(0.2) -> Dropout(0.1) -> layer2: Dense(5) -> Relu -> Softmax;
        let v3 = v2 + (x -> Dense(5)) -> Silu;
        let v4 = v3 -> Dropout(0.4) -> Silu -> Dense(2) -> Dropout(0.5) -> layer3: Dense(2 -> 2);
        v4 -> layer4: Dense(3) -> Reshape([1, 1, 3])
    }
}

#[test]
fn random5() {
    check::<Random5<f64>>();
}

network! {
    /// Seed 6.
    pub struct Random6(x: [5, TWO, 2]) -> [4] {
        let v0 = x * (x * x);
        let v1 = v0 -> Silu -> Sigmoid;
        v1 -> Flatten -> layer0: Dense(20 -> FOUR)
    }
}

#[test]
fn random6() {
    check::<Random6<f64>>();
}

network! {
    /// Seed 7.
    pub struct Random7(x: [ONE, 4]) -> [ONE, ONE] {
        let v0 = x -> Elu(0.5) -> Relu -> Sigmoid -> LogSoftmax -> Dense(THREE);
        let v1 = v0 + v0 -> Relu;
        v1 -> layer0: Dense(3 -> ONE)
    }
}

#[test]
fn random7() {
    check::<Random7<f64>>();
}

network! {
    /// Seed 8.
    pub struct Random8(x: [FOUR, 4, ONE]) -> [2] {
        let v0 = x;
        let v1 = x -> Flatten -> Dense(2) -> Reshape([1, 2]) -> self::Random3 -> Dropout(0.5) -> Dropout(0.1) -> Relu -> Elu(0.5) -> Elu -> Dropout(0.3);
        concat((v0 -> Flatten), v1) -> Dense(FOUR) -> layer0: Dense(2)
    }
}

#[test]
fn random8() {
    check::<Random8<f64>>();
}

network! {
    /// Seed 9.
    pub struct Random9(x: [3]) -> [SIX] {
        let v0 = concat((x + x), x);
        let v1 = concat(v0, v0) -> Dense(SIX) -> LogSoftmax -> layer0: Dense(FIVE) -> Relu;
        v1 -> Dense(6)
    }
}

#[test]
fn random9() {
    check::<Random9<f64>>();
}

network! {
    /// Seed 10.
    pub struct Random10(x: [1, 3]) -> [6] {
        let v0 = x -> layer0: Dense(1, bias = false) -> LogSoftmax -> Sigmoid -> Dense(2);
        let v1 = v0 -> self::Random3 -> Elu(0.5) -> Gelu -> Softmax -> LeakyRelu(0.2);
        let v2 = (v1 * v1) * v1;
        let v3 = v1 + (v0 -> Flatten -> layer1: Dense(6)) -> Dense(2) -> layer1;
        let v4 = v3;
        v2 - v4 -> Elu
    }
}

#[test]
fn random10() {
    check::<Random10<f64>>();
}

network! {
    /// Seed 11.
    pub struct Random11(x: [3, 4, 1]) -> [1] {
        let v0 = (x -> AvgPool2d(kernel = [3, 2], stride = [1, 1], padding = 1) -> LogSoftmax -> Tanh -> GlobalAvgPool2d) * ((x * x) -> Flatten -> Dense(12 -> 1));
        let v1 = v0 -> Reshape([1, 1]) -> Reshape([1, 1, 1]) -> Elu;
        let v2 = x + x -> layer0: Conv2d(3, kernel = [2, 2], stride = [1, 1], padding = same, bias = false);
        let v3 = v1 -> Flatten -> layer1: Dense(5) -> Dropout(0.1) -> Elu -> Reshape([1, 1, 5]) -> Sigmoid;
        let v4 = v2 + v2;
        let v5 = (v4 - v4) + v4;
        concat((v3 -> Flatten), (v5 -> Flatten)) -> Dense(1) -> Flatten
    }
}

#[test]
fn random11() {
    check::<Random11<f64>>();
}

network! {
    /// Seed 12.
    pub struct Random12(x: [1, THREE]) -> [THREE] {
        let v0 = (x -> Silu -> Softmax -> Gelu) -> Flatten -> Dense(TWO * 6, bias = false) -> Reshape([THREE, 4, ONE]) -> self::Random11 -> layer0: Dense(FOUR) -> Dense(FIVE);
        let v1 = v0 - v0 -> Dropout(0.1) -> LeakyRelu(0.2);
        let v2 = (v1 + v0) - v1;
        let v3 = v2 * v2 -> Dense(5) -> Softmax;
        let v4 = v3 -> Dropout(0.3) -> Relu -> Tanh -> Dense(THREE) -> Elu(0.5);
        v4
    }
}

#[test]
fn random12() {
    check::<Random12<f64>>();
}

network! {
    /// Seed 13.
    pub struct Random13(x: [FOUR, 3, TWO]) -> [FOUR] {
        let v0 = x -> Softmax -> Gelu -> Elu;
        let v1 = v0;
        v1 -> Flatten -> layer0: Dense(4, bias = false) -> Dropout(0.2)
    }
}

#[test]
fn random13() {
    check::<Random13<f64>>();
}

network! {
    /// Seed 14.
    pub struct Random14(x: [4, 4, 1]) -> [3] {
        let v0 = x -> Softmax;
        let v1 = ((x -> Elu) -> Flatten -> Dense(16 -> 3)) * ((x - v0) -> Flatten -> Dense(3));
        let v2 = v1 -> Dense(3, bias = false) -> Dropout(0.5) -> Elu -> Reshape([3, 1, 1]);
        let v3 = (v2 -> Tanh -> Elu(0.5)) -> Flatten -> Dense(3) -> layer0: Dense(4) -> Gelu -> BatchNorm(epsilon = 0.1) -> Dense(5) -> LogSoftmax;
        let v4 = (v3 - v3) + ((v0 -> Gelu -> Tanh -> layer1: Conv2d(3, kernel = [2, 1], stride = [2, 1], padding = same)) -> Flatten -> Dense(5, bias = false));
        let v5 = concat((v4 -> Dense(5 -> 1, bias = false) -> layer2: Dense(1) -> Dense(2)), v4);
        v5 -> Dense(4) -> layer3: Dense(24) -> Reshape([3, 4, 2]) -> self::Random2
    }
}

#[test]
fn random14() {
    check::<Random14<f64>>();
}

network! {
    /// Seed 15.
    pub struct Random15(x: [THREE, 4, ONE]) -> [TWO * 6] {
        let v0 = (x -> LeakyRelu(0.2) -> Conv2d(TWO, kernel = [3, ONE], stride = [TWO, 1], padding = 1, bias = false)) -> Flatten -> layer0: Dense(2) -> layer1: Dense(2 -> 6, bias = false);
        let v1 = v0 * v0 -> Elu -> layer2: Dense(16, bias = false) -> Reshape([FOUR, 4, ONE]) -> self::Random8;
        let v2 = (v1 * v1) * v1;
        let v3 = (v2 + v1) - v1;
        let v4 = concat(v3, v2, v3) * v0;
        let v5 = v3 + v1 -> layer1 -> Relu -> Gelu;
        concat(v4, v5)
    }
}

#[test]
fn random15() {
    check::<Random15<f64>>();
}

network! {
    /// Seed 16.
    pub struct Random16(x: [FIVE, FOUR, ONE]) -> [TWO * 6, ONE] {
        let v0 = x -> Silu -> Gelu -> Relu;
        let v1 = x -> Relu -> layer0: Conv2d(THREE, kernel = [2, 3], stride = [1, 2], padding = same) -> Conv2d(1, kernel = [2, 2], stride = [ONE, 1], padding = same);
        let v2 = (v0 -> Flatten -> Dense(TWO * 10) -> Reshape([5, TWO, TWO]) -> self::Random6 -> Dropout(0.1) -> Tanh -> Flatten) + ((v1 -> Dropout(0.5) -> Reshape([2, 5])) -> Flatten -> Dense(FOUR));
        let v3 = (v2 -> Dropout(0.5) -> Elu(0.5)) - v2;
        let v4 = concat((v2 -> Silu -> Gelu), (concat(v3, v3) -> Dense(FOUR)), (v1 -> Flatten -> layer1: Dense(10 -> FOUR)));
        v4 -> Reshape([12, 1])
    }
}

#[test]
fn random16() {
    check::<Random16<f64>>();
}

network! {
    /// Seed 17.
    pub struct Random17<const H: usize>(x: [4, 1]) -> [4, 1] {
        let v0 = x - x;
        let v1 = concat(v0, v0) -> Tanh -> layer0: Dense(1);
        let v2 = v1 -> Gelu -> LogSoftmax -> Relu -> Dropout(0.2) -> Relu;
        let v3 = x * v2 -> Tanh -> Dropout(0.2);
        v3 -> Sigmoid
    }
}

#[test]
fn random17() {
    check::<Random17<3, f64>>();
}

network! {
    /// Seed 18.
    pub struct Random18<const H: usize>(x: [4, 3, 1]) -> [18] {
        let v0 = x + x -> Silu -> Silu;
        let v1 = v0 + v0 -> BatchNorm(epsilon = 0.1) -> BatchNorm(epsilon = 0.5) -> Conv2d(1, kernel = [3, 1], stride = [2, 1], padding = valid, bias = false) -> Conv2d(3, kernel = [3, 2], stride = [2, 2], padding = 1);
        let v2 = v1 -> Flatten -> Dense(6, bias = false) -> Dense(6) -> Dropout(0.3) -> Sigmoid -> LeakyRelu(0.2);
        let v3 = concat(v2, v2, (v0 -> Flatten -> Dense(6))) -> LeakyRelu(0.2) -> Elu -> Elu(0.5) -> Elu;
        v3
    }
}

#[test]
fn random18() {
    check::<Random18<3, f64>>();
}

network! {
    /// Seed 19.
    pub struct Random19(x: [2, 2]) -> [10] {
        let v0 = (x - x) - x;
        let v1 = v0 * v0 -> Silu;
        let v2 = (v1 + v1) + ((v1 -> Reshape([2, 2, 1]) -> Gelu -> Conv2d(1, kernel = [3, 3], stride = [2, 2], padding = same)) -> Flatten -> Dense(1 -> 4) -> Reshape([2, 2]));
        let v3 = (v1 * v0) * v1;
        let v4 = v2 -> Flatten -> layer0: Dense(24) -> Reshape([4, 3, 2]) -> self::Random13 -> Relu -> layer1: Dense(6);
        concat((v3 -> Flatten), v4) -> LogSoftmax
    }
}

#[test]
fn random19() {
    check::<Random19<f64>>();
}

network! {
    /// Seed 20.
    pub struct Random20(x: [2]) -> [ONE, 2, ONE] {
        let v0 = (x -> Sigmoid -> Elu -> layer0: Dense(6 + ONE) -> self::Random0 -> Reshape([ONE, FIVE, TWO]) -> Dropout(0.4)) -> Flatten -> layer1: Dense(10 -> 4) -> Dropout(0.1) -> Sigmoid;
        let v1 = v0;
        v1 -> layer2: Dense(TWO) -> Reshape([ONE, TWO, 1])
    }
}

#[test]
fn random20() {
    check::<Random20<f64>>();
}

network! {
    /// Seed 21.
    pub struct Random21<const H: usize>(x: [4, 4, 1]) -> [1, 6, 1] {
        let v0 = x + x -> AvgPool2d(kernel = [2, 1], stride = [2, 1], padding = valid) -> Elu -> layer0: Conv2d(3, kernel = [2, 1], stride = [2, 1], padding = 1);
        let v1 = v0 * (v0 -> Conv2d(1, kernel = [3, 2], stride = [2, 2], padding = same, bias = false) -> Softmax -> Elu(0.5) -> GlobalAvgPool2d -> layer1: Dense(36) -> Reshape([2, 6, 3]));
        let v2 = (v1 + v0) * v0;
        let v3 = (v2 - v2) * v0;
        let v4 = (v2 - v1) -> Flatten -> Dense(H, bias = false) -> LeakyRelu(0.2);
        let v5 = ((v3 -> Tanh -> AvgPool2d(kernel = [2, 3], stride = [2, 2], padding = same) -> Dropout(0.2)) -> Flatten -> layer2: Dense(1)) - (v4 + v4 -> layer3: Dense(1));
        v5 -> Dense(6) -> Reshape([1, 6, 1])
    }
}

#[test]
fn random21() {
    check::<Random21<3, f64>>();
}

network! {
    /// Seed 22.
    pub struct Random22(x: [4, 1]) -> [4, 1] {
        let v0 = concat((x -> Gelu), (x * x));
        let v1 = concat((v0 -> LeakyRelu(0.2) -> Elu(0.5)), (x -> Dropout(0.3) -> LeakyRelu(0.2) -> Gelu -> Relu -> Dense(2)));
        v1 -> Dense(1)
    }
}

#[test]
fn random22() {
    check::<Random22<f64>>();
}

network! {
    /// Seed 23.
    pub struct Random23(x: [1, 1]) -> [ONE] {
        let v0 = x -> Elu(0.5) -> LeakyRelu(0.2) -> LeakyRelu(0.2) -> Dropout(0.3);
        let v1 = v0 -> Elu -> Reshape([1, ONE, ONE]) -> Relu -> MaxPool2d(kernel = [TWO, THREE], stride = [1, ONE], padding = same) -> GlobalAvgPool2d;
        let v2 = v0 -> Elu(0.5) -> Softmax -> LeakyRelu(0.2) -> Gelu;
        v1 - (v2 -> Flatten) -> Dense(ONE)
    }
}

#[test]
fn random23() {
    check::<Random23<f64>>();
}

network! {
    /// Seed 24.
    pub struct Random24(x: [4]) -> [3] {
        let v0 = (x -> Relu) + x;
        let v1 = (v0 * x) * v0;
        let v2 = (v1 -> Silu -> Elu(0.5)) + (v1 -> Relu -> Dropout(0.2));
        v2 -> Dense(3)
    }
}

#[test]
fn random24() {
    check::<Random24<f64>>();
}

network! {
    /// Seed 25.
    pub struct Random25(x: [7]) -> [1] {
        let v0 = (x * x) - x;
        let v1 = x -> LeakyRelu(0.2) -> Elu(0.5) -> Reshape([1, 1, 7]);
        let v2 = v1 -> Elu(0.5) -> Conv2d(1, kernel = [3, 3], stride = [1, 2], padding = 1, bias = false) -> MaxPool2d(kernel = [2, 2], stride = [2, 1], padding = 1) -> Conv2d(1, kernel = [2, 2], stride = [1, 1], padding = 1) -> Conv2d(2, kernel = [2, 1], stride = [2, 1], padding = valid) -> layer0: Conv2d(3, kernel = [1, 3], stride = [2, 2], padding = 1);
        let v3 = v0 * x -> Sigmoid;
        let v4 = (v3 -> Sigmoid -> layer1: Dense(1) -> Reshape([1, 1, 1]) -> Silu) - ((v2 - v2) -> Flatten -> layer2: Dense(12 -> 1) -> Reshape([1, 1, 1]));
        v4 -> Flatten -> Dense(1)
    }
}

#[test]
fn random25() {
    check::<Random25<f64>>();
}
