use core::sync::atomic::{AtomicUsize, Ordering};
use std::path::PathBuf;
use std::string::{String, ToString};
use std::vec::Vec;

use super::*;

/// A file that is removed when the test ends.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> Self {
        let file = Self(std::env::temp_dir().join(std::format!("netform-search-{}-{name}", std::process::id())));
        let _ = std::fs::remove_file(&file.0);
        file
    }

    fn text(&self) -> String {
        std::fs::read_to_string(&self.0).unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn space() -> Space {
    Space::new()
        .logarithmic("rate", 1e-4..=1e-1)
        .real("dropout", 0.0..=0.5)
        .integer("batch", 1..=64)
        .choice("rule", &["plain", "fast"])
}

/// A loss that falls with epochs, to a limit that depends on the settings.
fn loss(trial: &Trial<'_>, offset: f64) -> TrialResult {
    let distance = (trial.real("rate")?.log10() + 2.0).abs() + trial.real("dropout")? + offset;
    let rule = if trial.choice("rule")? == "fast" { 0.5 } else { 1.0 };
    Ok(distance + rule / trial.epochs() as f64 + trial.integer("batch")? as f64 / 1e3)
}

/// All but the time.
fn untimed(found: &Found) -> Vec<Attempt> {
    found.attempts.iter().map(|attempt| Attempt { seconds: 0.0, ..attempt.clone() }).collect()
}

#[test]
fn halving_keeps_the_best_for_longer() {
    let (near, far) = (variant("near", |trial| loss(trial, 0.0)), variant("far", |trial| loss(trial, 1.0)));
    let search = Search::new(space()).trials(27).epochs(12).halving(2, 3).seed(5);
    assert_eq!(search.rounds(), [(27, 2), (9, 6), (3, 12)]);
    let found = search.run(&[&near, &far]).unwrap();
    assert_eq!(found.attempts.len(), 27 + 9 + 3);
    let best = found.best().unwrap();
    assert_eq!((best.epochs, &*best.variant), (12, "near"));
    let first: Vec<&Attempt> = found.attempts.iter().filter(|attempt| attempt.epochs == 2).collect();
    let worst_kept = found.attempts.iter().filter(|attempt| attempt.epochs == 6).map(|kept| first[kept.number].score);
    let given_up = first
        .iter()
        .filter(|attempt| found.attempts.iter().all(|kept| kept.epochs != 6 || kept.number != attempt.number));
    let worst_kept = worst_kept.flatten().fold(f64::MIN, f64::max);
    assert!(given_up.filter_map(|attempt| attempt.score).all(|score| score >= worst_kept));
    let text = found.to_string();
    assert!(text.lines().nth(1).unwrap().trim_start().starts_with(&std::format!("{}      12", best.number)), "{text}");
    assert_eq!(text.lines().count(), 28);
}

#[test]
fn what_is_found_does_not_depend_on_threads() {
    let near = variant("near", |trial| loss(trial, trial.seed() as f64 / u64::MAX as f64));
    let search = Search::new(space()).trials(20).epochs(4).halving(1, 2).seed(9);
    let expected = untimed(&search.clone().threads(1).run(&[&near]).unwrap());
    for threads in [2, 3] {
        assert_eq!(untimed(&search.clone().threads(threads).run(&[&near]).unwrap()), expected);
    }
    assert_ne!(untimed(&search.seed(10).run(&[&near]).unwrap()), expected);
}

#[test]
fn a_search_goes_on_where_it_was_killed() {
    let file = File::new("resume");
    let calls = AtomicUsize::new(0);
    let near = variant("near", |trial| {
        calls.fetch_add(1, Ordering::Relaxed);
        loss(trial, 0.0)
    });
    let search = Search::new(space()).trials(8).epochs(4).halving(2, 2).threads(1);
    let expected = untimed(&search.run(&[&near]).unwrap());
    assert_eq!(calls.swap(0, Ordering::Relaxed), 12);
    let search = search.state(&file.0);
    assert_eq!(untimed(&search.run(&[&near]).unwrap()), expected);
    assert_eq!(calls.swap(0, Ordering::Relaxed), 12);
    let whole = file.text();
    // A crash leaves the file as it was after any trial.
    for kept in [12, 11, 5, 0] {
        let head = whole.lines().count() - 12;
        let lines: Vec<&str> = whole.lines().take(head + kept).collect();
        std::fs::write(&file.0, lines.join("\n") + "\n").unwrap();
        assert_eq!(untimed(&search.run(&[&near]).unwrap()), expected);
        assert_eq!(calls.swap(0, Ordering::Relaxed), 12 - kept);
    }
    let more = search.clone().trials(16).run(&[&near]).unwrap();
    assert_eq!(untimed(&more)[..8], expected[..8]);
}

#[test]
fn a_file_of_another_search_or_a_damaged_one_is_refused() {
    let file = File::new("refused");
    let near = variant("near", |trial| loss(trial, 0.0));
    let search = Search::new(space()).trials(3).epochs(1).state(&file.0);
    search.run(&[&near]).unwrap();
    let whole = file.text();
    for other in [search.clone().seed(1), search.clone().higher_is_better(), Search::new(Space::new()).state(&file.0)] {
        assert!(matches!(other.run(&[&near]), Err(SearchError::Other { .. })));
    }
    let wide = variant("wide", |trial| loss(trial, 0.0));
    let error = search.run(&[&wide]).unwrap_err().to_string();
    assert!(error.contains("expected `variants wide`, found `variants near`"), "{error}");
    for end in 0..whole.len() {
        if whole.is_char_boundary(end) {
            std::fs::write(&file.0, &whole[..end]).unwrap();
            // A file that ends with a whole line is that of an earlier moment.
            let whole_line = whole[..end].ends_with('\n') && end > whole.find("\n\n").unwrap();
            assert_eq!(search.run(&[&near]).is_ok(), whole_line, "{end}");
        }
    }
    std::fs::write(&file.0, whole.replace("score", "scare")).unwrap();
    let error = search.run(&[&near]).unwrap_err();
    assert!(matches!(&error, SearchError::Damaged { line: 10, .. }), "{error}");
    let nowhere = search.state("/no/such/folder/state.txt").run(&[&near]);
    assert!(matches!(nowhere, Err(SearchError::File { .. })));
}

#[test]
fn trials_that_fail_are_last_and_the_search_goes_on() {
    let failing = variant("failing", |trial| match trial.number() % 3 {
        0 => Ok(f64::NAN),
        1 => Err("it has\ndiverged".into()),
        _ => loss(trial, 0.0),
    });
    let file = File::new("failing");
    let search = Search::new(space()).trials(9).epochs(4).halving(2, 2).higher_is_better().state(&file.0);
    let found = search.run(&[&failing]).unwrap();
    assert_eq!(found.attempts.iter().filter(|attempt| attempt.epochs == 4).count(), 3);
    assert_eq!(found.ranked().iter().filter(|attempt| attempt.score.is_none()).count(), 6);
    assert_eq!(found.to_string().matches("failed").count(), 6);
    assert_eq!(untimed(&search.run(&[&failing]).unwrap()).len(), 12);
    let all = variant("all", |_| Err("nothing works".into()));
    let error = Search::new(space()).trials(2).run(&[&all]).unwrap_err();
    assert_eq!(error.to_string(), "all 2 trials failed, the first because: nothing works");
    let asks = variant("asks", |trial| Ok(trial.real("size")?));
    let error = Search::new(space()).trials(1).run(&[&asks]).unwrap_err();
    assert!(error.to_string().ends_with("the space has no real number `size`"), "{error}");
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    let near = variant("near", |trial| loss(trial, 0.0));
    let refused = |search: Search| search.run(&[&near]).unwrap_err().to_string();
    let with = |space: Space| Search::new(space);
    for (search, expected) in [
        (with(space()).trials(0), "`trials` is out of range"),
        (with(space()).epochs(0), "`epochs` is out of range"),
        (with(space()).halving(1, 1), "`halving's factor` is out of range"),
        (with(space()).threads(0), "`threads` is out of range"),
        (with(Space::new().real("x", 1.0..=0.0)), "`x` has nothing to choose from: real 1.0..=0.0"),
        (with(Space::new().real("x", 0.0..=f64::NAN)), "`x` has nothing"),
        (with(Space::new().logarithmic("x", 0.0..=1.0)), "`the least of a logarithmic range` is out of range"),
        (with(Space::new().choice::<&str>("x", &[])), "`x` has nothing to choose from"),
        (with(Space::new().real("x", 0.0..=1.0).integer("x", 0..=1)), "the name `x`"),
        (with(Space::new().real("x\ny", 0.0..=1.0)), "the name `x\ny`"),
    ] {
        let error = refused(search);
        assert!(error.contains(expected), "{error}");
    }
    assert!(matches!(Search::new(space()).run(&[]), Err(SearchError::NoVariants)));
    assert!(matches!(Search::new(space()).run(&[&near, &near]), Err(SearchError::Name { .. })));
}

#[test]
fn points_fill_their_ranges() {
    let space = space().integer("bit", 0..=1).real("one", 3.0..=3.0);
    let points: Vec<Point> = (0..400).map(|seed| space.draw(&mut Random::new(seed))).collect();
    let share = |fits: &dyn Fn(&Point) -> bool| points.iter().filter(|point| fits(point)).count();
    // Half of each range, within four deviations of what is probable.
    for count in [
        share(&|point| point.real("rate").unwrap() < 10f64.powf(-2.5)),
        share(&|point| point.real("dropout").unwrap() < 0.25),
        share(&|point| point.integer("batch").unwrap() <= 32),
        share(&|point| point.choice("rule").unwrap() == "fast"),
        share(&|point| point.integer("bit").unwrap() == 1),
    ] {
        assert!((160..=240).contains(&count), "{count}");
    }
    assert!(
        points
            .iter()
            .all(|point| point.real("one").unwrap() == 3.0 && (1..=64).contains(&point.integer("batch").unwrap()))
    );
    assert_eq!(points[0].values().len(), 6);
}
