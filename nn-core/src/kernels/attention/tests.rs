use super::*;
use crate::kernels::testing::{Numbers, assert_close, both_scalars};
use crate::spec::{Attention, CrossAttention, Shape};
use std::vec;
use std::vec::Vec;

/// The sizes of some call, as odd as it may be.
fn geometry(numbers: &mut Numbers) -> AttentionGeometry {
    let (key_heads, group, head_width) = (numbers.size(1, 3), numbers.size(1, 3), numbers.size(1, 19));
    let heads = key_heads * group;
    let time = numbers.size(1, 300);
    let input = Shape::new(&[time, heads * head_width]);
    if numbers.size(0, 3) == 0 && time > 1 {
        let queries = numbers.size(1, time - 1);
        let key_heads = Some(key_heads);
        return CrossAttention { heads, queries, key_heads, bias: true, masked: false, dropout: 0.0 }.geometry(input);
    }
    let window = (numbers.size(0, 1) == 0).then(|| numbers.size(1, time));
    Attention {
        heads,
        key_heads: Some(key_heads),
        causal: numbers.size(0, 1) == 0,
        window,
        rotary: false,
        base: 1.0,
        bias: true,
        masked: false,
        dropout: 0.0,
    }
    .geometry(input)
}

/// The weights of one query and head by their definition, and the context they give.
fn naive<T: Scalar>(
    geometry: &AttentionGeometry,
    [query, key, value]: [&[T]; 3],
    bias: &[T],
    [row, head]: [usize; 2],
) -> (Vec<f64>, Vec<f64>) {
    let AttentionGeometry { keys, heads, key_heads, head_width, width, .. } = *geometry;
    let query = &query[row * width + head * head_width..][..head_width];
    let place = head / (heads / key_heads) * head_width;
    let of = |all: &[T], step: usize| -> Vec<f64> {
        all[step * geometry.key_width() + place..][..head_width].iter().map(|x| x.wide()).collect()
    };
    let [start, end] = geometry.seen(row);
    let mut weights: Vec<f64> = (0..keys)
        .map(|step| {
            let score: f64 = query.iter().zip(of(key, step)).map(|(query, key)| query.wide() * key).sum();
            let is_seen = (start..end).contains(&step) && bias.get(step).is_none_or(|bias| bias.is_finite());
            if is_seen { (score / (head_width as f64).sqrt()).exp() } else { 0.0 }
        })
        .collect();
    let total: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|weight| *weight = if total > 0.0 { *weight / total } else { 0.0 });
    let mut context = vec![0.0; head_width];
    for (step, weight) in weights.iter().enumerate() {
        context.iter_mut().zip(of(value, step)).for_each(|(sum, value)| *sum += weight * value);
    }
    (weights, context)
}

fn equals_its_definition<T: Scalar>() {
    let mut numbers = Numbers::new(12);
    for case in 0..40 {
        let geometry = geometry(&mut numbers);
        let AttentionGeometry { queries, keys, heads, head_width, width, .. } = geometry;
        let mut query: Vec<T> = numbers.uniform(queries * width);
        let [mut key, mut value]: [Vec<T>; 2] = [0, 1].map(|_| numbers.uniform(keys * geometry.key_width()));
        query.iter_mut().for_each(|x| *x *= T::of(4.0));
        let masked = |_| if numbers.size(0, 2) == 0 { T::neg_infinity() } else { T::zero() };
        let bias: Vec<T> = if case % 3 == 0 { (0..keys).map(masked).collect() } else { Vec::new() };
        let (mut context, mut log_sums) = (vec![T::nan(); queries * width], vec![T::nan(); queries * heads]);
        let mut scratch = vec![T::nan(); attention_scratch(&geometry)];
        let before = [query.clone(), key.clone(), value.clone()];
        let all = Heads {
            query: &mut query,
            key: &mut key,
            value: &mut value,
            context: &mut context,
            log_sums: &mut log_sums,
        };
        attention_forward(&geometry, all, &bias, None, &mut scratch[..attention_forward_scratch(&geometry)]);
        let [query, key, value] = &before;
        for row in 0..queries {
            for head in 0..heads {
                let (_, expected) = naive(&geometry, [query, key, value], &bias, [row, head]);
                let expected: Vec<T> = expected.into_iter().map(T::of).collect();
                let found = &context[row * width + head * head_width..][..head_width];
                assert_close(found, &expected, 300.0 * T::epsilon().wide(), &std::format!("{geometry:?}"));
            }
        }
    }
}

/// What is seen of a sequence may be rearranged, and what is not may be anything.
fn what_is_not_seen_does_not_matter<T: Scalar>() {
    let mut numbers = Numbers::new(3);
    let attention = Attention {
        heads: 2,
        key_heads: None,
        causal: true,
        window: Some(40),
        rotary: false,
        base: 1.0,
        bias: true,
        masked: false,
        dropout: 0.0,
    };
    let geometry = attention.geometry(Shape::new(&[170, 10]));
    let [query, key, value]: [Vec<T>; 3] = [0; 3].map(|_| numbers.uniform(1700));
    let run = |hidden: T| {
        let [mut query, mut key, mut value] = [query.clone(), key.clone(), value.clone()];
        key[1500..].fill(hidden);
        value[1500..].fill(hidden);
        let (mut context, mut log_sums) = (vec![T::nan(); 1700], vec![T::nan(); 340]);
        let mut scratch = vec![T::nan(); attention_scratch(&geometry)];
        let all = Heads {
            query: &mut query,
            key: &mut key,
            value: &mut value,
            context: &mut context,
            log_sums: &mut log_sums,
        };
        attention_forward(&geometry, all, &[], None, &mut scratch);
        context.truncate(1500);
        context
    };
    assert_eq!(run(T::zero()), run(T::of(1e20)));
}

/// A tile of nothing but NaN is not forgotten when the next one has numbers.
fn nan_stays_from_tile_to_tile<T: Scalar>() {
    let (keys, key_heads) = (KEYS + 50, None);
    let attention = CrossAttention { heads: 1, queries: 1, key_heads, bias: true, masked: false, dropout: 0.0 };
    let geometry = attention.geometry(Shape::new(&[keys + 1, 1]));
    let (mut query, mut key, mut value) = ([T::one()], vec![T::one(); keys], vec![T::one(); keys]);
    key[..KEYS].fill(T::nan());
    let (mut context, mut log_sums) = ([T::zero()], [T::zero()]);
    let mut scratch = vec![T::nan(); attention_scratch(&geometry)];
    let all =
        Heads { query: &mut query, key: &mut key, value: &mut value, context: &mut context, log_sums: &mut log_sums };
    attention_forward(&geometry, all, &[], None, &mut scratch);
    assert!(context[0].is_nan() && log_sums[0].is_nan());
}

fn turns_keep_lengths_and_turn_back<T: Scalar>() {
    let mut numbers = Numbers::new(7);
    let (positions, heads, head_width) = (90, 2, 6);
    let mut turns = vec![T::nan(); positions * head_width];
    fill_turns(1e4, head_width, 5, positions, &mut turns);
    for position in 0..positions {
        for pair in 0..3 {
            let angle = (position + 5) as f64 * 1e4f64.powf(-2.0 * pair as f64 / 6.0);
            let found = [turns[position * 6 + pair], turns[position * 6 + 3 + pair]];
            assert_close(&found, &[T::of(angle.cos()), T::of(angle.sin())], 1e-13 + T::epsilon().wide(), "turns");
        }
    }
    let values: Vec<T> = numbers.uniform(2 * positions * heads * head_width);
    let mut turned = values.clone();
    turn(Turn::Forward, [heads * head_width, head_width], &turns, &mut turned);
    let squares = |values: &[T]| values.iter().map(|x| x.wide().powi(2)).sum::<f64>();
    assert!((squares(&turned) / squares(&values) - 1.0).abs() < 1e-5);
    assert_ne!(turned, values);
    turn(Turn::Back, [heads * head_width, head_width], &turns, &mut turned);
    assert_close(&turned, &values, 1e-14 + 8.0 * T::epsilon().wide(), "turned back");
}

both_scalars! {
    equals_its_definition, what_is_not_seen_does_not_matter, nan_stays_from_tile_to_tile, turns_keep_lengths_and_turn_back
}
