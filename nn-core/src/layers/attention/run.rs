//! Both passes of an attention layer over a tile, whatever its sequences are.

use crate::kernels::{
    self, Dropped, Epilogue, Heads, Matrix, Patches, Store, Turn, add_column_sums, attend_once, attention_backward,
    attention_forward, attention_forward_scratch, attention_scratch, fill_turns, gemm, gemm_patches, gemm_scratch,
    gemv, turn,
};
use crate::layer::{Memory, Pass};
use crate::layers::dropout::{kept_factor, steps};
use crate::scalar::Scalar;
use crate::spec::{Activation, AttentionGeometry};

/// The parameters as matrices: `[width, width]` or `[width, key_width]`, and the biases of all four, each empty for none.
pub(super) struct Parameters<'p, T> {
    pub(super) query: &'p [T],
    pub(super) key: &'p [T],
    pub(super) value: &'p [T],
    pub(super) output: &'p [T],
    pub(super) bias: [&'p [T]; 4],
}

/// Their gradients.
pub(super) struct Gradients<'p, T> {
    pub(super) query: &'p mut [T],
    pub(super) key: &'p mut [T],
    pub(super) value: &'p mut [T],
    pub(super) output: &'p mut [T],
    pub(super) bias: [&'p mut [T]; 4],
}

/// One use of an attention layer.
#[derive(Clone, Copy)]
pub(super) struct Run {
    pub(super) geometry: AttentionGeometry,
    pub(super) pass: Pass,
    /// The layer's number.
    pub(super) index: u32,
    /// The base of the angles by which queries and keys are turned.
    pub(super) turns: Option<f64>,
    /// The probability with which a weight is left out in training.
    pub(super) dropout: f64,
}

/// Scalars of scratch memory of both passes, over any number of samples.
pub(super) const fn scratch(geometry: &AttentionGeometry) -> usize {
    let products = gemm_scratch(usize::MAX, geometry.width);
    let heads = attention_scratch(geometry);
    geometry.keys + geometry.time * geometry.head_width + if products > heads { products } else { heads }
}

/// Scalars of scratch memory of the forward pass over so many samples.
pub(super) const fn forward_scratch(geometry: &AttentionGeometry, samples: usize) -> usize {
    let rows = samples.saturating_mul(geometry.time);
    let queries = kernels::forward_scratch(rows, geometry.width, geometry.width);
    let keys = kernels::forward_scratch(rows, geometry.width, geometry.key_width());
    let (products, heads) = (if queries > keys { queries } else { keys }, attention_forward_scratch(geometry));
    geometry.keys + geometry.time * geometry.head_width + if products > heads { products } else { heads }
}

/// Scalars of scratch memory of a single step: its query, what its heads give, angles, and a score for each step that it sees.
pub(super) const fn step_scratch(geometry: &AttentionGeometry) -> usize {
    geometry.remembered() + geometry.head_width + 2 * geometry.width
}

/// Some neighbouring steps of each sample.
#[derive(Clone, Copy)]
struct Steps {
    first: usize,
    count: usize,
}

/// A tile's memory: each kind for all samples, one behind the other.
struct Buffers<'m, T> {
    query: &'m mut [T],
    key: &'m mut [T],
    value: &'m mut [T],
    context: &'m mut [T],
    log_sums: &'m mut [T],
    /// The gradient of the context; then rows of that of the input.
    rows: &'m mut [T],
}

impl<T> Buffers<'_, T> {
    fn heads(&mut self, geometry: &AttentionGeometry, sample: usize) -> Heads<'_, T> {
        fn piece<T>(all: &mut [T], sample: usize, len: usize) -> &mut [T] {
            &mut all[sample * len..][..len]
        }
        let (asked, seen) = (geometry.queries * geometry.width, geometry.keys * geometry.key_width());
        Heads {
            query: piece(self.query, sample, asked),
            key: piece(self.key, sample, seen),
            value: piece(self.value, sample, seen),
            context: piece(self.context, sample, asked),
            log_sums: piece(self.log_sums, sample, geometry.queries * geometry.heads),
        }
    }
}

impl Run {
    fn buffers<'m, T>(&self, mut tape: &'m mut [T]) -> Buffers<'m, T> {
        let AttentionGeometry { queries, keys, width, heads, .. } = self.geometry;
        let (asked, seen) = (queries * width, keys * self.geometry.key_width());
        let [query, key, value, context, log_sums, rows] =
            [asked, seen, seen, asked, queries * heads, queries.max(keys) * width].map(|len| {
                let (piece, rest) = core::mem::take(&mut tape).split_at_mut(len * self.pass.samples);
                tape = rest;
                piece
            });
        Buffers { query, key, value, context, log_sums, rows }
    }

    fn queries(&self) -> Steps {
        Steps { first: 0, count: self.geometry.queries }
    }

    fn keys(&self) -> Steps {
        Steps { first: self.geometry.first_key(), count: self.geometry.keys }
    }

    /// Some steps of all samples of the input, as a matrix.
    fn rows<'a, T>(&self, input: &'a [T], steps: Steps) -> Patches<'a, T> {
        let AttentionGeometry { time, width, .. } = self.geometry;
        let samples = self.pass.samples;
        let [groups, group_len] = if steps.count == time { [1, samples * time] } else { [samples, steps.count] };
        Patches {
            data: &input[steps.first * width..],
            groups,
            group_len,
            group_stride: time * width,
            row_stride: width,
            runs: 1,
            run_len: width,
            run_stride: 0,
            column_stride: 1,
        }
    }

    /// What is added to the scores of a sample's keys: -∞ where they are padding.
    fn bias<'m, T: Scalar>(&self, input: &[T], sample: usize, bias: &'m mut [T]) -> &'m [T] {
        let AttentionGeometry { time, width, masked, .. } = self.geometry;
        if !masked {
            return &[];
        }
        let first = (sample * time + self.geometry.first_key()) * width;
        for (bias, step) in bias.iter_mut().zip(input[first..].chunks_exact(width)) {
            *bias = if is_padding(step) { T::neg_infinity() } else { T::zero() };
        }
        bias
    }

    fn dropped<T: Scalar>(&self, sample: usize) -> Option<Dropped<T>> {
        let rate = steps(self.dropout);
        let is_used = self.pass.is_training() && rate > 0;
        let noise = || self.pass.noise(self.index, sample);
        is_used.then(|| Dropped { noise: noise(), rate, factor: T::of(kept_factor(rate)) })
    }

    /// Turns queries and keys, or their gradients back.
    fn turn<T: Scalar>(&self, way: Turn, turns: &mut [T], buffers: &mut Buffers<'_, T>) {
        let AttentionGeometry { time, head_width, width, .. } = self.geometry;
        if let Some(base) = self.turns {
            fill_turns(base, head_width, 0, time, turns);
            turn(way, [width, head_width], turns, buffers.query);
            turn(way, [self.geometry.key_width(), head_width], turns, buffers.key);
        }
    }

    /// The pieces of scratch memory: biases of keys, angles, and the rest.
    fn cut_scratch<'m, T>(&self, scratch: &'m mut [T]) -> [&'m mut [T]; 3] {
        let (bias, scratch) = scratch.split_at_mut(self.geometry.keys);
        let (turns, scratch) = scratch.split_at_mut(self.geometry.time * self.geometry.head_width);
        [bias, turns, scratch]
    }

    pub(super) fn forward<T: Scalar>(
        &self,
        parameters: &Parameters<'_, T>,
        input: &[T],
        output: &mut [T],
        memory: Memory<'_, T>,
    ) {
        let samples = self.pass.samples;
        if samples == 0 {
            return;
        }
        let AttentionGeometry { queries, width, .. } = self.geometry;
        let mut buffers = self.buffers(memory.tape);
        let [bias, turns, scratch] = self.cut_scratch(memory.scratch);
        let key_width = self.geometry.key_width();
        let [query_bias, key_bias, value_bias, output_bias] = parameters.bias.map(with_bias);
        let (asking, seen) = (self.rows(input, self.queries()), self.rows(input, self.keys()));
        let mut project = |rows, weight, width, bias, to: &mut [T]| {
            gemm_patches(rows, Matrix::rows(weight, width), width, to, Store::Overwrite, bias, scratch);
        };
        project(asking, parameters.query, width, query_bias, buffers.query);
        project(seen, parameters.key, key_width, key_bias, buffers.key);
        project(seen, parameters.value, key_width, value_bias, buffers.value);
        self.turn(Turn::Forward, turns, &mut buffers);
        for sample in 0..samples {
            let bias = self.bias(input, sample, bias);
            let heads = buffers.heads(&self.geometry, sample);
            attention_forward(&self.geometry, heads, bias, self.dropped(sample), scratch);
        }
        let (context, weight) = (Matrix::rows(&*buffers.context, width), Matrix::rows(parameters.output, width));
        let shape = [samples * queries, width, width];
        gemm(shape, context, weight, output, Store::Overwrite, output_bias, scratch);
    }

    pub(super) fn backward<T: Scalar>(
        &self,
        parameters: &Parameters<'_, T>,
        input: &[T],
        d_output: &[T],
        d_input: Option<&mut [T]>,
        mut gradient: Option<Gradients<'_, T>>,
        memory: Memory<'_, T>,
    ) {
        let samples = self.pass.samples;
        if samples == 0 {
            return;
        }
        let AttentionGeometry { queries, width, .. } = self.geometry;
        let mut buffers = self.buffers(memory.tape);
        let [bias, turns, scratch] = self.cut_scratch(memory.scratch);
        let (rows, len) = (samples * queries, queries * width);
        let d_rows = Matrix::rows(d_output, width);
        if let Some(gradient) = &mut gradient {
            let context = Matrix::rows(&*buffers.context, width).transposed();
            let shape = [width, width, rows];
            gemm(shape, context, d_rows, gradient.output, Store::Accumulate, Epilogue::NONE, scratch);
            add_to_bias(d_output, gradient.bias[3]);
        }
        let weight = Matrix::rows(parameters.output, width).transposed();
        gemm([rows, width, width], d_rows, weight, buffers.rows, Store::Overwrite, Epilogue::NONE, scratch);
        for sample in 0..samples {
            let bias = self.bias(input, sample, bias);
            let rows = core::mem::take(&mut buffers.rows);
            let heads = buffers.heads(&self.geometry, sample);
            let d_context = &rows[sample * len..][..len];
            attention_backward(&self.geometry, heads, d_context, bias, self.dropped(sample), scratch);
            buffers.rows = rows;
        }
        self.turn(Turn::Back, turns, &mut buffers);
        if let Some(gradient) = gradient {
            self.add_gradients(input, &buffers, gradient, scratch);
        }
        if let Some(d_input) = d_input {
            self.input_gradient(parameters, buffers, d_input, scratch);
        }
    }

    /// Adds to the gradients of what makes queries, keys and values, from the gradients of these.
    fn add_gradients<T: Scalar>(
        &self,
        input: &[T],
        buffers: &Buffers<'_, T>,
        gradient: Gradients<'_, T>,
        scratch: &mut [T],
    ) {
        let [query_bias, key_bias, value_bias, _] = gradient.bias;
        let (width, key_width) = (self.geometry.width, self.geometry.key_width());
        let all = [
            (self.queries(), &*buffers.query, width, gradient.query, query_bias),
            (self.keys(), &*buffers.key, key_width, gradient.key, key_bias),
            (self.keys(), &*buffers.value, key_width, gradient.value, value_bias),
        ];
        for (steps, d, width, d_weight, d_bias) in all {
            let rows = self.rows(input, steps).transposed();
            gemm_patches(rows, Matrix::rows(d, width), width, d_weight, Store::Accumulate, Epilogue::NONE, scratch);
            add_to_bias(d, d_bias);
        }
    }

    fn input_gradient<T: Scalar>(
        &self,
        parameters: &Parameters<'_, T>,
        buffers: Buffers<'_, T>,
        d_input: &mut [T],
        scratch: &mut [T],
    ) {
        let (samples, width, key_width) = (self.pass.samples, self.geometry.width, self.geometry.key_width());
        let mut back = |d: &[T], weight, inner, steps: Steps, to: &mut [T], store| {
            let weight = Matrix::rows(weight, inner).transposed();
            let shape = [samples * steps.count, width, inner];
            gemm(shape, Matrix::rows(d, inner), weight, to, store, Epilogue::NONE, scratch);
        };
        let (queries, keys) = (self.queries(), self.keys());
        if keys.first == 0 {
            back(buffers.query, parameters.query, width, queries, d_input, Store::Overwrite);
            back(buffers.key, parameters.key, key_width, keys, d_input, Store::Accumulate);
            back(buffers.value, parameters.value, key_width, keys, d_input, Store::Accumulate);
            return;
        }
        back(buffers.query, parameters.query, width, queries, buffers.rows, Store::Overwrite);
        self.scatter(queries, buffers.rows, d_input);
        back(buffers.key, parameters.key, key_width, keys, buffers.rows, Store::Overwrite);
        back(buffers.value, parameters.value, key_width, keys, buffers.rows, Store::Accumulate);
        self.scatter(keys, buffers.rows, d_input);
    }

    /// Writes rows to the places of some steps.
    fn scatter<T: Scalar>(&self, steps: Steps, rows: &[T], d_input: &mut [T]) {
        let AttentionGeometry { time, width, .. } = self.geometry;
        let len = steps.count * width;
        for (rows, sample) in rows.chunks_exact(len).zip(d_input.chunks_exact_mut(time * width)) {
            sample[steps.first * width..][..len].copy_from_slice(rows);
        }
    }

    /// One step of one sample. `state` holds the keys of the steps that it sees, as many values, and their masks; the newest
    /// takes the place of the oldest.
    pub(super) fn step<T: Scalar>(
        &self,
        parameters: &Parameters<'_, T>,
        position: usize,
        input: &[T],
        state: &mut [T],
        output: &mut [T],
        scratch: &mut [T],
    ) {
        let AttentionGeometry { width, head_width, masked, .. } = self.geometry;
        let (rows, key_width) = (self.geometry.remembered(), self.geometry.key_width());
        let (keys, rest) = state.split_at_mut(rows * key_width);
        let (values, masks) = rest.split_at_mut(rows * key_width);
        let (scores, scratch) = scratch.split_at_mut(rows);
        let (turns, scratch) = scratch.split_at_mut(head_width);
        let (query, scratch) = scratch.split_at_mut(width);
        let (row, seen) = (position % rows, rows.min(position + 1));
        let [key, value] = [&mut *keys, &mut *values].map(|all| &mut all[row * key_width..][..key_width]);
        gemv(input, parameters.query, parameters.bias[0], Activation::Identity, query);
        gemv(input, parameters.key, parameters.bias[1], Activation::Identity, key);
        gemv(input, parameters.value, parameters.bias[2], Activation::Identity, value);
        if let Some(base) = self.turns {
            fill_turns(base, head_width, position, 1, turns);
            turn(Turn::Forward, [width, head_width], turns, query);
            turn(Turn::Forward, [key_width, head_width], turns, key);
        }
        if masked {
            masks[row] = if is_padding(input) { T::zero() } else { T::one() };
        }
        let mask = if masked { &masks[..seen] } else { &[] };
        let (context, scores) = (&mut scratch[..width], &mut scores[..seen]);
        attend_once(self.geometry, query, keys, values, mask, scores, context);
        gemv(context, parameters.output, parameters.bias[3], Activation::Identity, output);
    }
}

/// Whether a step is there only to fill its sequence up.
fn is_padding<T: Scalar>(step: &[T]) -> bool {
    step.iter().all(|feature| *feature == T::zero())
}

fn with_bias<T>(bias: &[T]) -> Epilogue<'_, T> {
    Epilogue { bias, activation: Activation::Identity }
}

fn add_to_bias<T: Scalar>(d: &[T], bias: &mut [T]) {
    if !bias.is_empty() {
        add_column_sums(bias.len(), d, bias);
    }
}
