use std::path::PathBuf;

use super::*;
use crate::io::ConfusionMatrix;

/// A file that is removed when the test ends.
struct Picture(PathBuf);

impl Picture {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(std::format!("netform-{}-{name}.png", std::process::id())))
    }

    /// Width and height in dots: the first fields behind the signature and the head of the first chunk.
    fn size(&self) -> (u32, u32) {
        let content = std::fs::read(&self.0).unwrap();
        assert!(content.starts_with(b"\x89PNG\r\n\x1a\n"));
        let number = |start: usize| u32::from_be_bytes(content[start..start + 4].try_into().unwrap());
        (number(16), number(20))
    }
}

impl Drop for Picture {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn panel<'p>(series: &'p [Series<'p>]) -> Panel<'p> {
    Panel { title: "Loss", unit: Unit::Number, series }
}

#[test]
fn curves_with_gaps_of_any_length_and_number_are_drawn() {
    let picture = Picture::new("curves");
    let series = [
        Series { name: "training", values: &[1.0, f64::NAN, 0.5, f64::INFINITY, f64::MAX] },
        Series { name: "validation", values: &[2.0] },
        Series { name: "nothing", values: &[] },
    ];
    let none = [];
    learning_curves(&picture.0, &[panel(&series), panel(&none), panel(&series[1..2])]).unwrap();
    assert_eq!(picture.size(), (2880, 680));
}

#[test]
fn nothing_is_not_drawn() {
    let picture = Picture::new("nothing");
    let series = [Series { name: "training", values: &[f64::NAN] }];
    assert!(matches!(learning_curves(&picture.0, &[panel(&series)]), Err(PlotError::Nothing { .. })));
    assert!(matches!(learning_curves(&picture.0, &[]), Err(PlotError::Nothing { .. })));
    let matrix = ConfusionMatrix::new::<&str>(&[]);
    assert!(matches!(confusion_matrix(&picture.0, &matrix), Err(PlotError::Nothing { .. })));
}

#[test]
fn a_picture_that_cannot_be_written_names_its_file() {
    let series = [Series { name: "training", values: &[1.0] }];
    for path in ["no/such/folder/curves.png", "curves.gif", "curves"] {
        let error = learning_curves(path, &[panel(&series)]).unwrap_err();
        assert!(std::string::ToString::to_string(&error).starts_with(path), "{error}");
    }
}

#[test]
fn matrices_of_one_class_and_of_many_are_drawn() {
    for classes in [1, 3, 26] {
        let picture = Picture::new(&std::format!("matrix-{classes}"));
        let names: std::vec::Vec<_> = (0..classes).map(|class| std::format!("class {class}")).collect();
        let mut matrix = ConfusionMatrix::new(&names);
        matrix.add(0, classes - 1).unwrap();
        confusion_matrix(&picture.0, &matrix).unwrap();
        assert!(picture.size().0 > 200);
    }
    let names = std::vec!["name"; 101];
    let refused = confusion_matrix("matrix.png", &ConfusionMatrix::new(&names));
    assert!(matches!(refused, Err(PlotError::TooMany { found: 101, most: 100, .. })));
}
