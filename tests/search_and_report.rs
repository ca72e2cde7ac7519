//! A search over networks that really train, and the page that a callback writes.

use std::fs;

use netform::io::plot;
use netform::io::report::WriteReport;
use netform::prelude::*;
use netform::train::search::{Attempt, Found, Search, Space, Trial, TrialResult, Variant, variant};

network! {
    struct Narrow(x: [2]) -> [2] { x -> Dense(3) -> Tanh -> Dropout(0.1) -> Dense(2) }
}

network! {
    struct Wide(x: [2]) -> [2] { x -> Dense(16) -> Tanh -> Dense(2) }
}

type Data = Dataset<Features<2>, Classes<2>>;

fn data() -> [Data; 2] {
    let mut random = Random::new(1);
    let points: Vec<f32> = (0..2 * 180).map(|_| random.normal() as f32).collect();
    let labels: Vec<u32> = points.chunks(2).map(|x| u32::from(x[0] * x[1] > 0.0)).collect();
    let all = Data::from_values(points, labels).expect("fits");
    all.split_into([0.75, 0.25], 1).expect("shares of one")
}

fn fit<N>(mut network: AlignedBox<N>, trial: &Trial<'_>, [training, validation]: &[Data; 2]) -> TrialResult
where
    N: Network<f32, Input = Features<2>, Output = Features<2>, Kind = Scores>,
{
    let trainer = Trainer::new(CrossEntropy::new(), Sgd::new(trial.real("rate")?))
        .epochs(trial.epochs())
        .batch_size(trial.integer("batch")?)
        .seed(trial.seed())
        .silent();
    trainer.fit(&mut network, training)?;
    Ok(trainer.evaluate(&network, validation)?.loss)
}

/// All but the time.
fn untimed(found: &Found) -> Vec<Attempt> {
    found.attempts.iter().map(|attempt| Attempt { seconds: 0.0, ..attempt.clone() }).collect()
}

#[test]
fn networks_are_searched_with_one_result_for_any_number_of_threads() {
    let data = data();
    let narrow = variant("narrow", |trial| fit(Narrow::new(trial.seed()), trial, &data));
    let wide = variant("wide", |trial| fit(Wide::new(trial.seed()), trial, &data));
    let variants: [&dyn Variant; 2] = [&narrow, &wide];
    let space = Space::new().logarithmic("rate", 1e-3..=1.0).integer("batch", 4..=32);
    let search = Search::new(space).trials(9).epochs(6).halving(1, 3).seed(4);
    let one = search.clone().threads(1).run(&variants).unwrap();
    let two = search.clone().threads(2).run(&variants).unwrap();
    assert_eq!(untimed(&one), untimed(&two));
    assert_eq!(one.attempts.len(), 9 + 3 + 1);
    let best = one.best().unwrap();
    // Guessing has a loss of ln 2.
    assert!(best.epochs == 6 && best.score.unwrap() < 0.69, "{one}");
    let path = std::env::temp_dir().join(format!("netform-search-{}.svg", std::process::id()));
    plot::search(&path, &one).unwrap();
    assert!(fs::read_to_string(&path).unwrap().contains(">wide<"));
    fs::remove_file(path).unwrap();
}

#[test]
fn a_callback_writes_a_page_after_every_epoch() {
    let [training, validation] = data();
    let path = std::env::temp_dir().join(format!("netform-report-{}.html", std::process::id()));
    let mut report = WriteReport::new(&path).title("A & B").setting("rate", 0.1);
    let trainer = Trainer::new(CrossEntropy::new(), Sgd::new(0.1)).metric(Accuracy).validation(&validation).silent();
    let history = trainer.epochs(3).fit_with(&mut Wide::new(1), &training, &mut [&mut report]).unwrap();
    let page = fs::read_to_string(&path).unwrap();
    fs::remove_file(path).unwrap();
    for part in ["<title>A &amp; B</title>", ">rate</td>", "<svg", "validation accuracy"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(page.contains(&format!("{:.4}", history.epochs[2].training.loss)));
    let mut nowhere = WriteReport::new("/no/such/folder/page.html");
    let error = Trainer::new(CrossEntropy::new(), Sgd::new(0.1))
        .silent()
        .fit_with(&mut Wide::new(1), &training, &mut [&mut nowhere])
        .unwrap_err();
    assert!(error.to_string().starts_with("`WriteReport`: /no/such/folder/page.html"), "{error}");
}
