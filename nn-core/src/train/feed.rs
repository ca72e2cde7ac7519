//! Batches of a streamed data set, read by threads of their own while the step before runs.

use alloc::vec::Vec;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::Builder;

use super::TrainError;
use crate::data::{DataError, Dataset, Elements, Label, Stream};
use crate::shapes::SampleShape;

/// What brings the inputs of streamed batches; nothing to do for a data set in memory.
///
/// Nothing is allocated for a batch after the first ones: their memory goes round between the threads.
pub(super) struct Feed(Option<Reading>);

struct Reading {
    stream: Stream,
    /// Elements of a sample.
    len: usize,
    /// The batch that is trained on.
    now: Elements,
    workers: Vec<Worker>,
    /// How many batches have been asked for, and how many of these have come.
    asked: usize,
    come: usize,
}

/// A batch that is to be read, and then has been.
struct Errand {
    indices: Vec<u32>,
    room: Elements,
    result: Result<(), DataError>,
}

/// A thread that reads one batch at a time. It ends when its worker is dropped.
struct Worker {
    to: SyncSender<Errand>,
    from: Receiver<Errand>,
    /// The memory for the next batch.
    spare: Option<Errand>,
}

impl Worker {
    fn start(stream: &Stream, len: usize) -> std::io::Result<Self> {
        let (to, errands) = sync_channel::<Errand>(1);
        let (results, from) = sync_channel(1);
        let own = stream.clone();
        Builder::new().name("netform-read".into()).spawn(move || {
            for mut errand in errands {
                errand.result = own.read(&errand.indices, len, &mut errand.room);
                if results.send(errand).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { to, from, spare: Some(Errand { indices: Vec::new(), room: stream.room(), result: Ok(()) }) })
    }
}

impl Feed {
    pub(super) fn new<X: SampleShape, Y: Label>(data: &Dataset<X, Y>, ahead: usize) -> Result<Self, TrainError> {
        let Some(stream) = data.stream() else { return Ok(Self(None)) };
        let len = X::SHAPE.len();
        let failed = |error| TrainError::Threads { threads: ahead, reason: alloc::format!("{error}") };
        let workers = (0..ahead).map(|_| Worker::start(stream, len).map_err(failed)).collect::<Result<_, _>>()?;
        Ok(Self(Some(Reading { stream: stream.clone(), len, now: stream.room(), workers, asked: 0, come: 0 })))
    }

    /// The inputs of a batch; none for a data set in memory. `later` are this batch and those after it, in the order in which
    /// they will be asked for; another order is for a new feed, except after the last of them.
    pub(super) fn read<'i>(
        &mut self,
        indices: &[u32],
        later: impl Iterator<Item = &'i [u32]> + Clone,
    ) -> Result<Option<&Elements>, DataError> {
        let Some(reading) = &mut self.0 else { return Ok(None) };
        match reading.workers.len() {
            0 => reading.stream.read(indices, reading.len, &mut reading.now)?,
            _ => reading.take(later)?,
        }
        Ok(Some(&reading.now))
    }
}

impl Reading {
    /// Waits for the first of these batches, and has those after it read.
    fn take<'i>(&mut self, later: impl Iterator<Item = &'i [u32]> + Clone) -> Result<(), DataError> {
        let count = self.workers.len();
        self.ask(later.clone().take(count))?;
        let first = later.clone().next().and_then(|indices| indices.first()).copied().unwrap_or_default();
        let worker = &mut self.workers[self.come % count];
        let mut errand = worker.from.recv().map_err(|_| lost(first))?;
        self.come += 1;
        let result = core::mem::replace(&mut errand.result, Ok(()));
        core::mem::swap(&mut self.now, &mut errand.room);
        worker.spare = Some(errand);
        self.ask(later.skip(1).take(count))?;
        result
    }

    /// Asks for those of the next batches that have not been asked for: each worker has one at a time.
    fn ask<'i>(&mut self, next: impl Iterator<Item = &'i [u32]>) -> Result<(), DataError> {
        for indices in next.skip(self.asked - self.come) {
            let lost = || lost(indices.first().copied().unwrap_or_default());
            let count = self.workers.len();
            let worker = &mut self.workers[self.asked % count];
            let mut errand = worker.spare.take().ok_or_else(lost)?;
            errand.indices.clear();
            errand.indices.extend_from_slice(indices);
            worker.to.send(errand).map_err(|_| lost())?;
            self.asked += 1;
        }
        Ok(())
    }
}

fn lost(first: u32) -> DataError {
    DataError::unreadable(first, "the thread that reads it, or another sample of its batch, has panicked")
}
