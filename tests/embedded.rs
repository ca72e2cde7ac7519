//! The program of `examples/embedded` on a machine that has an operating system.
//!
//! `BLESS=1 cargo test --test embedded` writes its weights anew.
#![cfg(feature = "embed")]

use netform::prelude::*;
use netform::weights;

#[allow(unused_attributes, unreachable_pub, reason = "there it is a crate of its own")]
#[path = "../examples/embedded/lib.rs"]
mod embedded;

/// What a workstation would train; here the initial values of a seed.
fn trained() -> AlignedBox<embedded::Controller> {
    embedded::Controller::new(7)
}

#[test]
fn embedded_weights_predict_as_on_the_workstation() {
    let network = trained();
    if std::env::var_os("BLESS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/embedded/controller.safetensors");
        network.save(path).expect("the weights can be written");
        return;
    }
    let mut control = embedded::Loop::new();
    let state = [0.1, -0.2, 0.05, 0.4];
    assert_eq!(control.force(&state), Ok(network.predict(&state)[0]));
}

network! {
    /// The three tensors of a file that was made in Python: in another order there than here, and one of them is missing.
    struct Tiny<const H: usize>(x: [3]) -> [H] {
        x -> linear: Dense(H)
    }
    instances [2]
}

/// A generic network, renamed tensors, a path in another folder, an expression inside a function.
#[test]
fn tensors_are_renamed_and_found_in_any_order() {
    let tiny = weights!(
        "tests/compile_fail/weights/other.safetensors" for Tiny<2>,
        "linear.weight" = "fc.weight",
        "linear.bias" = "fc.bias",
    );
    assert_eq!(tiny.linear.weight, [[1.5, 2.5], [3.5, 4.5], [5.5, 6.5]]);
    assert_eq!(tiny.linear.bias, [7.5, 8.5]);
    let double: &Tiny<2, f64> = weights!(
        "tests/compile_fail/weights/double.safetensors" for Tiny<2, f64>
    );
    assert_eq!(double.linear.weight, [[1.5, 2.5], [3.5, 4.5], [5.5, 6.5]]);
    assert!(std::ptr::from_ref(double).cast::<u8>().addr().is_multiple_of(64));
}
