use super::{MAX_RANK, ShapeError, Stream};

/// Some axes of a tensor, as a user names them: the batch is not counted, and -1 is the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axes {
    count: usize,
    axes: [isize; MAX_RANK],
}

impl Axes {
    /// The innermost axis alone: features or channels.
    pub const LAST: Self = Self::new(&[-1]);

    /// A list of axes.
    ///
    /// # Panics
    /// With more than [`MAX_RANK`] axes; the compiler rejects such lists before it builds one.
    pub const fn new(axes: &[isize]) -> Self {
        assert!(axes.len() <= MAX_RANK, "a shape has at most 5 axes");
        let mut list = Self { count: axes.len(), axes: [0; MAX_RANK] };
        let mut index = 0;
        while index < axes.len() {
            list.axes[index] = axes[index];
            index += 1;
        }
        list
    }

    /// How many axes are named.
    pub const fn count(&self) -> usize {
        self.count
    }

    /// The axes as they were written.
    pub const fn as_slice(&self) -> &[isize] {
        self.axes.split_at(self.count).0
    }

    /// How a layer that works along these axes goes through a sequence: step by step along the last one alone; counted from the
    /// front, or with others, one of them may be time.
    pub(super) const fn stream(&self) -> Stream {
        match self.as_slice() {
            [-1] => Stream::Each,
            _ => Stream::Whole("works along axes of which one may be time (the last one, -1, is not)"),
        }
    }

    /// Which axes of a shape with `rank` axes these are. `argument` is their name in errors.
    ///
    /// # Errors
    /// An axis that the shape does not have, or one that is named twice.
    pub const fn places(&self, argument: &'static str, rank: usize) -> Result<Places, ShapeError> {
        let mut places = Places { count: self.count, places: [0; MAX_RANK] };
        let mut index = 0;
        while index < self.count {
            let place = match axis_place(argument, self.axes[index], rank) {
                Ok(place) => place,
                Err(error) => return Err(error),
            };
            let mut before = 0;
            while before < index {
                if places.places[before] == place {
                    return Err(ShapeError::RepeatedAxis { argument, axis: place });
                }
                before += 1;
            }
            places.places[index] = place;
            index += 1;
        }
        Ok(places)
    }
}

/// [`Axes`] of a shape whose rank is known: counted from the front, each at most once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places {
    count: usize,
    places: [usize; MAX_RANK],
}

impl Places {
    /// No axis.
    pub const NONE: Self = Self { count: 0, places: [0; MAX_RANK] };

    /// The axes in the order in which they were written.
    pub const fn as_slice(&self) -> &[usize] {
        self.places.split_at(self.count).0
    }

    /// Whether an axis is among them.
    pub const fn contains(&self, axis: usize) -> bool {
        let mut index = 0;
        while index < self.count {
            if self.places[index] == axis {
                return true;
            }
            index += 1;
        }
        false
    }
}

/// Which axis of a shape with `rank` axes a user's number is. `argument` is its name in errors.
///
/// # Errors
/// An axis that the shape does not have.
pub const fn axis_place(argument: &'static str, axis: isize, rank: usize) -> Result<usize, ShapeError> {
    let from_front = if axis < 0 { axis + rank as isize } else { axis };
    if from_front < 0 || from_front >= rank as isize {
        return Err(ShapeError::Axis { argument, axis, rank });
    }
    Ok(from_front as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_count_from_both_ends() {
        let places = Axes::new(&[-1, 0]).places("axes", 3).expect("axes of three");
        assert_eq!(places.as_slice(), [2, 0]);
        assert!(places.contains(2) && !places.contains(1));
        for axis in [-4, 3, isize::MIN, isize::MAX] {
            assert_eq!(axis_place("axis", axis, 3), Err(ShapeError::Axis { argument: "axis", axis, rank: 3 }));
        }
        assert!(axis_place("axis", -1, 0).is_err());
    }

    #[test]
    fn an_axis_is_named_once() {
        let error = ShapeError::RepeatedAxis { argument: "axes", axis: 1 };
        assert_eq!(Axes::new(&[1, -1]).places("axes", 2), Err(error));
    }
}
