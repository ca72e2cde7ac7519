use std::path::PathBuf;
use std::string::{String, ToString};
use std::vec;

use super::*;
use crate::io::testing::tiny;
use crate::io::{ConfusionMatrix, Weights as _, plot};
use crate::train::{Epoch, Report};

/// A folder that is removed when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(std::format!("netform-report-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run() -> History {
    let report = |loss: f64| Report { samples: 0, loss, metrics: vec![("a \"b\", <c>".into(), 1.0 / loss)] };
    let epoch =
        |loss| Epoch { training: report(loss), validation: Some(report(loss + 0.125)), seconds: 1.5, rate: 0.5 };
    History { epochs: vec![epoch(2.25), epoch(0.5), epoch(0.75)] }
}

const CSV: &str = "epoch,seconds,rate,loss,\"a \"\"b\"\", <c>\",validation_loss,\"validation_a \"\"b\"\", <c>\"\n\
    1,1.5,0.5,2.25,0.4444444444444444,2.375,0.42105263157894735\n2,1.5,0.5,0.5,2,0.625,1.6\n\
    3,1.5,0.5,0.75,1.3333333333333333,0.875,1.1428571428571428\n";

#[test]
fn logs_are_read_back() {
    let folder = Folder::new("logs");
    assert_eq!(history(folder.write("run.csv", CSV)).unwrap(), run());
    let lines = "{\"epoch\":1,\"seconds\":1.5,\"loss\":null,\"accuracy\":0.1}\n\n{\"accuracy\":0.5,\"epoch\":2,\"loss\":1e-3,\"seconds\":2}\n";
    let found = history(folder.write("run.jsonl", lines)).unwrap();
    assert!(found.epochs[0].training.loss.is_nan() && found.epochs[1].validation.is_none());
    assert!(found.epochs[1].rate.is_nan(), "a log of old");
    assert_eq!((found.epochs[1].training.loss, found.epochs[1].training.metric("accuracy")), (1e-3, Some(0.5)));
}

#[test]
fn damaged_logs_name_their_line() {
    let folder = Folder::new("damaged");
    let error = |name: &str, content: &str| history(folder.write(name, content)).unwrap_err().to_string();
    for (content, expected) in [
        ("epoch,loss\n1,0.5\n2,\n", "a.csv, line 3: `` is no number"),
        ("epoch,loss\n1,0.5\n2\n", "a.csv, line 3: "),
        ("epoch,value\n1,0.5\n", "a.csv, line 1: there is no column `loss`"),
        ("", "a.csv, line 1: there is no column `loss`"),
    ] {
        assert!(error("a.csv", content).contains(expected), "{}", error("a.csv", content));
    }
    for (content, expected) in [
        ("{\"epoch\":1,\"loss\":1}\n{\"epoch\":2}\n", "a.jsonl, line 2: there is no `loss`"),
        ("{\"epoch\":1,\"loss\":1}\n{\"epoch\":2,\"lo", "a.jsonl, line 2: "),
        ("[1]\n", "a.jsonl, line 1: "),
    ] {
        assert!(error("a.jsonl", content).contains(expected), "{}", error("a.jsonl", content));
    }
    let absent = history(folder.0.join("none.csv")).unwrap_err();
    assert!(matches!(absent, ReportError::File { .. }));
}

#[test]
fn a_page_is_complete_and_escaped() {
    let page = RunReport::new("a <b>").settings(&[("<x>", "&")]).history(&run()).unwrap().text("t", "1 < 2\nnext");
    let page = page.table("numbers", &["name", "value"], &[vec!["one".into(), "1.5".into()]]).to_html();
    for part in ["<title>a &lt;b&gt;</title>", "&lt;x&gt;", "a &quot;b&quot;, &lt;c&gt;", "1 &lt; 2\nnext", "<svg "] {
        assert!(page.contains(part), "{part}");
    }
    // Nothing from elsewhere: the name space of SVG is a name, and no address.
    assert!(!page.replace("http://www.w3.org/2000/svg", "").contains("http") && !page.contains("<script"));
    assert_eq!(page.matches("class=\"best\"").count(), 1);
    assert_eq!(page.matches("<tr").count(), 1 + 1 + 1 + 3 + 2);
    for element in ["table", "section", "figure", "tr", "td", "pre"] {
        let opened =
            page.matches(&std::format!("<{element}>")).count() + page.matches(&std::format!("<{element} ")).count();
        assert_eq!(opened, page.matches(&std::format!("</{element}>")).count(), "{element}");
    }
}

#[test]
fn long_runs_are_shown_in_part() {
    let epoch = |number: usize| Epoch {
        training: Report { samples: 0, loss: (number as f64 - 777.0).abs(), metrics: vec![] },
        validation: None,
        seconds: 0.0,
        rate: 1.0,
    };
    let history = History { epochs: (0..1000).map(epoch).collect() };
    let page = RunReport::new("").history(&history).unwrap().to_html();
    assert!(page.contains("Every 5th of 1000") && page.contains("<td>778</td>") && page.contains("<td>1000</td>"));
    assert!(page.matches("<tr").count() < 210);
}

#[test]
fn a_folder_becomes_a_page() {
    let folder = Folder::new("folder");
    let empty = RunReport::of_folder(&folder.0).unwrap_err();
    assert!(empty.to_string().contains("nothing to report on"), "{empty}");
    folder.write("epochs.csv", CSV);
    folder.write("epochs.jsonl", "damaged, but the same log stands beside it");
    folder.write("settings.txt", "learning rate = 0.01\nno setting\nbatch=32\n");
    let rows = (1..4).flat_map(|epoch| ["conv", "head"].map(|layer| std::format!("{epoch},{layer},0.{epoch},NaN\n")));
    folder.write("layers.csv", &std::format!("epoch,layer,mean,deviation\n{}", rows.collect::<String>()));
    folder.write("other.bin", "passed over");
    tiny::<f32>().save(folder.0.join("last.safetensors")).unwrap();
    folder.write("broken.safetensors", "no tensors");
    plot::confusion_matrix(folder.0.join("confusion.svg"), &ConfusionMatrix::new(&["a"])).unwrap();
    plot::confusion_matrix(folder.0.join("confusion.png"), &ConfusionMatrix::new(&["a"])).unwrap();
    let page = RunReport::of_folder(&folder.0).unwrap().to_html();
    for part in
        ["learning rate", "fc.weight", "F32 [3, 2]", "data:image/svg+xml;base64,", "no safetensors file", ">conv<"]
    {
        assert!(page.contains(part), "{part}");
    }
    assert_eq!((page.matches("<h2>").count(), page.contains("data:image/png")), (6, false));
    std::fs::remove_file(folder.0.join("confusion.svg")).unwrap();
    let page = RunReport::of_folder(&folder.0).unwrap().to_html();
    assert!(page.contains("<img alt=\"confusion\" width=\"") && page.contains("data:image/png"));
    let picture = folder.0.join("curves.png");
    std::fs::rename(folder.0.join("confusion.png"), &picture).unwrap();
    let page = RunReport::of_folder(&folder.0).unwrap().to_html();
    assert!(!page.contains("data:image/png"), "the page draws the curves itself");
    for log in ["epochs.csv", "epochs.jsonl"] {
        std::fs::remove_file(folder.0.join(log)).unwrap();
    }
    assert!(RunReport::of_folder(&folder.0).unwrap().to_html().contains("<img alt=\"curves\""));
    folder.write("picture.svg", "no picture");
    let error = RunReport::of_folder(&folder.0).unwrap_err();
    assert!(error.to_string().ends_with("picture.svg: expected a picture, .png or .svg"), "{error}");
    let absent = RunReport::of_folder(folder.0.join("none")).unwrap_err();
    assert!(matches!(absent, ReportError::File { .. }));
}
