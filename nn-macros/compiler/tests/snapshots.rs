//! Snapshots of the graph and of the emitted code of five networks.
//!
//! `BLESS=1 cargo test -p nn-compiler --test snapshots` writes them anew; read the difference before you commit it.

use std::path::PathBuf;

use proc_macro2::TokenStream;

const NETWORKS: &[(&str, &str)] = &[
    (
        "mlp",
        "pub struct Mlp(x: [784]) -> [10] { x -> Dense(128) -> Relu -> Dense(64) -> Gelu -> Dropout(0.2) -> head: Dense(10) }",
    ),
    (
        "cifar10",
        "/// The seed's CIFAR-10 classifier.
         pub struct Cifar10(image: [32, 32, 3]) -> [10] {
             image -> conv: Conv2d(32, kernel = 3) -> Relu -> MaxPool2d(2)
                   -> Flatten -> fc: Dense(128) -> Relu -> Dropout(0.5) -> head: Dense(10)
         }",
    ),
    (
        "residual",
        "struct Residual(image: [8, 8, 3]) -> [3] {
             let x = image -> Conv2d(4, kernel = 3, padding = same, bias = false) -> BatchNorm -> Relu;
             let y = x -> Conv2d(4, kernel = 3, padding = same) -> BatchNorm;
             (x + y) -> Relu -> GlobalAvgPool2d -> Dense(3) -> Softmax
         }",
    ),
    (
        "named",
        "struct Named(x: [WIDTH, 2 * WIDTH]) -> [CLASSES] {
             let a = x -> Dense(HIDDEN) -> Tanh;
             let b = x -> self::Snake<_>(0.5) -> Dense(HIDDEN);
             concat(a, b) -> Flatten -> body: crate::Body -> Dense(CLASSES)
         }",
    ),
    (
        "generic",
        "struct Wide<const H: usize>(x: [8]) -> [H] {
             let h = x -> first: Dense(H) -> Sigmoid;
             let gated = h * (h -> Dense(H) -> Tanh);
             gated - h
         }",
    ),
];

fn emitted(tokens: TokenStream) -> String {
    let code = nn_compiler::compile(&quote::quote!(::netform), tokens);
    let file = syn::parse2(code.clone()).unwrap_or_else(|error| panic!("not Rust: {error}\n{code}"));
    prettyplease::unparse(&file)
}

fn compare(name: &str, extension: &str, found: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(format!("{name}.{extension}"));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, found).expect("the snapshot can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == found, "{} differs; see the head of this file\n{found}", path.display());
}

#[test]
fn graphs_and_code_are_as_recorded() {
    for (name, text) in NETWORKS {
        let tokens: TokenStream = text.parse().expect("tokens");
        compare(name, "graph", &nn_compiler::describe(tokens.clone()).expect("no errors"));
        let code = emitted(tokens.clone());
        assert!(!code.contains("unsafe"), "emitted code has no `unsafe`");
        assert_eq!(code, emitted(tokens), "expansion is deterministic");
        compare(name, "rs.expanded", &code);
    }
}
