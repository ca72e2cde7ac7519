//! The sum over all ways to spread symbols over steps, forward and backward.

use num_traits::Float;

use crate::scalar::Scalar;

/// The logarithm of nothing.
const NEVER: f64 = f64::NEG_INFINITY;

/// A number for each state: a blank before each symbol, each symbol, and a blank behind the last one.
#[derive(Clone, Copy)]
pub(super) struct Row<const LONGEST: usize> {
    pairs: [[f64; 2]; LONGEST],
    last: f64,
}

impl<const LONGEST: usize> Row<LONGEST> {
    /// How many states there are at most.
    pub(super) const LEN: usize = 2 * LONGEST + 1;

    const fn never() -> Self {
        Self { pairs: [[NEVER; 2]; LONGEST], last: NEVER }
    }

    fn at(&self, state: usize) -> f64 {
        self.pairs.as_flattened().get(state).copied().unwrap_or(self.last)
    }

    fn put(&mut self, state: usize, value: f64) {
        match self.pairs.as_flattened_mut().get_mut(state) {
            Some(place) => *place = value,
            None => self.last = value,
        }
    }
}

/// `ln Σ exp`
fn add(terms: [f64; 3]) -> f64 {
    let largest = terms.into_iter().fold(NEVER, f64::max);
    if largest == NEVER && terms.iter().all(|term| !term.is_nan()) {
        return NEVER;
    }
    largest + Float::ln(terms.into_iter().map(|term| Float::exp(term - largest)).sum::<f64>())
}

/// The logarithm of a softmax's divisor.
fn divisor<T: Scalar>(row: &[T]) -> f64 {
    let largest = row.iter().fold(NEVER, |largest, value| largest.max(value.wide()));
    largest + Float::ln(row.iter().map(|value| Float::exp(value.wide() - largest)).sum::<f64>())
}

/// What is summed over, for one sample.
#[derive(Clone, Copy)]
pub(super) struct Paths<'t, const LONGEST: usize> {
    pub(super) symbols: &'t [u32],
    pub(super) steps: usize,
    pub(super) classes: usize,
    pub(super) blank: usize,
    /// Whether outputs are logits.
    pub(super) normalize: bool,
}

impl<const LONGEST: usize> Paths<'_, LONGEST> {
    fn states(&self) -> usize {
        2 * self.symbols.len() + 1
    }

    /// The class of a state.
    fn class(&self, state: usize) -> usize {
        if state.is_multiple_of(2) { self.blank } else { self.symbols[state / 2] as usize }
    }

    /// Whether a way may lead from two states before to this one: from one symbol to another.
    fn skips_to(&self, state: usize) -> bool {
        state >= 3 && !state.is_multiple_of(2) && self.class(state) != self.class(state - 2)
    }

    /// The share of a loss that is one per symbol.
    fn share(&self) -> f64 {
        1.0 / self.symbols.len().max(1) as f64
    }

    /// From the logarithms that the ways to each state of a step have, those of the next one, where a state costs `cost`.
    fn go_on(&self, row: &mut Row<LONGEST>, step: usize, cost: impl Fn(usize) -> f64) {
        // The last state first, so that those before it still stand.
        for state in (0..self.states()).rev() {
            let value = if step == 0 {
                if state < 2 { 0.0 } else { NEVER }
            } else {
                let before = |back: usize| if state >= back { row.at(state - back) } else { NEVER };
                add([before(0), before(1), if self.skips_to(state) { before(2) } else { NEVER }])
            };
            row.put(state, value + cost(self.class(state)));
        }
    }

    /// `-ln Σ Π p`, from where the ways end.
    fn end(&self, row: &Row<LONGEST>) -> f64 {
        if self.steps == 0 {
            return if self.symbols.is_empty() { 0.0 } else { f64::INFINITY };
        }
        let last = self.states() - 1;
        -add([row.at(last), if last > 0 { row.at(last - 1) } else { NEVER }, NEVER])
    }

    /// The loss of one sample's outputs.
    pub(super) fn loss<T: Scalar>(&self, outputs: &[T]) -> f64 {
        let mut row = Row::never();
        for (step, outputs) in outputs.chunks_exact(self.classes).take(self.steps).enumerate() {
            // As the slopes keep them, so that the loss does not depend on who asks.
            let divisor = self.divisor(outputs);
            self.go_on(&mut row, step, |class| T::of(outputs[class].wide() - divisor).wide());
        }
        self.end(&row) * self.share()
    }

    fn divisor<T: Scalar>(&self, outputs: &[T]) -> f64 {
        if self.normalize { divisor(outputs) } else { 0.0 }
    }

    /// The loss, and its derivative by each output times `scale`; `kept` has room for a row for each step.
    pub(super) fn loss_and_slopes<T: Scalar>(&self, outputs: &[T], slopes: &mut [T], scale: T, kept: &mut [T]) -> f64 {
        let states = self.states();
        let mut row = Row::never();
        let rows = outputs.chunks_exact(self.classes).zip(slopes.chunks_exact_mut(self.classes));
        for (step, (outputs, logarithms)) in rows.take(self.steps).enumerate() {
            let divisor = self.divisor(outputs);
            let pairs = logarithms.iter_mut().zip(outputs);
            pairs.for_each(|(logarithm, output)| *logarithm = T::of(output.wide() - divisor));
            self.go_on(&mut row, step, |class| logarithms[class].wide());
            // What a step's states have in common does not count below: so numbers stay small.
            let largest = (0..states).map(|state| row.at(state)).fold(NEVER, f64::max);
            for (state, kept) in kept[step * states..].iter_mut().take(states).enumerate() {
                *kept = T::of(row.at(state) - largest);
            }
        }
        let loss = self.end(&row);
        if loss.is_finite() {
            self.go_back(slopes, scale * T::of(self.share()), kept);
        }
        loss * self.share()
    }

    /// From the last step to the first: each step's slopes, which hold logarithms, become
    /// `scale · (p - how probable a class is at that step, given the target)`.
    fn go_back<T: Scalar>(&self, slopes: &mut [T], scale: T, kept: &[T]) {
        let states = self.states();
        let mut row = Row::<LONGEST>::never();
        let (counted, padding) = slopes.split_at_mut(self.steps * self.classes);
        padding.fill(T::zero());
        for (step, slopes) in counted.chunks_exact_mut(self.classes).enumerate().rev() {
            let mut through = Row::<LONGEST>::never();
            let mut largest = NEVER;
            for state in 0..states {
                let onward = if step + 1 == self.steps {
                    if state + 2 >= states { 0.0 } else { NEVER }
                } else {
                    let behind = |ahead: usize| if state + ahead < states { row.at(state + ahead) } else { NEVER };
                    let skips = state + 2 < states && self.skips_to(state + 2);
                    add([behind(0), behind(1), if skips { behind(2) } else { NEVER }])
                };
                let both = kept[step * states + state].wide() + onward;
                through.put(state, both);
                largest = largest.max(both);
                row.put(state, onward + slopes[self.class(state)].wide());
            }
            let share = |state: usize| Float::exp(through.at(state) - largest);
            let all: f64 = (0..states).map(share).sum();
            if self.normalize {
                slopes.iter_mut().for_each(|slope| *slope = scale * slope.exp());
            } else {
                slopes.fill(T::zero());
            }
            for state in 0..states {
                slopes[self.class(state)] -= scale * T::of(share(state) / all);
            }
        }
    }
}
