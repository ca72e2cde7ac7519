use alloc::vec;
use alloc::vec::Vec;

use super::*;

const GAP: f32 = f32::NAN;

fn one(step: impl Fn(Preprocessing) -> Preprocessing, training: &[f32]) -> Fitted {
    step(Preprocessing::new(1)).fit(training).unwrap()
}

fn near(found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len());
    assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-5), "{found:?}, not {expected:?}");
}

#[test]
fn every_scale_is_measured_on_the_training_data_and_undone() {
    let training = [1.0, 2.0, 3.0, 4.0, 10.0];
    let deviation = 10.0f32.sqrt();
    let cases = [
        (Scale::MinMax, [0.0, 1.0 / 9.0, 19.0 / 9.0]),
        (Scale::Standard, [-3.0 / deviation, -2.0 / deviation, 16.0 / deviation]),
        (Scale::Robust, [-1.0, -0.5, 8.5]),
        (Scale::Logarithm, [2.0f32.ln(), 3.0f32.ln(), 21.0f32.ln()]),
    ];
    for (scale, expected) in cases {
        let fitted = one(|plan| plan.scale(0, scale), &training);
        let found = fitted.transform(&[1.0, 2.0, 20.0]).unwrap();
        near(&found.values, &expected);
        near(&fitted.inverse(&found.values).unwrap(), &[1.0, 2.0, 20.0]);
        assert_eq!(Fitted::from_text(&fitted.to_text()).unwrap(), fitted);
    }
    for scale in [Scale::MinMax, Scale::Standard, Scale::Robust] {
        let constant = one(|plan| plan.scale(0, scale), &[7.0; 3]);
        assert_eq!(constant.transform(&[7.0, 8.0]).unwrap().values, [0.0, 1.0]);
    }
}

#[test]
fn gaps_are_filled_or_dropped() {
    let training = [1.0, GAP, 2.0, 9.0];
    for (fill, expected) in [(Fill::Mean, 4.0), (Fill::Median, 2.0), (Fill::Constant(-1.0), -1.0)] {
        let fitted = one(|plan| plan.fill(0, fill), &training);
        assert_eq!(fitted.transform(&[GAP, 5.0]).unwrap().values, [expected, 5.0]);
    }
    let fitted = Preprocessing::new(2).drop_missing(1).fit(&[1.0, GAP, 2.0, 3.0]).unwrap();
    let found = fitted.transform(&[4.0, 5.0, 6.0, GAP, 7.0, 8.0]).unwrap();
    assert_eq!((found.values, found.rows), (vec![4.0, 5.0, 7.0, 8.0], vec![0, 2]));
    let error = fitted.transform(&[4.0, 5.0, GAP, 6.0]).unwrap_err();
    assert!(matches!(error, PreprocessError::NotFinite { row: 1, column: 0, .. }));
}

#[test]
fn outliers_are_clipped_or_dropped() {
    let mut training: Vec<f32> = (1..=8).map(|value| value as f32).collect();
    training.push(100.0);
    // Quartiles 3 and 7.
    let clipped = one(|plan| plan.outliers(0, Outliers::Iqr(1.5), Then::Clip), &training);
    assert_eq!(clipped.transform(&[-4.0, -2.0, 12.0, 100.0]).unwrap().values, [-3.0, -2.0, 12.0, 13.0]);
    let dropped = one(|plan| plan.outliers(0, Outliers::ZScore(2.0), Then::Drop), &training);
    assert_eq!(dropped.transform(&training).unwrap().rows, [0, 1, 2, 3, 4, 5, 6, 7]);
    // The next step is measured without them.
    let scaled = one(|plan| plan.outliers(0, Outliers::ZScore(2.0), Then::Drop).scale(0, Scale::MinMax), &training);
    assert_eq!(scaled.transform(&[1.0, 8.0]).unwrap().values, [0.0, 1.0]);
}

#[test]
fn kinds_become_columns_and_kinds_again() {
    let fitted =
        Preprocessing::new(2).one_hot(0).scale(1, Scale::MinMax).fit(&[3.0, 0.0, -1.0, 10.0, 3.0, 5.0]).unwrap();
    assert_eq!(fitted.width(), 3);
    let found = fitted.transform(&[3.0, 5.0, 8.0, 0.0]).unwrap();
    assert_eq!(found.values, [0.0, 1.0, 0.5, 0.0, 0.0, 0.0]);
    assert_eq!(fitted.inverse(&[0.2, 0.7, 0.5]).unwrap(), [3.0, 5.0]);
    assert_eq!(Fitted::from_text(&fitted.to_text()).unwrap(), fitted);
}

#[test]
fn what_makes_no_sense_is_named() {
    let plan = || Preprocessing::new(2);
    assert_eq!(plan().fit(&[1.0; 3]), Err(PreprocessError::Rows { found: 3, columns: 2 }));
    assert_eq!(plan().one_hot(2).fit(&[1.0; 2]), Err(PreprocessError::NoColumn { column: 2, columns: 2 }));
    assert_eq!(plan().one_hot(0).fill(0, Fill::Mean).fit(&[1.0; 2]), Err(PreprocessError::AfterOneHot { column: 0 }));
    assert_eq!(plan().scale(1, Scale::Robust).fit(&[1.0, GAP]), Err(PreprocessError::NoValues { column: 1 }));
    assert_eq!(plan().fill(1, Fill::Mean).fit(&[]), Err(PreprocessError::NoValues { column: 1 }));
    assert!(matches!(
        plan().outliers(0, Outliers::Iqr(-1.0), Then::Clip).fit(&[1.0; 2]),
        Err(PreprocessError::Setting(_))
    ));
    let logarithm = plan().scale(1, Scale::Logarithm).fit(&[1.0; 2]).unwrap();
    let error = logarithm.transform(&[1.0, 1.0, 0.0, -1.0]).unwrap_err();
    assert_eq!(error, PreprocessError::Logarithm { row: 1, column: 1, value: -1.0 });
    let infinite = plan().fit(&[1.0; 2]).unwrap().transform(&[1.0, f32::INFINITY]).unwrap_err();
    assert_eq!(infinite, PreprocessError::NotFinite { row: 0, column: 1, value: f32::INFINITY });
    assert!(logarithm.inverse(&[1.0; 3]).is_err());
    assert!(plan().fit(&[]).unwrap().transform(&[]).unwrap().values.is_empty());
}

#[test]
fn a_damaged_text_is_refused_where_it_is_wrong() {
    let text = Preprocessing::new(2).fill(0, Fill::Mean).one_hot(1).fit(&[1.0, 2.0, 3.0, 4.0]).unwrap().to_text();
    for (from, to, line) in
        [("columns: 2", "columns: x", 1), ("fill 2.0", "fill", 2), ("0 fill", "2 fill", 2), ("4.0", "NaN", 3)]
    {
        let damaged = text.replacen(from, to, 1);
        let error = Fitted::from_text(&damaged).unwrap_err();
        assert!(matches!(error, PreprocessError::Format { line: found, .. } if found == line), "{damaged}: {error}");
    }
    // Without the end of its last line it is whole.
    for end in 0..text.len() - 1 {
        assert!(Fitted::from_text(&text[..end]).is_err(), "{}", &text[..end]);
    }
}
