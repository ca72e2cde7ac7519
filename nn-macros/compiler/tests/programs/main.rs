//! The compiler against programs that a human might write: made by a grammar, valid and nearly valid.
//!
//! `PROGRAMS=100000 cargo test -p nn-compiler --test programs` tries that many. (`robustness.rs` holds the compiler to
//! broken tokens; `tests/random_networks` of the facade runs what it emits.)

mod arguments;
mod author;
mod piece;

use std::panic::catch_unwind;

use proc_macro2::TokenStream;

/// How many programs are tried.
const PROGRAMS: u64 = 200;
/// What share of them the compiler takes, in percent: fewer would prove little of what is emitted, more of the errors.
const ACCEPTED: std::ops::RangeInclusive<u64> = 30..=80;

fn compile(tokens: TokenStream) -> TokenStream {
    nn_compiler::compile(&quote::quote!(::netform), tokens)
}

/// What must hold for every program; gives whether the compiler takes it.
fn hold(program: &str) -> bool {
    let tokens: TokenStream = program.parse().unwrap_or_else(|error| panic!("not tokens: {error}\n{program}"));
    let attempt = catch_unwind(|| {
        let [first, second] = [(); 2].map(|()| compile(tokens.clone()));
        (first, second.to_string(), nn_compiler::describe(tokens.clone()))
    });
    let (emitted, second, described) = attempt.unwrap_or_else(|_| panic!("the compiler panics on:\n{program}"));
    let first = emitted.to_string();
    assert_eq!(first, second, "two runs differ on:\n{program}");
    let is_rust = syn::parse2::<syn::File>(emitted);
    assert!(is_rust.is_ok(), "{:?}: not Rust:\n{program}\nbecomes\n{first}", is_rust.err());
    let is_accepted = !first.contains("compile_error");
    assert_eq!(is_accepted, described.is_ok(), "the graph and the code disagree on:\n{program}\n{described:?}");
    match described {
        Ok(_) => assert!(first.contains("Network") && !first.contains("unsafe"), "{program}\nbecomes\n{first}"),
        Err(errors) => hold_errors(program, &errors),
    }
    is_accepted
}

/// Errors are short, and say something.
fn hold_errors(program: &str, errors: &str) {
    for error in errors.split("error: ").skip(1) {
        let lines = error.trim_end().lines().count();
        assert!((1..=3).contains(&lines), "an error of {lines} lines on:\n{program}\n{error}");
        assert!(!error.contains("Ident") && !error.contains("rt ::"), "inner names on:\n{program}\n{error}");
    }
}

#[test]
fn plausible_programs_compile_or_are_refused() {
    let programs = std::env::var("PROGRAMS").ok().and_then(|count| count.parse().ok()).unwrap_or(PROGRAMS);
    let accepted = (0..programs).filter(|seed| hold(&author::program(*seed))).count() as u64;
    println!("{accepted} of {programs} programs are valid");
    assert!(ACCEPTED.contains(&(accepted * 100 / programs.max(1))), "{accepted} of {programs} programs are valid");
}

#[test]
fn careful_programs_are_all_valid() {
    for seed in 0..100 {
        let program = author::careful_program(seed);
        let tokens = program.parse().expect("tokens");
        let described = nn_compiler::describe(tokens);
        assert!(described.is_ok(), "{}\n{program}", described.err().unwrap_or_default());
    }
}
