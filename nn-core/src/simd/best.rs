//! Which instruction set kernels run on: found once, then one load.

use core::sync::atomic::{AtomicU8, Ordering};
use std::env::var;
use std::is_x86_feature_detected as has;

/// The instruction sets for which kernels are compiled, the best last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Best {
    Baseline = 1,
    Avx2Fma,
    #[cfg(all(feature = "avx512", not(debug_assertions)))]
    Avx512,
}

/// Zero until somebody asks.
static FOUND: AtomicU8 = AtomicU8::new(0);

/// The best instruction set of this machine. The environment variable `NETFORM_ISA` (`baseline`, `avx2` or `avx512`) lowers it:
/// then one machine computes the same bits as another, and tests reach kernels that they would pass over.
#[inline(always)]
pub(super) fn best() -> Best {
    match FOUND.load(Ordering::Relaxed) {
        #[cfg(all(feature = "avx512", not(debug_assertions)))]
        3 => Best::Avx512,
        2 => Best::Avx2Fma,
        1 => Best::Baseline,
        _ => find(),
    }
}

#[cold]
#[inline(never)]
fn find() -> Best {
    let most = var("NETFORM_ISA").ok().and_then(|name| of_name(&name));
    let best = most.map_or(machines(), |most| most.min(machines()));
    FOUND.store(best as u8, Ordering::Relaxed);
    best
}

/// What the machine has.
fn machines() -> Best {
    #[cfg(all(feature = "avx512", not(debug_assertions)))]
    if has!("avx512f") && has!("avx512vl") && has!("avx512dq") && has!("avx512bw") && has!("avx2") && has!("fma") {
        return Best::Avx512;
    }
    if has!("avx2") && has!("fma") { Best::Avx2Fma } else { Best::Baseline }
}

/// What a name stands for: `None` for one that sets no limit.
fn of_name(name: &str) -> Option<Best> {
    match name {
        "baseline" => Some(Best::Baseline),
        "avx2" => Some(Best::Avx2Fma),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_only_lowers() {
        assert_eq!(of_name("baseline"), Some(Best::Baseline));
        assert_eq!(of_name("avx2"), Some(Best::Avx2Fma));
        assert_eq!(of_name("avx512"), None);
        assert_eq!(of_name("sse9"), None);
        assert!(best() <= machines());
        assert_eq!(best(), best());
    }
}
