use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;
use core::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// Why Ctrl-C cannot be caught.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Ctrl-C cannot be caught: {reason}; set the flag of `StopFlag` from the program's own handler")]
pub struct InterruptError {
    reason: alloc::string::String,
}

/// All flags that Ctrl-C sets.
static FLAGS: Mutex<Vec<Weak<AtomicBool>>> = Mutex::new(Vec::new());

/// Sets a flag at Ctrl-C (SIGINT), and ends the program at the second one. A program has one handler, which is installed
/// once.
pub(super) fn watch(flag: &Arc<AtomicBool>) -> Result<(), InterruptError> {
    static INSTALLED: OnceLock<Result<(), InterruptError>> = OnceLock::new();
    let mut flags = FLAGS.lock().unwrap_or_else(PoisonError::into_inner);
    flags.retain(|flag| flag.strong_count() > 0);
    flags.push(Arc::downgrade(flag));
    drop(flags);
    let install =
        || ctrlc::set_handler(interrupted).map_err(|error| InterruptError { reason: alloc::format!("{error}") });
    INSTALLED.get_or_init(install).clone()
}

/// As a shell reports a program that Ctrl-C has ended.
const EXIT_CODE: i32 = 130;

fn interrupted() {
    let flags = FLAGS.lock().unwrap_or_else(PoisonError::into_inner);
    let flags: Vec<_> = flags.iter().filter_map(Weak::upgrade).collect();
    if flags.is_empty() || flags.iter().all(|flag| flag.swap(true, Ordering::Relaxed)) {
        std::process::exit(EXIT_CODE);
    }
}
