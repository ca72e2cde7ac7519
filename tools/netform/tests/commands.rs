//! Runs the program: exit codes, output, broken files.

use std::path::{Path, PathBuf};
use std::process::Command;

use nn_core::io::inspect::{FileScalar, FileTensor, TensorFile};
use serde_json::Value;

/// A folder that is removed when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("netform-cli-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder for the test");
        Self(path)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, content).expect("a file for the test");
        path.display().to_string()
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The exit code, and what was written to the output and to the error stream.
fn netform(arguments: &[&str]) -> (i32, String, String) {
    netform_in(Path::new("."), arguments)
}

fn netform_in(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_netform")).args(arguments).current_dir(folder).output();
    let found = run.expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (found.status.code().expect("an exit code"), text(found.stdout), text(found.stderr))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn tensors(values: &[f64]) -> TensorFile {
    let bias = FileTensor::new("network.fc.bias", vec![2], vec![0.0, -0.5], FileScalar::F64);
    let weight = FileTensor::new("network.fc.weight", vec![1, values.len()], values.to_vec(), FileScalar::F64);
    let steps = FileTensor {
        name: "optimizer.steps".into(),
        dtype: "U64".into(),
        shape: vec![1],
        bytes: 7u64.to_le_bytes().to_vec(),
        values: vec![7.0],
    };
    let metadata = [("network".to_owned(), "Net".to_owned())].into();
    TensorFile { metadata, tensors: vec![bias, weight, steps] }
}

fn saved(folder: &Folder, name: &str, values: &[f64]) -> String {
    folder.write(name, tensors(values).to_bytes().expect("tensors that fit"))
}

#[test]
fn help_names_every_command_and_wrong_usage_fails() {
    let (code, text, _) = netform(&["--help"]);
    assert_eq!(code, 0);
    for command in ["inspect", "diff", "convert", "report", "data get", "data check", "exit codes"] {
        assert!(text.contains(command), "{text}");
    }
    for command in ["inspect", "diff", "convert", "report", "data"] {
        let (code, text, _) = netform(&[command, "--help"]);
        assert!(code == 0 && text.starts_with(&format!("netform {command}")) && text.contains("exit codes"), "{text}");
    }
    for wrong in
        [&[][..], &["fit"], &["inspect"], &["diff", "a"], &["inspect", "a", "--tolerance", "1"], &["data", "get"]]
    {
        let (code, text, error) = netform(wrong);
        assert!(code == 2 && text.is_empty() && error.starts_with("error: ") && error.contains("--help"), "{error}");
    }
}

#[test]
fn inspect_shows_tensors_and_finds_nan() {
    let folder = Folder::new("inspect");
    let path = saved(&folder, "a.safetensors", &[1.0, 2.0, 6.0]);
    let (code, text, _) = netform(&["inspect", &path]);
    assert_eq!(code, 0);
    for part in ["3 tensors, 6 numbers", "network: Net", "network.fc.weight  F64", "[1, 3]", "3.0000", "2.1602"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let path = saved(&folder, "b.safetensors", &[1.0, f64::NAN, f64::INFINITY]);
    let (code, text, _) = netform(&["inspect", &path, "--json"]);
    let found = json(&text);
    assert_eq!((code, &found["metadata"]["network"]), (1, &Value::from("Net")));
    let weight = &found["tensors"][1];
    assert_eq!((&weight["nans"], &weight["infinities"], &weight["mean"]), (&1.into(), &1.into(), &1.0.into()));
}

#[test]
fn broken_files_are_errors_that_name_them() {
    let folder = Folder::new("broken");
    let whole = std::fs::read(saved(&folder, "a.safetensors", &[1.0])).unwrap();
    let cut = folder.write("cut.safetensors", &whole[..whole.len() - 1]);
    let text = folder.write("text.safetensors", "no tensors");
    let empty = folder.write("empty.npz", "");
    let absent = folder.path("absent.safetensors");
    let target = folder.path("out.safetensors");
    for arguments in [
        &["inspect", &cut][..],
        &["inspect", &text],
        &["inspect", &absent],
        &["diff", &cut, &text],
        &["convert", &cut, &target],
        &["convert", &empty, &target],
        &["report", &absent],
        &["data", "check", &absent],
    ] {
        let (code, output, error) = netform(arguments);
        assert!(code == 2 && output.is_empty(), "{arguments:?}: {code} {output}");
        assert!(
            error.starts_with("error: ") && error.contains(arguments.iter().find(|word| word.contains('/')).unwrap())
        );
    }
    assert!(!Path::new(&target).exists());
}

#[test]
fn diff_names_what_differs() {
    let folder = Folder::new("diff");
    let first = saved(&folder, "a.safetensors", &[1.0, f64::NAN]);
    let same = saved(&folder, "b.safetensors", &[1.0, f64::NAN]);
    let near = saved(&folder, "c.safetensors", &[1.25, f64::NAN]);
    let other = saved(&folder, "d.safetensors", &[1.0]);
    assert_eq!(netform(&["diff", &first, &same]), (0, "the same 3 tensors\n".into(), String::new()));
    let (code, text, _) = netform(&["diff", &first, &near]);
    assert_eq!((code, &*text), (1, "network.fc.weight: 1 numbers differ by up to 0.2500, the first at 0\n"));
    assert_eq!(netform(&["diff", &first, &near, "--tolerance", "0.25"]).0, 0);
    let (code, text, _) = netform(&["diff", &first, &other, "--json"]);
    assert_eq!((code, &json(&text)["differences"][0]["second"]), (1, &"F64 [1, 1]".into()));
}

#[test]
fn convert_goes_to_numpy_and_back() {
    let folder = Folder::new("convert");
    let [npz, back, part] = ["a.npz", "back.safetensors", "part.safetensors"].map(|name| folder.path(name));
    let path = saved(&folder, "a.safetensors", &[1.0, -0.1, f64::NAN]);
    let (code, text, error) = netform(&["convert", &path, &npz]);
    assert!(code == 0 && text.contains("3 tensors, 6 numbers"), "{error}");
    assert_eq!(netform(&["convert", &npz, &back]).0, 0);
    assert_eq!(netform(&["diff", &path, &back]).0, 0);
    // What `weights!` wants of a training checkpoint.
    let (code, _, error) = netform(&["convert", &path, &part, "--part", "network.", "--dtype", "f32"]);
    assert_eq!((code, &*error), (0, ""));
    let found = TensorFile::read(&part).unwrap();
    let names: Vec<&str> = found.tensors.iter().map(|tensor| tensor.name.as_str()).collect();
    assert_eq!(names, ["fc.bias", "fc.weight"]);
    assert_eq!((&*found.tensors[1].dtype, found.tensors[1].values[1]), ("F32", f64::from(-0.1f32)));
    for wrong in [&["--part", "nothing."][..], &["--dtype", "f16"]] {
        assert_eq!(netform(&[&["convert", &path, &part][..], wrong].concat()).0, 2);
    }
    let (code, _, error) = netform(&["convert", &path, "a.onnx"]);
    assert!(code == 2 && error.contains("ends in .safetensors or .npz"), "{error}");
    let half = TensorFile {
        metadata: [].into(),
        tensors: vec![FileTensor {
            name: "a".into(),
            dtype: "BF16".into(),
            shape: vec![1],
            bytes: vec![0, 0],
            values: vec![0.0],
        }],
    };
    let half = folder.write("half.safetensors", half.to_bytes().unwrap());
    let (code, _, error) = netform(&["convert", &half, &npz]);
    assert!(code == 2 && error.contains("--dtype f32"), "{error}");
    assert_eq!(netform(&["convert", &half, &npz, "--dtype", "f32"]).0, 0);
}

#[test]
fn every_prefix_of_an_archive_is_refused() {
    let folder = Folder::new("prefixes");
    let (npz, target) = (folder.path("a.npz"), folder.path("b.safetensors"));
    let path = saved(&folder, "a.safetensors", &[1.0]);
    assert_eq!(netform(&["convert", &path, &npz]).0, 0);
    let whole = std::fs::read(npz).unwrap();
    for end in (0..whole.len()).step_by(whole.len() / 12) {
        let cut = folder.write("cut.npz", &whole[..end]);
        assert_eq!(netform(&["convert", &cut, &target]).0, 2, "{end}");
    }
}

#[test]
fn report_writes_a_page_of_a_folder() {
    let folder = Folder::new("report");
    let run = folder.0.display().to_string();
    assert_eq!(netform(&["report", &run]).0, 2);
    folder.write("epochs.csv", "epoch,seconds,loss,accuracy,validation_loss\n1,2,0.5,0.75,0.625\n2,2,0.25,0.875,NaN\n");
    saved(&folder, "last.safetensors", &[1.0]);
    let (code, text, error) = netform(&["report", &run]);
    assert_eq!((code, text.trim(), &*error), (0, &*folder.path("report.html"), ""));
    let page = std::fs::read_to_string(folder.path("report.html")).unwrap();
    assert!(page.contains("<svg") && page.contains("network.fc.weight") && page.contains("0.8750"));
    let other = folder.path("other.html");
    assert_eq!(netform(&["report", &run, "--output", &other]).0, 0);
    assert_eq!(std::fs::read_to_string(other).unwrap(), page);
    let (code, text, _) = netform(&["report", &run, "--json"]);
    let epochs = &json(&text)["epochs.csv"];
    assert_eq!((code, &epochs[1]["training"]["accuracy"]), (0, &0.875.into()));
    assert_eq!((&epochs[0]["validation"]["loss"], &epochs[1]["validation"]["loss"]), (&0.625.into(), &Value::Null));
    folder.write("epochs.csv", "epoch,loss\n1,much\n");
    let (code, _, error) = netform(&["report", &run]);
    assert!(code == 2 && error.contains("epochs.csv, line 2: `much` is no number"), "{error}");
}

#[test]
fn data_sets_are_checked() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fashion = here.join("../../examples/data/fashion-mnist").display().to_string();
    let (code, text, _) = netform(&["data", "check", &fashion, "--json"]);
    let found = json(&text);
    let labels = found["files"].as_array().unwrap().iter().find(|file| file["found"]["samples"] == 8000).unwrap();
    assert_eq!(code, 0, "{labels}");
    assert!(text.contains("800") && found["files"].as_array().unwrap().len() == 4);

    let folder = Folder::new("data");
    let run = folder.0.display().to_string();
    assert_eq!(netform(&["data", "check", &run]).0, 2);
    folder.write("train-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4]);
    folder.write("train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 2, 1, 0]);
    folder.write("data_batch_1.bin", [3; 3073]);
    folder.write("good.csv", "name,size\na,1\nb,\n");
    folder.write("notes.md", "passed over");
    let (code, text, _) = netform(&["data", "check", &run]);
    assert_eq!((code, text.lines().count()), (0, 4), "{text}");
    assert!(text.contains("samples 2") && text.contains("axes [1,2]") && text.contains("rows 2"), "{text}");
    assert!(text.contains("columns name (text), size (numbers, 1 missing)"), "{text}");

    folder.write("train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 1, 1]);
    folder.write("data_batch_1.bin", [3; 3072]);
    folder.write("data_batch_2.bin", [10; 3073]);
    folder.write("ragged.csv", "a,b\n1,2\n3\n");
    folder.write("cut-images-idx3-ubyte", [0, 0, 8, 3, 0, 0]);
    let (code, text, _) = netform(&["data", "check", &run]);
    assert_eq!((code, text.matches("problem: ").count()), (1, 5), "{text}");
    for part in
        ["has 1 labels for 2 images", "3072 bytes", "sample 0 is 10", "ragged.csv, line 3: 1 fields", "ends too early"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn data_sets_come_from_the_script_of_a_clone() {
    let folder = Folder::new("get");
    let (code, _, error) = netform_in(&folder.0, &["data", "get", "mnist"]);
    assert!(code == 2 && error.contains("tools/get-data"), "{error}");
    if cfg!(unix) {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::create_dir_all(folder.0.join("tools")).unwrap();
        std::fs::create_dir_all(folder.0.join("below")).unwrap();
        let script = folder.write("tools/get-data", "#!/bin/sh\necho \"got $1\"\ntest \"$1\" != none\n");
        std::fs::set_permissions(script, std::fs::Permissions::from_mode(0o755)).unwrap();
        let (code, text, _) = netform_in(&folder.0.join("below"), &["data", "get", "mnist", "cifar10"]);
        assert_eq!((code, &*text), (0, "got mnist\ngot cifar10\n"));
        assert_eq!(netform_in(&folder.0, &["data", "get", "none"]).0, 2);
    }
}

#[test]
fn check_counts_the_images_of_each_class_and_names_what_is_none() {
    let folder = Folder::new("images");
    for (class, width) in [("cats", 4), ("dogs", 5)] {
        std::fs::create_dir_all(folder.path(class)).unwrap();
        for number in 0..3 {
            let path = folder.path(&format!("{class}/{number}.png"));
            let mut encoder = png::Encoder::new(std::fs::File::create(path).unwrap(), width, 2);
            encoder.set_color(png::ColorType::Rgb);
            encoder.write_header().unwrap().write_image_data(&vec![0; 3 * 2 * width as usize]).unwrap();
        }
    }
    let whole = folder.path("");
    let (code, text, _) = netform(&["data", "check", &whole]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("cats: format images, samples 3, 2 × 4 × 3 (3 images)"), "{text}");
    std::fs::write(folder.path("dogs/4.jpg"), b"no image").unwrap();
    let (code, text, _) = netform(&["data", "check", &whole, "--json"]);
    let found = json(&text);
    assert_eq!((code, &found["files"][2]["found"]["sizes"][0]["axes"][1]), (1, &Value::from(5)));
    assert!(found["files"][1]["problem"].as_str().unwrap().contains("4.jpg: "), "{text}");
}
