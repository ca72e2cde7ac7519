/// What stands beyond the border of a sample, where an augmentation looks there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Border {
    /// Zero: black, silence.
    #[default]
    Zero,
    /// The nearest element of the border.
    Edge,
    /// The sample mirrored at its border, which is not repeated.
    Reflect,
}

impl Border {
    /// Which of `len` elements along an axis stands at a place that may lie outside; none for zero.
    pub(super) fn element(self, place: isize, len: usize) -> Option<usize> {
        let last = len as isize - 1;
        match self {
            _ if (0..=last).contains(&place) => Some(place as usize),
            Self::Zero => None,
            Self::Edge => Some(place.clamp(0, last) as usize),
            Self::Reflect if last == 0 => Some(0),
            Self::Reflect => {
                let turned = place.rem_euclid(2 * last);
                Some(turned.min(2 * last - turned) as usize)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_beyond_the_border() {
        let all = |border: Border, len: usize| [-7, -2, -1, 0, 1, 2, 3, 4, 8].map(|place| border.element(place, len));
        let some = |elements: [usize; 9]| elements.map(Some);
        assert_eq!(all(Border::Zero, 3), [None, None, None, Some(0), Some(1), Some(2), None, None, None]);
        assert_eq!(all(Border::Edge, 3), some([0, 0, 0, 0, 1, 2, 2, 2, 2]));
        assert_eq!(all(Border::Reflect, 3), some([1, 2, 1, 0, 1, 2, 1, 0, 0]));
        assert_eq!(all(Border::Reflect, 1), some([0; 9]));
    }
}
