use super::*;
use crate::kernels::testing::{Numbers, assert_close, both_scalars};
use crate::random::Random;
use std::vec;
use std::vec::Vec;

fn values(count: usize, offset: f64) -> Vec<f64> {
    let mut random = Random::new(count as u64);
    (0..count).map(|_| offset + random.normal()).collect()
}

fn naive(channels: usize, values: &[f64]) -> Vec<f64> {
    let rows = values.len() / channels;
    let column = |channel: usize| values.iter().skip(channel).step_by(channels);
    let mean: Vec<f64> = (0..channels).map(|channel| column(channel).sum::<f64>() / rows as f64).collect();
    let m2 = (0..channels).map(|channel| column(channel).map(|value| (value - mean[channel]).powi(2)).sum());
    let m2: Vec<f64> = m2.collect();
    [vec![rows as f64], mean, m2].concat()
}

fn moments(channels: usize, values: &[f64]) -> Vec<f64> {
    let mut found = vec![f64::NAN; 1 + 2 * channels];
    found[0] = (values.len() / channels) as f64;
    let (mean, m2) = found[1..].split_at_mut(channels);
    column_moments(channels, values, mean, m2);
    found
}

fn assert_near(left: &[f64], right: &[f64], tolerance: f64) {
    assert_eq!(left.len(), right.len());
    for (left, right) in left.iter().zip(right) {
        assert!((left - right).abs() <= tolerance * right.abs().max(1.0), "{left} is not {right}");
    }
}

#[test]
fn moments_match_the_formula_for_any_channel_count() {
    for (channels, rows) in [(1, 1), (1, 500), (3, 7), (5, 1000), (63, 3), (64, 130), (65, 2), (200, 9)] {
        let values = values(channels * rows, 0.5);
        assert_near(&moments(channels, &values), &naive(channels, &values), 1e-12);
    }
}

#[test]
fn merged_parts_have_the_moments_of_the_whole() {
    for channels in [1, 3, 70] {
        let values = values(channels * 30, 1e4);
        let whole = naive(channels, &values);
        for cut in [0, 1, 17, 29, 30] {
            let (front, back) = values.split_at(cut * channels);
            let mut merged = moments(channels, front);
            merge_moments(channels, &mut merged, &moments(channels, back));
            assert_near(&merged, &whole, 1e-10);
        }
    }
}

#[test]
fn a_large_mean_does_not_eat_the_variance() {
    let values: Vec<f32> = (0..10_000).map(|index| 4096.0 + if index % 2 == 0 { 0.25 } else { -0.25 }).collect();
    let (mut mean, mut m2) = ([0.0], [0.0]);
    column_moments(1, &values, &mut mean, &mut m2);
    assert!((mean[0] - 4096.0).abs() < 1e-2);
    assert!((m2[0] / 10_000.0 - 0.0625).abs() < 1e-3, "{}", m2[0]);
}

#[test]
fn no_rows_merge_to_nothing() {
    let mut left = moments(2, &[]);
    merge_moments(2, &mut left, &moments(2, &[]));
    assert_eq!(left, [0.0; 5]);
}

/// One channel's share of everything, by the formulas.
struct Naive {
    mean: f64,
    variance: f64,
    /// `Σ d` and `Σ d · x̂`.
    sums: [f64; 2],
}

impl Naive {
    const EPSILON: f64 = 0.125;

    fn of(input: &[f64], d_output: &[f64]) -> Self {
        let count = input.len() as f64;
        let mean = input.iter().sum::<f64>() / count;
        let variance = input.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count;
        let mut found = Self { mean, variance, sums: [0.0; 2] };
        let products = input.iter().zip(d_output).map(|(x, d)| d * found.normal(*x)).sum();
        found.sums = [d_output.iter().sum(), products];
        found
    }

    fn normal(&self, x: f64) -> f64 {
        (x - self.mean) / (self.variance + Self::EPSILON).sqrt()
    }
}

/// Every kernel against the formulas, channel by channel, for random shapes.
fn random_shapes_match_the_formulas<T: Scalar>() {
    let mut numbers = Numbers::new(17);
    for _ in 0..60 {
        let (channels, rows) = (numbers.size(1, 150), numbers.size(1, 40));
        let [input, d_output]: [Vec<T>; 2] = core::array::from_fn(|_| numbers.uniform(channels * rows));
        let [scale, shift]: [Vec<T>; 2] = core::array::from_fn(|_| numbers.uniform(channels));
        let column = |values: &[T], channel: usize| -> Vec<f64> {
            values.iter().skip(channel).step_by(channels).map(|value| value.wide()).collect()
        };
        let naive: Vec<Naive> =
            (0..channels).map(|channel| Naive::of(&column(&input, channel), &column(&d_output, channel))).collect();
        let rows = rows as f64;
        let each = |formula: &dyn Fn(&Naive, usize, f64, f64) -> f64| -> Vec<T> {
            let cells = input.iter().zip(&d_output).enumerate();
            cells
                .map(|(index, (x, d))| T::of(formula(&naive[index % channels], index % channels, x.wide(), d.wide())))
                .collect()
        };
        let tolerance = 200.0 * T::epsilon().wide();

        let [mut mean, mut m2] = [vec![T::nan(); channels], vec![T::nan(); channels]];
        column_moments(channels, &input, &mut mean, &mut m2);
        let moments = Moments { count: T::of(rows), mean: &mean, m2: &m2 };
        let expected: Vec<T> = naive.iter().map(|naive| T::of(naive.mean)).collect();
        assert_close(&mean, &expected, tolerance, "mean");

        let epsilon = T::of(Naive::EPSILON);
        let mut output = vec![T::nan(); input.len()];
        batch_norm_forward(moments, epsilon, &scale, &shift, &input, &mut output);
        let expected = each(&|naive, channel, x, _| naive.normal(x) * scale[channel].wide() + shift[channel].wide());
        assert_close(&output, &expected, tolerance, "forward");

        let [mut d_shift, mut d_scale] = [vec![T::one(); channels], vec![T::one(); channels]];
        batch_norm_sums(moments, epsilon, &input, &d_output, &mut d_shift, &mut d_scale);
        for (found, which) in [(&mut d_shift, 0), (&mut d_scale, 1)] {
            found.iter_mut().for_each(|sum| *sum -= T::one());
            let expected: Vec<T> = naive.iter().map(|naive| T::of(naive.sums[which])).collect();
            assert_close(found, &expected, tolerance, "sums");
        }

        let mut d_input = vec![T::nan(); input.len()];
        batch_norm_backward(moments, epsilon, &scale, Some((&d_shift, &d_scale)), &input, &d_output, &mut d_input);
        let expected = each(&|naive, channel, x, d| {
            let factor = scale[channel].wide() / (naive.variance + Naive::EPSILON).sqrt();
            factor * (d - naive.sums[0] / rows - naive.normal(x) * naive.sums[1] / rows)
        });
        assert_close(&d_input, &expected, tolerance, "backward");
        batch_norm_backward(moments, epsilon, &scale, None, &input, &d_output, &mut d_input);
        let expected =
            each(&|naive, channel, _, d| d * scale[channel].wide() / (naive.variance + Naive::EPSILON).sqrt());
        assert_close(&d_input, &expected, tolerance, "backward with constant moments");
    }
}

both_scalars! { random_shapes_match_the_formulas }
