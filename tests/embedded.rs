//! The program of `examples/embedded` on a machine that has an operating system.
//!
//! `BLESS=1 cargo test --test embedded` writes its weights anew.

use netform::prelude::*;

#[allow(unused_attributes, unreachable_pub, reason = "there it is a crate of its own")]
#[path = "../examples/embedded/lib.rs"]
mod embedded;

/// What a workstation would train; here the initial values of a seed.
fn trained() -> Box<embedded::Controller> {
    embedded::Controller::new(7)
}

#[test]
fn embedded_weights_predict_as_on_the_workstation() {
    let network = trained();
    if std::env::var_os("BLESS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/embedded/controller.weights");
        std::fs::write(path, network.to_le_bytes()).expect("the weights can be written");
        return;
    }
    let mut control = embedded::Loop::new().expect("weights of this network");
    let state = [0.1, -0.2, 0.05, 0.4];
    assert_eq!(control.force(&state), Ok(network.predict(&state)[0]));
}
