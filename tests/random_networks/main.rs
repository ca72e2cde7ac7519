//! Networks that nobody would think of, held to what must hold for all: gradients are those of difference quotients, the
//! two memory plans agree, and tiles do not matter.
//!
//! `generator.rs` writes `networks.rs`; `BLESS=1 cargo test --test random_networks` writes it anew.

#[path = "../common/check.rs"]
mod check;
mod generator;
mod networks;

use std::path::Path;

/// Among these are all joins, views and windows, nested and generic networks, named sizes, and several normalisations.
const SEEDS: std::ops::Range<u64> = 0..26;

#[test]
fn the_networks_are_those_of_the_generator() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/random_networks/networks.rs");
    let expected = generator::module(&generator::generate(SEEDS));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &expected).expect("the file can be written");
    }
    let found = std::fs::read_to_string(&path).expect("the file is there");
    assert!(found == expected, "{} is not what the generator writes; see the head of this file", path.display());
}
