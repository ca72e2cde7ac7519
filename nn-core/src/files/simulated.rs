//! A file system that can fail at any call and lose power after any: what was not flushed may be there, in part, or not at
//! all, and names may change in any order.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::vec;
use std::vec::Vec;

use super::FileSystem;

type Names = BTreeMap<PathBuf, usize>;

/// What a call does instead of its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// Nothing happens.
    Refused,
    /// It fails half-way: a write on a full disk; any other call does its work and then reports an error.
    Partial,
}

#[derive(Clone, Debug, Default)]
struct Content {
    seen: Vec<u8>,
    /// What is on the disk for certain.
    flushed: Option<Vec<u8>>,
}

/// A change of names that may not be on the disk yet.
#[derive(Clone, Debug)]
enum Change {
    Create(PathBuf, usize),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
}

#[derive(Clone, Debug, Default)]
struct State {
    contents: Vec<Content>,
    /// As programs see them.
    names: Names,
    /// As the disk has them for certain.
    durable: Names,
    pending: Vec<(Change, Option<usize>)>,
    calls: usize,
}

#[derive(Debug)]
pub(super) struct Simulated {
    state: RefCell<State>,
    failure: Option<(usize, Failure)>,
    power: Option<usize>,
    lies: bool,
}

impl Simulated {
    /// One whose call of some number fails; whose power is lost after so many calls, so that all later ones fail; and that
    /// only says that it has flushed, which shows that a test can fail.
    pub(super) fn new(failure: Option<(usize, Failure)>, power: Option<usize>, lies: bool) -> Self {
        Self { state: RefCell::default(), failure, power, lies }
    }

    /// How many calls have been made.
    pub(super) fn calls(&self) -> usize {
        self.state.borrow().calls
    }

    /// Runs a call: first its own work, unless it is refused.
    fn call<R>(&self, work: impl FnOnce(&mut State, bool) -> R) -> io::Result<R> {
        let mut state = self.state.borrow_mut();
        let number = state.calls;
        if self.power.is_some_and(|calls| number >= calls) {
            return Err(io::Error::other("no power"));
        }
        state.calls += 1;
        match self.failure {
            Some((call, Failure::Refused)) if call == number => Err(io::Error::other("refused")),
            Some((call, Failure::Partial)) if call == number => {
                let _ = work(&mut state, true);
                Err(io::Error::from(io::ErrorKind::StorageFull))
            }
            _ => Ok(work(&mut state, false)),
        }
    }

    /// All contents of `path` that may be found after the power is lost now: any set of the pending changes of names may have
    /// reached the disk, and any part of what was not flushed.
    pub(super) fn after_a_crash(&self, path: &Path) -> Vec<Option<Vec<u8>>> {
        let state = self.state.borrow();
        let mut found = Vec::new();
        assert!(state.pending.len() < 12, "too many states");
        for chosen in 0..1u32 << state.pending.len() {
            let mut names = state.durable.clone();
            let reached = state.pending.iter().enumerate().filter(|(index, _)| chosen >> index & 1 == 1);
            for (_, (change, content)) in reached {
                apply(&mut names, change, *content);
            }
            match names.get(path) {
                None => found.push(None),
                Some(&index) => found.extend(state.contents[index].variants().into_iter().map(Some)),
            }
        }
        found
    }
}

impl Content {
    /// What the disk may hold.
    fn variants(&self) -> Vec<Vec<u8>> {
        let Some(flushed) = &self.flushed else {
            // Nothing, the beginning, the length alone, the end before the beginning, all.
            let (half, zeros) = (self.seen.len() / 2, vec![0; self.seen.len()]);
            let late = [&zeros[..half], &self.seen[half..]].concat();
            return vec![Vec::new(), self.seen[..half].to_vec(), zeros, late, self.seen.clone()];
        };
        vec![flushed.clone()]
    }
}

/// A rename that reaches the disk before the creation of its file carries the file along.
fn apply(names: &mut Names, change: &Change, content: Option<usize>) {
    match change {
        Change::Create(path, index) => {
            names.insert(path.clone(), *index);
        }
        Change::Rename(from, to) => {
            names.remove(from);
            names.extend(content.map(|index| (to.clone(), index)));
        }
        Change::Remove(path) => {
            names.remove(path);
        }
    }
}

impl State {
    fn change(&mut self, change: Change) {
        let content = match &change {
            Change::Rename(from, _) => self.names.get(from).copied(),
            _ => None,
        };
        apply(&mut self.names, &change, content);
        self.pending.push((change, content));
    }
}

impl FileSystem for Simulated {
    type File = usize;

    fn create_new(&self, path: &Path) -> io::Result<usize> {
        self.call(|state, _| {
            state.contents.push(Content::default());
            let index = state.contents.len() - 1;
            state.change(Change::Create(path.into(), index));
            index
        })
    }

    fn write(&self, file: &mut usize, content: &[u8]) -> io::Result<()> {
        self.call(|state, partial| {
            let length = if partial { content.len() / 2 } else { content.len() };
            let file = &mut state.contents[*file];
            file.seen.extend(&content[..length]);
            file.flushed = None;
        })
    }

    fn flush(&self, file: &usize) -> io::Result<()> {
        let lies = self.lies;
        self.call(|state, partial| {
            let file = &mut state.contents[*file];
            if !lies && !partial {
                file.flushed = Some(file.seen.clone());
            }
        })
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.call(|state, _| state.change(Change::Rename(from.into(), to.into())))
    }

    fn flush_folder(&self, _: &Path) -> io::Result<()> {
        let lies = self.lies;
        self.call(|state, partial| {
            if !lies && !partial {
                state.durable = state.names.clone();
                state.pending.clear();
            }
        })
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.call(|state, _| state.change(Change::Remove(path.into())))
    }
}
