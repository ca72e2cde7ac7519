//! Where work runs. What it computes does not depend on it: work is always cut the same way.

use super::TrainError;

/// How two pieces of work run: one after the other, or on the threads of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fork {
    InOrder,
    #[cfg(feature = "threads")]
    Threads,
}

impl Fork {
    /// The threads of the surrounding pool, or of the global one; in order on a machine with one core.
    pub(crate) fn everywhere() -> Self {
        #[cfg(feature = "threads")]
        if Self::threads() > 1 {
            return Self::Threads;
        }
        Self::InOrder
    }

    /// How many threads there are everywhere.
    pub(crate) fn threads() -> usize {
        #[cfg(feature = "threads")]
        return rayon::current_num_threads();
        #[cfg(not(feature = "threads"))]
        1
    }

    /// How many pieces of work run at the same time.
    pub(crate) fn width(self) -> usize {
        match self {
            Self::InOrder => 1,
            #[cfg(feature = "threads")]
            Self::Threads => Self::threads(),
        }
    }

    /// Runs both, perhaps at the same time.
    pub(crate) fn join<A: Send, B: Send>(
        self,
        left: impl FnOnce() -> A + Send,
        right: impl FnOnce() -> B + Send,
    ) -> (A, B) {
        match self {
            Self::InOrder => (left(), right()),
            #[cfg(feature = "threads")]
            Self::Threads => rayon::join(left, right),
        }
    }

    /// Runs a job on each element, by halves.
    pub(crate) fn each<E: Send>(self, elements: &mut [E], job: &(impl Fn(&mut E) + Sync)) {
        match elements {
            [] => {}
            [element] => job(element),
            _ => {
                let (left, right) = elements.split_at_mut(elements.len() / 2);
                self.join(|| self.each(left, job), || self.each(right, job));
            }
        }
    }
}

/// The threads of one training run.
#[derive(Debug)]
pub(crate) enum Team {
    /// The calling thread alone.
    Caller,
    /// The global pool, or that from which the caller calls.
    #[cfg(feature = "threads")]
    Shared,
    /// A pool of its own.
    #[cfg(feature = "threads")]
    Own(rayon::ThreadPool),
}

impl Team {
    /// A team of this many threads; by default one for each core.
    pub(crate) fn new(threads: Option<usize>) -> Result<Self, TrainError> {
        if threads == Some(0) {
            return Err(crate::OutOfRange { name: "threads", found: 0.0, expected: "at least 1" }.into());
        }
        #[cfg(feature = "threads")]
        match threads {
            Some(1) => {}
            None if Fork::everywhere() == Fork::InOrder => {}
            None => return Ok(Self::Shared),
            Some(threads) => {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
                let failed =
                    |error| TrainError::Threads { threads, reason: alloc::string::ToString::to_string(&error) };
                return pool.map(Self::Own).map_err(|error: rayon::ThreadPoolBuildError| failed(error));
            }
        }
        Ok(Self::Caller)
    }

    /// Runs work inside the pool where it forks, else on the calling thread: the way into a pool and back takes as long as a
    /// training step of a small network.
    pub(crate) fn run_where_it_forks<R: Send>(&self, forks: bool, work: impl FnOnce(Fork) -> R + Send) -> R {
        if forks { self.run(work) } else { work(Fork::InOrder) }
    }

    /// Runs work inside the pool: forks there allocate nothing.
    pub(crate) fn run<R: Send>(&self, work: impl FnOnce(Fork) -> R + Send) -> R {
        match self {
            Self::Caller => work(Fork::InOrder),
            #[cfg(feature = "threads")]
            Self::Shared => rayon::scope(|_| work(Fork::Threads)),
            #[cfg(feature = "threads")]
            Self::Own(pool) => pool.install(|| work(Fork::Threads)),
        }
    }
}
