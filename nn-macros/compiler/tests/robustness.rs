//! The compiler against input that no human would write: broken tokens, and networks of thousands of layers.

use std::time::{Duration, Instant};

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

/// Networks that use every form of the language.
const SEEDS: &[&str] = &[
    "/// Documented.
     pub struct Cnn(image: [32, 32, 3]) -> [10] {
         image -> conv: Conv2d(32, kernel = 3, padding = same, bias = false) -> BatchNorm(momentum = 0.9) -> Relu
               -> MaxPool2d(2) -> Flatten -> fc: Dense(8192 -> 128) -> Relu -> Dropout(0.5) -> head: Dense(10) -> Softmax
     }",
    "struct Residual(x: [8, 8, 3]) -> [3] {
         let a = x -> Conv2d(4, kernel = [3, 1], stride = 2, padding = 1) -> Gelu;
         let b = a -> AvgPool2d(2, stride = 1, padding = same) -> LeakyRelu(0.1);
         (a + b * a - b) -> GlobalAvgPool2d -> Dense(3) -> LogSoftmax
     }",
    "struct Named(x: [WIDTH, 2 * WIDTH]) -> [CLASSES] {
         let a = x -> Dense(HIDDEN) -> Tanh;
         let b = x -> self::Snake<_>(0.5) -> Dense(HIDDEN);
         concat(a, b) -> Flatten -> body: crate::Body -> Dense(CLASSES)
     }",
    "struct Wide<const H: usize>(x: [8]) -> [H] {
         let h = x -> first: Dense(H) -> Sigmoid;
         let gated = h * (h -> Dense(H) -> again: Dense(H) -> again -> Tanh);
         gated - h
     }
     struct Second(x: [2, 6]) -> [3, 4] { x -> Reshape([3, 4]) -> Dense(4) }",
    "block Residual(factor: usize = 2, rate: f64 = 0.1)(x: [.., width]) {
         x + (x -> up: Dense(factor * width) -> Gelu -> Dropout(rate) -> down: Dense(width))
     }
     struct Deep(x: [3, 8]) -> [3, 8] { x -> blocks: [Residual(4); 3] -> #[freeze] head: Dense(8) -> Residual }
     assert PARAMS <= 300_000 && FLOPS < 1_000_000;",
    "struct Two(left: [6], right: [2, 3]) -> (class: [3], size: [1]) {
         let flat = right -> Flatten;
         let (a, b) = split(left * flat / 2.0, 2);
         let h = (a - b) -> #[init(HeNormal)] #[rate(0.1)] body: Dense(5) -> Relu;
         (h -> class: Dense(3) -> Softmax, stop_gradient(h) -> Dense(1))
     }",
    "struct Sized<const H: usize, const F: usize>(x: [4]) -> [F] { x -> Dense(H) -> Tanh -> Dense(F) }
     instances [(3, 2), (8, 1)]
     assert PARAMS < 1_000;",
];

const CASES: usize = 1500;

/// Reproducible numbers (Marsaglia's xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }
}

fn size(tokens: &TokenStream) -> usize {
    let inner = |token| if let TokenTree::Group(group) = token { 1 + size(&group.stream()) } else { 1 };
    tokens.clone().into_iter().map(inner).sum()
}

/// The tokens with a change at the place `at`, counted through all groups.
fn mutate(tokens: TokenStream, at: &mut usize, random: &mut Random, pool: &[TokenTree]) -> TokenStream {
    let mut changed: Vec<TokenTree> = Vec::new();
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        let is_here = *at == 0;
        *at = at.wrapping_sub(1);
        if is_here {
            match random.below(6) {
                0 => {}
                1 => changed.extend([token.clone(), token]),
                2 => {
                    changed.extend(tokens.next());
                    changed.push(token);
                }
                3 => changed.push(pool[random.below(pool.len())].clone()),
                4 => changed.extend([token, pool[random.below(pool.len())].clone()]),
                _ => match token {
                    TokenTree::Group(group) => changed.extend(group.stream()),
                    other => changed.push(Group::new(Delimiter::Parenthesis, other.into()).into()),
                },
            }
            continue;
        }
        changed.push(match token {
            TokenTree::Group(group) => Group::new(group.delimiter(), mutate(group.stream(), at, random, pool)).into(),
            other => other,
        });
    }
    changed.into_iter().collect()
}

/// What tokens are replaced with: all those of the networks, and some that stand in none.
fn pool(seeds: &[TokenStream]) -> Vec<TokenTree> {
    fn collect(tokens: &TokenStream, pool: &mut Vec<TokenTree>) {
        for token in tokens.clone() {
            if let TokenTree::Group(group) = &token {
                collect(&group.stream(), pool);
            }
            pool.push(token);
        }
    }
    let mut pool = Vec::new();
    seeds.iter().for_each(|seed| collect(seed, &mut pool));
    for word in ["input", "workspace", "type", "self", "crate", "T", "_", "r#fn", "scratch", "training", "Größe"] {
        let raw = word.strip_prefix("r#");
        let name =
            raw.map_or_else(|| Ident::new(word, Span::call_site()), |raw| Ident::new_raw(raw, Span::call_site()));
        pool.push(name.into());
    }
    for letter in "#!?/%&|@$~.:,;=<>".chars() {
        pool.push(Punct::new(letter, Spacing::Alone).into());
    }
    pool.push(Literal::f64_unsuffixed(1e300).into());
    pool.push(Literal::u128_suffixed(u128::MAX).into());
    pool.push(Literal::usize_unsuffixed(0).into());
    pool.push(Literal::usize_unsuffixed(usize::MAX).into());
    pool.push(Literal::string("text\n\"").into());
    pool.push(Literal::byte_string(b"\xff").into());
    pool
}

fn compile(tokens: TokenStream) -> TokenStream {
    nn_compiler::compile(&quote::quote!(::netform), tokens)
}

#[test]
fn broken_tokens_give_errors_and_no_panic() {
    let seeds: Vec<TokenStream> = SEEDS.iter().map(|text| text.parse().expect("tokens")).collect();
    let (pool, mut random) = (pool(&seeds), Random(0x5EED));
    let mut accepted = 0;
    for case in 0..CASES {
        let mut tokens = seeds[case % seeds.len()].clone();
        for _ in 0..=random.below(3) {
            let mut at = random.below(size(&tokens));
            tokens = mutate(tokens, &mut at, &mut random, &pool);
        }
        let text = tokens.to_string();
        let attempt = std::panic::catch_unwind(|| {
            let (first, second) = (compile(tokens.clone()).to_string(), compile(tokens.clone()).to_string());
            assert_eq!(first, second, "two runs differ");
            first
        });
        let code = attempt.unwrap_or_else(|_| panic!("the compiler panics on:\n{text}"));
        let emitted: TokenStream = code.parse().expect("tokens");
        let is_rust = syn::parse2::<syn::File>(emitted);
        assert!(is_rust.is_ok(), "{:?}: not Rust:\n{text}\nbecomes\n{code}", is_rust.err());
        let is_accepted = !code.contains("compile_error");
        assert!(!is_accepted || code.contains("Network"), "neither a network nor an error:\n{text}");
        accepted += usize::from(is_accepted);
    }
    assert!(
        (CASES / 50..CASES / 2).contains(&accepted),
        "{accepted} of {CASES} cases are valid: the changes prove little"
    );
}

/// Compiles a network of this body, and gives the time it took.
fn time(body: &str) -> Duration {
    let tokens: TokenStream = format!("struct Large(x: [4]) -> [4] {{ {body} }}").parse().expect("tokens");
    let start = Instant::now();
    let code = compile(tokens);
    let elapsed = start.elapsed();
    let text = code.to_string();
    assert!(!text.contains("compile_error"), "{}", &text[text.find("compile_error").unwrap_or(0)..]);
    elapsed
}

/// `template` for each of many layers.
fn chain(template: &str, count: usize) -> String {
    format!("x {}", template.repeat(count))
}

/// Lets that read their neighbour and one from far above.
fn lets(count: usize) -> String {
    let mut body = String::from("let v0 = x -> Dense(4); let v1 = v0 -> Dense(4);");
    for index in 2..count {
        body += &format!("let v{index} = (v{} -> Dense(4) -> Tanh) * v{};", index - 1, index / 2);
    }
    body + &format!("v{}", count - 1)
}

#[test]
fn thousands_of_layers_pass() {
    // Generous: a quadratic pass over 10,000 layers takes minutes in a debug build.
    let limit = Duration::from_secs(60);
    let cases = [
        ("chain", chain("-> Dense(4) -> Relu ", 10_000)),
        ("views", chain("-> Dense(4) -> Reshape([2, 2]) -> Flatten -> Dropout(0.1)", 2000)),
        ("normalised chain", chain("-> Dense(4) -> BatchNorm -> Relu ", 1000)),
        ("named sizes", chain("-> Dense(FOUR) -> Gelu ", 1000)),
        ("one layer again", format!("x -> fc: Dense(4) {}", "-> fc ".repeat(3000))),
        ("lets", lets(3000)),
    ];
    for (name, body) in cases {
        let elapsed = time(&body);
        println!("{name}: {elapsed:?}");
        assert!(elapsed < limit, "{name}: {elapsed:?}");
    }
}

#[test]
fn a_thousand_layers_take_no_noticeable_time() {
    let elapsed = time(&chain("-> Dense(4) -> Relu ", 1000));
    println!("{elapsed:?}");
    assert!(elapsed < Duration::from_secs(5), "{elapsed:?}");
}
