//! Every picture in both formats. `NETFORM_PICTURES=folder cargo test … plot` leaves them there, to be looked at.

use std::path::PathBuf;
use std::string::{String, ToString};
use std::vec::Vec;

use super::*;
use crate::data::{Classes, DataError, Dataset};
use crate::io::testing::tiny;
use crate::io::{ConfusionMatrix, Ranking};
use crate::random::Random;
use crate::shapes::Features;

/// Draws into files of both formats, which are removed again, and returns the size in dots of the one and the text of the
/// other.
fn drawn(name: &str, draw: impl Fn(PathBuf) -> Result<(), PlotError>) -> ((u32, u32), String) {
    let kept = std::env::var("NETFORM_PICTURES").ok();
    let folder = kept.as_ref().map_or_else(std::env::temp_dir, PathBuf::from);
    let name = if kept.is_some() { name.into() } else { std::format!("netform-{}-{name}", std::process::id()) };
    let [png, svg] = ["png", "svg"].map(|kind| folder.join(std::format!("{name}.{kind}")));
    draw(png.clone()).unwrap();
    draw(svg.clone()).unwrap();
    let (content, text) = (std::fs::read(&png).unwrap(), std::fs::read_to_string(&svg).unwrap());
    if kept.is_none() {
        [png, svg].iter().for_each(|path| std::fs::remove_file(path).unwrap());
    }
    // Width and height are the first fields behind the signature and the head of the first chunk.
    assert!(content.starts_with(b"\x89PNG\r\n\x1a\n"));
    let number = |start: usize| u32::from_be_bytes(content[start..start + 4].try_into().unwrap());
    let size = (number(16), number(20));
    let expected = std::format!("width=\"{}\" height=\"{}\"", size.0 / 2, size.1 / 2);
    assert!(text.starts_with("<svg ") && text.ends_with("</svg>\n") && text.contains(&expected), "{text}");
    assert_eq!(text.matches("<text").count(), text.matches("</text>").count());
    (size, text)
}

fn panel<'p>(series: &'p [Series<'p>]) -> Panel<'p> {
    Panel { title: "Loss", unit: Unit::Number, series }
}

#[test]
fn curves_with_gaps_of_any_length_and_number_are_drawn() {
    let series = [
        Series { name: "training", values: &[1.0, f64::NAN, 0.5, f64::INFINITY, f64::MAX] },
        Series { name: "validation", values: &[2.0] },
        Series { name: "nothing", values: &[] },
    ];
    let none = [];
    let panels = [panel(&series), panel(&none), panel(&series[1..2])];
    let (size, text) = drawn("curves", |path| learning_curves(path, &panels));
    assert_eq!(size, (2880, 680));
    // Two single points and the one curve's last value: no line has less than two ends.
    assert_eq!(text.matches("<circle").count(), 4);
    let long: Vec<f64> = (1..=200).map(|epoch| 2.0 / f64::from(epoch).sqrt()).collect();
    let names = ["a", "b", "c"].map(|name| Series { name, values: &long });
    drawn("curves-long", |path| learning_curves(path, &[panel(&names[..1])]));
}

#[test]
fn nothing_is_not_drawn() {
    let series = [Series { name: "training", values: &[f64::NAN] }];
    let nothing = |result: Result<(), PlotError>| matches!(result, Err(PlotError::Nothing { .. }));
    assert!(nothing(learning_curves("a.png", &[panel(&series)])));
    assert!(nothing(learning_curves("a.png", &[])));
    assert!(nothing(confusion_matrix("a.png", &ConfusionMatrix::new::<&str>(&[]))));
    assert!(nothing(roc_curves("a.png", &[])));
    assert!(nothing(weights::<f32>("a.png", &[], [0, 3, 1, 2])));
    let none = Traces { title: "", axes: ["", ""], points: &[], curves: &[] };
    assert!(nothing(overlay("a.png", &none)));
    let data = images(0);
    assert!(nothing(predictions("a.png", &tiny::<f32>(), &data, &["a", "b"], [3, 1, 1], 3)));
    assert!(nothing(misclassified("a.png", &tiny::<f32>(), &data, &["a", "b"], [3, 1, 1], 3)));
}

#[test]
fn a_picture_that_cannot_be_written_names_its_file() {
    let series = [Series { name: "training", values: &[1.0] }];
    for path in ["no/such/folder/curves.png", "no/such/folder/curves.svg", "curves.gif", "curves"] {
        let error = learning_curves(path, &[panel(&series)]).unwrap_err();
        assert!(error.to_string().starts_with(path), "{error}");
    }
}

#[test]
fn matrices_of_one_class_and_of_many_are_drawn() {
    for classes in [1, 3, 10, 26] {
        let names: Vec<_> = (0..classes).map(|class| std::format!("class <{class}>")).collect();
        let mut matrix = ConfusionMatrix::new(&names);
        (0..classes).for_each(|class| matrix.add(class, class * class % classes).unwrap());
        matrix.add(0, classes - 1).unwrap();
        let (size, text) = drawn(&std::format!("matrix-{classes}"), |path| confusion_matrix(path, &matrix));
        assert!(size.0 > 200 && text.contains("class &lt;0&gt;"));
    }
    let names = std::vec!["name"; 101];
    let refused = confusion_matrix("matrix.png", &ConfusionMatrix::new(&names));
    assert!(matches!(refused, Err(PlotError::TooMany { found: 101, most: 100, .. })));
}

/// Rankings whose scores are right more or less often.
fn rankings(classes: usize) -> Vec<Ranking> {
    let mut random = Random::new(3);
    let mut ranked = |class: usize| {
        let truths: Vec<bool> = (0..60).map(|_| random.uniform() < 0.3).collect();
        let shift = 0.5 + 3.0 * class as f64 / classes as f64;
        let scores: Vec<f64> =
            truths.iter().map(|&truth| random.normal() + f64::from(u8::from(truth)) * shift).collect();
        Ranking::new(std::format!("class {class}"), &scores, &truths).unwrap()
    };
    (0..classes).map(&mut ranked).collect()
}

#[test]
fn rankings_of_any_number_are_drawn() {
    let found = rankings(1);
    let (_, text) = drawn("roc", |path| roc_curves(path, &found));
    assert!(text.contains(">class 0  0.") && !text.contains("in the mean"));
    drawn("precision-recall", |path| precision_recall_curves(path, &found));
    // As SVG alone: many thick lines take a debug build long.
    let path = std::env::temp_dir().join(std::format!("netform-{}-many.svg", std::process::id()));
    let found = rankings(12);
    for is_roc in [true, false] {
        let drawn = if is_roc { roc_curves(&path, &found) } else { precision_recall_curves(&path, &found) };
        drawn.unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("2 others") && text.contains("in the mean"));
    }
    std::fs::remove_file(path).unwrap();
    let many = std::vec![rankings(1)[0].clone(); 1001];
    assert!(matches!(roc_curves("a.png", &many), Err(PlotError::TooMany { found: 1001, .. })));
}

#[test]
fn curves_lie_over_data() {
    let mut random = Random::new(1);
    let data: Vec<(f64, f64)> = (0..120)
        .map(|index| f64::from(index) / 20.0 - 3.0)
        .map(|x| (x, (2.0 * x).sin() + 0.2 * random.normal()))
        .collect();
    // In no order.
    let curve: Vec<(f64, f64)> = data.iter().rev().map(|&(x, _)| (x, (2.0 * x).sin())).collect();
    let traces = Traces {
        title: "A sine",
        axes: ["angle", "height"],
        points: &[Trace { name: "data", values: &data }, Trace { name: "test data", values: &[(0.5, -2.0)] }],
        curves: &[Trace { name: "prediction", values: &curve }, Trace { name: "a point", values: &[(0.0, 0.0)] }],
    };
    let (_, text) = drawn("overlay", |path| overlay(path, &traces));
    assert!(text.matches("<circle").count() >= 121 && text.contains(">prediction<"));
    let wrong = [Trace { name: "data", values: &[(0.0, 0.0), (1.0, f64::NAN)] }];
    let error = overlay("a.png", &Traces { points: &wrong, ..traces }).unwrap_err();
    assert_eq!(error.to_string(), "number 1 of `data` is not finite, or beyond 1e100");
}

/// So many images of 1 × 3 dots, of two classes.
fn images(count: usize) -> Dataset<Features<3>, Classes<2>> {
    let values: Vec<f32> = (0..3 * count).map(|index| (index * index % 11) as f32 / 5.0 - 1.0).collect();
    let labels: Vec<u32> = (0..count as u32).map(|index| index % 2).collect();
    Dataset::from_values(values, labels).unwrap()
}

#[test]
fn samples_are_shown_with_what_they_are_taken_for() {
    let names = ["a rather long name of a class", "b"];
    let network = tiny::<f32>();
    let (_, text) = drawn("predictions", |path| predictions(path, &network, &images(7), &names, [1, 3, 1], 100));
    assert_eq!(text.matches("<image").count(), 7);
    let (_, text) = drawn("misclassified", |path| misclassified(path, &network, &images(7), &names, [1, 1, 3], 2));
    assert_eq!(text.matches("<image").count(), 2);
    let error = predictions("a.png", &network, &images(4), &names, [1, 3, 2], 3).unwrap_err();
    assert!(error.to_string().starts_with("3 numbers do not have the axes [1, 3, 2]: expected height"), "{error}");
    let many = predictions("a.png", &network, &images(401), &names, [1, 3, 1], 401);
    assert!(matches!(many, Err(PlotError::TooMany { found: 401, .. })));
}

#[test]
fn a_sample_that_cannot_be_read_is_an_error_that_names_it() {
    let read = |index: u32, values: &mut [f32]| {
        values.fill(1.0);
        if index == 5 { Err(DataError::unreadable(index, "gone")) } else { Ok(()) }
    };
    let data: Dataset<Features<3>, Classes<2>> = Dataset::streamed_values(read, std::vec![1; 7]).unwrap();
    let (network, names) = (tiny::<f32>(), ["a", "b"]);
    let error = predictions("a.png", &network, &data, &names, [1, 3, 1], 7).unwrap_err();
    assert_eq!(error.to_string(), "cannot read sample 5: gone");
    let error = Ranking::measure(&network, &data, &names).unwrap_err();
    assert_eq!(error.to_string(), "cannot read sample 5: gone");
}

#[test]
fn filters_are_shown_channel_by_channel() {
    let mut random = Random::new(2);
    let values: Vec<f32> = (0..5 * 5 * 3 * 16).map(|_| random.normal() as f32).collect();
    let (_, text) = drawn("filters", |path| weights(path, &values, [5, 5, 3, 16]));
    assert_eq!(text.matches("<image").count(), 48);
    let (_, text) = drawn("filters-one", |path| weights(path, &values[..4 * 3 * 7], [4, 3, 1, 7]));
    assert_eq!(text.matches("<image").count(), 7);
    drawn("filters-zero", |path| weights(path, &[0.0f64; 1], [1, 1, 1, 1]));
    let error = weights("a.png", &values, [5, 5, 3, 17]).unwrap_err();
    assert!(error.to_string().starts_with("1200 numbers do not have the axes [5, 5, 3, 17]"), "{error}");
    assert!(matches!(weights("a.png", &[f32::NAN], [1; 4]), Err(PlotError::NotFinite { index: 0, .. })));
    assert!(matches!(weights("a.png", &values[..1025], [1, 1, 1, 1025]), Err(PlotError::TooMany { .. })));
    let overflow = weights("a.png", &values, [usize::MAX, 2, 1, 1]);
    assert!(matches!(overflow, Err(PlotError::Axes { .. })));
}

#[test]
fn a_search_is_drawn_by_its_settings() {
    use crate::train::search::{Search, Space, variant};
    let names = ["adam", "sgd", "rmsprop", "lion"];
    let space = Space::new().logarithmic("learning rate", 1e-4..=1e-1).real("dropout", 0.0..=0.6);
    let space = space.integer("batch size", 16..=128).choice("optimiser", &names);
    let run = |offset: f64| {
        move |trial: &crate::train::search::Trial<'_>| {
            let rate = (trial.real("learning rate")?.log10() + 2.5).abs();
            let chance = trial.seed() as f64 / u64::MAX as f64;
            if chance < 0.1 {
                Err("failed".into())
            } else {
                Ok(rate + offset + 0.3 * chance + 1.0 / trial.epochs() as f64)
            }
        }
    };
    let (small, large) = (variant("small", run(0.2)), variant("large", run(0.0)));
    let found = Search::new(space).trials(30).epochs(9).halving(1, 3).seed(2).run(&[&small, &large]).unwrap();
    let (size, text) = drawn("search", |path| search(path, &found));
    assert_eq!(size.0, 3 * 2 * 330);
    let scored = found.attempts.iter().filter(|attempt| attempt.score.is_some()).count();
    assert_eq!(text.matches("<circle").count(), 5 * scored + 2);
    let alone = Search::new(Space::new()).trials(1).epochs(1).run(&[&variant("a", |_| Ok(0.5))]).unwrap();
    drawn("search-alone", |path| search(path, &alone));
    let infinite = Search::new(Space::new()).trials(1).run(&[&variant("a", |_| Ok(f64::INFINITY))]).unwrap();
    assert!(matches!(search("a.png", &infinite), Err(PlotError::Nothing { .. })));
}

#[test]
fn long_names_are_shortened() {
    assert_eq!(shortened("a name of more than twenty-four letters").chars().count(), 24);
}
