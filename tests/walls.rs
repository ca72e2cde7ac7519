//! The walls of the house: modules of `nn-core` import only those above them, and `unsafe` stays in `simd`.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules in the order in which they may import each other: each only those before it.
/// Modules on one line are neighbours that may know each other.
const ORDER: &[&[&str]] = &[
    &["spec"],
    &["simd", "scalar", "kernels", "random"],
    &["shapes", "tensors", "settings", "summary", "files", "checksum"],
    &["network", "layer"],
    &["emitted", "init", "layers", "laws", "own"],
    &["data"],
    &["losses", "optim", "metrics"],
    &["train"],
    &["predict"],
    &["io"],
];

fn rank(module: &str) -> Option<usize> {
    ORDER.iter().position(|modules| modules.contains(&module))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
    found
}

fn core_sources() -> (PathBuf, Vec<PathBuf>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("nn-core/src");
    let found = sources(&root);
    (root, found)
}

/// The module at the top that a file belongs to.
fn module(root: &Path, file: &Path) -> String {
    let relative = file.strip_prefix(root).expect("a file of the crate");
    let first = relative.components().next().expect("a path has a part");
    Path::new(first.as_os_str()).file_stem().expect("a name").to_string_lossy().into_owned()
}

/// The modules that a file names as `crate::module`, outside its tests.
fn imports(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let after = code.split("crate::").skip(1);
    after.map(|rest| rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()).collect()
}

#[test]
fn imports_run_upward_only() {
    let (root, files) = core_sources();
    let mut breaches = Vec::new();
    for file in files {
        let own = module(&root, &file);
        let text = fs::read_to_string(&file).expect("a source file");
        if own == "lib" || file.to_string_lossy().contains("test") {
            continue;
        }
        let Some(own_rank) = rank(&own) else {
            breaches.push(format!("{own}: not in the order; give it a place in tests/walls.rs"));
            continue;
        };
        for import in imports(&text).into_iter().filter(|import| *import != own) {
            if rank(&import).is_some_and(|rank| rank > own_rank) {
                breaches.push(format!("{} imports {import}, which stands below it", file.display()));
            }
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn unsafe_stays_in_simd() {
    let (root, files) = core_sources();
    for file in files.iter().filter(|file| module(&root, file) != "simd") {
        let text = fs::read_to_string(file).expect("a source file");
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let found: Vec<&str> = code.filter(|line| line.contains("unsafe ")).collect();
        assert!(found.is_empty(), "{}: {found:?}", file.display());
    }
}
