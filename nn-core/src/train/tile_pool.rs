use alloc::vec::Vec;
use std::sync::{Mutex, PoisonError};

use super::tile::Tile;
use crate::data::Label;
use crate::scalar::Scalar;

/// The memory of tiles that go all the way by themselves: one for each thread, however many lanes there are. The one that was
/// used last is given out first: it is in the cache.
pub(super) struct TilePool<T: Scalar, Y: Label> {
    free: Mutex<Vec<Tile<T, Y>>>,
}

impl<T: Scalar, Y: Label> TilePool<T, Y> {
    pub(super) fn new() -> Self {
        Self { free: Mutex::new(Vec::new()) }
    }

    /// Brings the pool up to so many, so that nothing has to be allocated while lanes run.
    pub(super) fn fill(&mut self, count: usize, make: impl Fn() -> Tile<T, Y>) {
        // A panic inside a lane loses that lane's memory, and nothing else.
        let free = self.free.get_mut().unwrap_or_else(PoisonError::into_inner);
        while free.len() < count {
            free.push(make());
        }
    }

    /// Lends one while a lane runs.
    pub(super) fn lend<R>(&self, make: impl Fn() -> Tile<T, Y>, work: impl FnOnce(&mut Tile<T, Y>) -> R) -> R {
        let free = || self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let lent = free().pop();
        let mut tile = lent.unwrap_or_else(make);
        let result = work(&mut tile);
        free().push(tile);
        result
    }
}
