//! A fit in a checkpoint.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use super::{Course, Place};
use crate::data::Label;
use crate::losses::Loss;
use crate::metrics::MetricSet;
use crate::network::{Network, Whole};
use crate::optim::Optimizer;
use crate::scalar::Scalar;
use crate::shapes::SampleShape;
use crate::train::session::{keep, take};
use crate::train::{Checkpoint, CheckpointError, Epoch, History, Report, Sampling, State, Validation, Values};

impl<T, N, X, Y, L, O, M, V> Course<'_, T, N, X, Y, L, O, M, V>
where
    T: Scalar,
    N: Network<T>,
    X: SampleShape,
    Y: Label,
    L: Loss<T, Whole<T, N>, Y>,
    M: MetricSet<T, Whole<T, N>, Y>,
    O: Optimizer<T>,
    V: Validation<X, Y>,
{
    /// What must be the same for training to go on as if nothing had happened.
    fn settings(&self) -> Vec<(&'static str, String)> {
        let settings = &self.trainer.settings;
        let callbacks: Vec<&str> = self.callbacks.iter().map(|callback| callback.name()).collect();
        let frozen = self.tensors.iter().filter(|tensor| tensor.marks.frozen).map(|tensor| tensor.name.as_str());
        let frozen: Vec<&str> = frozen.collect();
        vec![
            ("batch_size", settings.batch_size.to_string()),
            ("accumulate", settings.accumulate.to_string()),
            ("seed", settings.seed.to_string()),
            ("sampling", sampling_name(&settings.sampling)),
            ("augmentation", format!("{:?}", settings.augment)),
            ("samples", self.data.len().to_string()),
            ("training samples", self.order.training.len().to_string()),
            ("metrics", self.metric_names().join(", ")),
            ("callbacks", format!("[{}]", callbacks.join(", "))),
            (LOSS, self.trainer.goal().loss.name().into()),
            (FROZEN, format!("[{}]", frozen.join(", "))),
        ]
    }

    fn metric_names(&self) -> Vec<String> {
        let mut names = Vec::new();
        self.trainer.metrics.names(&mut names);
        names
    }

    #[cfg_attr(not(feature = "safetensors"), expect(dead_code, reason = "only files need it"))]
    pub(super) fn checkpoint(&self, network: &N) -> Checkpoint {
        let mut checkpoint = keep(network, self.tensors, self.engine, self.random, &self.trainer.optimizer);
        let state = &mut checkpoint.state;
        for (name, value) in self.settings() {
            state.put_text(format!("fit.setting.{name}"), &value);
        }
        state.put("fit.order", Values::Indices(self.order.drawn.clone()));
        state.put("fit.step", Values::Integers(vec![self.place.step]));
        state.put("fit.seconds", Values::Doubles(vec![self.place.seconds]));
        state.put("fit.tally.samples", Values::Integers(vec![self.tally.samples as u64]));
        let sums = [self.tally.weight, self.tally.loss].into_iter().chain(self.tally.metrics.iter().copied());
        state.put("fit.tally.sums", Values::Doubles(sums.collect()));
        for (number, epoch) in self.place.history.epochs.iter().enumerate() {
            state.put(format!("fit.history.{number}.seconds"), Values::Doubles(vec![epoch.seconds]));
            state.put(format!("fit.history.{number}.rate"), Values::Doubles(vec![epoch.rate]));
            put_report(state, &format!("fit.history.{number}.training"), &epoch.training);
            if let Some(report) = &epoch.validation {
                put_report(state, &format!("fit.history.{number}.validation"), report);
            }
        }
        state.put("fit.epochs", Values::Integers(vec![self.place.history.epochs.len() as u64]));
        for (number, callback) in self.callbacks.iter().enumerate() {
            let mut part = State::default();
            callback.save(&mut part);
            state.put_part(&format!("callback.{number}"), part);
        }
        checkpoint
    }

    /// Goes to where a checkpoint stands.
    ///
    /// # Errors
    /// When it does not fit; then only callbacks may have changed.
    pub(in crate::train) fn restore(
        &mut self,
        network: &mut N,
        checkpoint: &Checkpoint,
    ) -> Result<(), CheckpointError> {
        let state = &checkpoint.state;
        checkpoint.check::<T, N>(self.tensors)?;
        for (name, expected) in self.settings() {
            let place = format!("fit.setting.{name}");
            // Checkpoints of old have none of these.
            if [LOSS, FROZEN].contains(&name) && state.get(&place).is_none() {
                continue;
            }
            let found = state.text(&place)?.to_string();
            if found != expected {
                return Err(CheckpointError::Setting { name, expected, found });
            }
        }
        let order = state.indices("fit.order")?;
        let is_known = |index: &u32| self.order.training.binary_search(index).is_ok();
        if order.len() != self.order.training.len() || !order.iter().all(is_known) {
            let [expected, found] = ["this data set's", "another"].map(ToString::to_string);
            return Err(CheckpointError::Setting { name: "a split", expected, found });
        }
        let [samples] = state.integers("fit.tally.samples")?;
        let sums = state.double_slice("fit.tally.sums")?;
        let [weight, loss, metrics @ ..] = sums else {
            return Err(CheckpointError::Missing { name: "fit.tally.sums".into(), expected: "two numbers".into() });
        };
        if metrics.len() != self.tally.metrics.len() {
            let expected = format!("{} numbers", 2 + self.tally.metrics.len());
            return Err(CheckpointError::Missing { name: "fit.tally.sums".into(), expected });
        }
        let place = Place {
            history: self.history(state)?,
            step: state.integers::<1>("fit.step")?[0],
            seconds: state.doubles::<1>("fit.seconds")?[0],
        };
        for (number, callback) in self.callbacks.iter_mut().enumerate() {
            callback.load(&state.part(&format!("callback.{number}")))?;
        }
        take(checkpoint, network, self.tensors, self.engine, self.random, &self.trainer.optimizer)?;
        self.order.drawn = order.to_vec();
        (self.tally.samples, self.tally.weight, self.tally.loss) = (samples as usize, *weight, *loss);
        self.tally.metrics.copy_from_slice(metrics);
        self.place = place;
        Ok(())
    }

    fn history(&self, state: &State) -> Result<History, CheckpointError> {
        let names = self.metric_names();
        let [epochs] = state.integers("fit.epochs")?;
        let epoch = |number| -> Result<Epoch, CheckpointError> {
            let name = |part: &str| format!("fit.history.{number}.{part}");
            let validation = state.get(&name("validation.values")).is_some();
            let has_rate = state.get(&name("rate")).is_some();
            Ok(Epoch {
                training: get_report(state, &name("training"), &names)?,
                validation: validation.then(|| get_report(state, &name("validation"), &names)).transpose()?,
                seconds: state.doubles::<1>(&name("seconds"))?[0],
                // Checkpoints of old have none.
                rate: if has_rate { state.doubles::<1>(&name("rate"))?[0] } else { f64::NAN },
            })
        };
        Ok(History { epochs: (0..epochs).map(epoch).collect::<Result<_, _>>()? })
    }
}

const LOSS: &str = "the loss";
const FROZEN: &str = "frozen tensors";

/// Without the weights of samples, which may be many.
fn sampling_name(sampling: &Sampling) -> String {
    match sampling {
        Sampling::Weighted(_) => "Weighted".into(),
        others => format!("{others:?}"),
    }
}

fn put_report(state: &mut State, name: &str, report: &Report) {
    state.put(format!("{name}.samples"), Values::Integers(vec![report.samples as u64]));
    state.put(format!("{name}.values"), Values::Doubles(report.values().collect()));
}

fn get_report(state: &State, name: &str, names: &[String]) -> Result<Report, CheckpointError> {
    let [samples] = state.integers(&format!("{name}.samples"))?;
    let values = state.double_slice(&format!("{name}.values"))?;
    let [loss, metrics @ ..] = values else {
        return Err(CheckpointError::Missing { name: format!("{name}.values"), expected: "a loss".into() });
    };
    let metrics = names.iter().cloned().zip(metrics.iter().copied()).collect();
    Ok(Report { samples: samples as usize, loss: *loss, metrics })
}
