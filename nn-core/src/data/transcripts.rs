use super::{Label, LabelFault};
use crate::scalar::Scalar;

/// Targets that are a few symbols, fewer than the network's output has steps, without saying at which step each stands: the
/// letters of a spoken word, the digits in a picture. [`Ctc`](crate::losses::Ctc) compares them with an output of `N`
/// scores a step, one of which is the blank: `[TIME, N]`, or `[1, TIME, N]` where that is a picture.
///
/// A target has up to `LONGEST` symbols below `N`, and may say that only the first steps of its sample count:
///
/// ```
/// use nn_core::data::Transcripts;
///
/// type Words = Transcripts<28, 12>;
/// let cat = Words::target(&[3, 1, 20])?; // all steps of the output
/// let dog = Words::within(&[4, 15, 7], 40)?; // the first 40; the others are padding
/// # assert_ne!(cat, dog);
/// # Ok::<(), nn_core::data::LabelFault>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Transcripts<const N: usize, const LONGEST: usize>;

/// The symbols, of which the first count; how many they are, and of how many steps.
type Transcript<const LONGEST: usize> = ([u32; LONGEST], [u32; 2]);

/// Stands for all steps of the output.
const ALL: u32 = u32::MAX;

impl<const N: usize, const LONGEST: usize> Transcripts<N, LONGEST> {
    /// A target for all steps of an output.
    ///
    /// # Errors
    /// When there are more than `LONGEST` symbols, or one is not below `N`.
    pub fn target(symbols: &[u32]) -> Result<Transcript<LONGEST>, LabelFault> {
        Self::made_of(symbols, ALL)
    }

    /// A target for the first `steps` steps of an output.
    ///
    /// # Errors
    /// When there are more than `LONGEST` symbols, or one is not below `N`.
    pub fn within(symbols: &[u32], steps: usize) -> Result<Transcript<LONGEST>, LabelFault> {
        Self::made_of(symbols, u32::try_from(steps).unwrap_or(ALL))
    }

    fn made_of(symbols: &[u32], steps: u32) -> Result<Transcript<LONGEST>, LabelFault> {
        let mut target = ([0; LONGEST], [symbols.len() as u32, steps]);
        let Some(place) = target.0.get_mut(..symbols.len()) else {
            return Err(LabelFault::TooLong { symbols: symbols.len(), longest: LONGEST });
        };
        place.copy_from_slice(symbols);
        Self::check(&target)?;
        Ok(target)
    }

    /// The symbols of a target.
    pub fn symbols(target: &Transcript<LONGEST>) -> &[u32] {
        let (symbols, [count, _]) = target;
        &symbols[..LONGEST.min(*count as usize)]
    }

    /// How many steps of an output with so many count; none where the target speaks of more than there are.
    pub fn steps(target: &Transcript<LONGEST>, of: usize) -> Option<usize> {
        match target.1[1] {
            ALL => Some(of),
            steps => (steps as usize <= of).then_some(steps as usize),
        }
    }
}

impl<const N: usize, const LONGEST: usize> Label for Transcripts<N, LONGEST> {
    type Target<T: Scalar> = Transcript<LONGEST>;

    #[inline(always)]
    fn convert<T: Scalar>(kept: &Transcript<LONGEST>, target: &mut Transcript<LONGEST>) {
        *target = *kept;
    }

    fn check(target: &Transcript<LONGEST>) -> Result<(), LabelFault> {
        let count = target.1[0] as usize;
        if count > LONGEST {
            return Err(LabelFault::TooLong { symbols: count, longest: LONGEST });
        }
        match Self::symbols(target).iter().find(|symbol| **symbol as usize >= N) {
            Some(&label) => Err(LabelFault::OutOfRange { label, classes: N }),
            None => Ok(()),
        }
    }

    fn class(_: &Transcript<LONGEST>) -> usize {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Words = Transcripts<5, 3>;

    #[test]
    fn targets_say_how_long_they_are() {
        let target = Words::within(&[4, 0], 7).unwrap();
        assert_eq!((Words::symbols(&target), Words::steps(&target, 9)), (&[4, 0][..], Some(7)));
        assert_eq!(Words::steps(&target, 6), None);
        assert_eq!(Words::steps(&Words::target(&[]).unwrap(), 6), Some(6));
    }

    #[test]
    fn bad_targets_are_refused_with_their_numbers() {
        assert_eq!(Words::target(&[1; 4]), Err(LabelFault::TooLong { symbols: 4, longest: 3 }));
        assert_eq!(Words::target(&[1, 5]), Err(LabelFault::OutOfRange { label: 5, classes: 5 }));
        assert_eq!(Words::check(&([0; 3], [4, 2])), Err(LabelFault::TooLong { symbols: 4, longest: 3 }));
    }
}
