use alloc::vec::Vec;

use super::{Classes, DataError, Each, Label, OneHot, Together, Values, WithWeight};
use crate::shapes::SampleShape;
use crate::simd::Plain;
use crate::spec::Shape;

/// Labels as they come from files and tables: the elements of all samples one behind the other.
pub trait Columns: Label {
    /// Class numbers for [`Classes`], flat `f32` for [`OneHot`] and [`Values`]; for a tuple of labels, a tuple of these.
    type Columns;

    /// One target a sample.
    ///
    /// # Errors
    /// When the number of elements is no whole number of targets, or the columns have different lengths.
    fn rows(columns: Self::Columns) -> Result<Vec<Self::Target<f32>>, DataError>;
}

impl<const N: usize> Columns for Classes<N> {
    type Columns = Vec<u32>;

    fn rows(columns: Vec<u32>) -> Result<Vec<u32>, DataError> {
        Ok(columns)
    }
}

impl<const N: usize> Columns for OneHot<N> {
    type Columns = Vec<f32>;

    fn rows(columns: Vec<f32>) -> Result<Vec<[f32; N]>, DataError> {
        Values::<crate::shapes::Features<N>>::rows(columns)
    }
}

impl<S: SampleShape> Columns for Values<S> {
    type Columns = Vec<f32>;

    fn rows(columns: Vec<f32>) -> Result<Vec<S::Array<f32>>, DataError> {
        let rows = S::Array::from_flat(&columns);
        check_whole(columns.len(), rows.len() * S::SHAPE.len(), S::SHAPE)?;
        Ok(rows.to_vec())
    }
}

impl<const COUNT: usize, Y: Columns> Columns for Each<COUNT, Y> {
    type Columns = Y::Columns;

    fn rows(columns: Y::Columns) -> Result<Vec<[Y::Target<f32>; COUNT]>, DataError> {
        const { assert!(COUNT > 0, "a target needs at least one step") };
        let steps = Y::rows(columns)?;
        let (rows, rest) = steps.as_chunks::<COUNT>();
        check_whole(steps.len(), steps.len() - rest.len(), Shape::new(&[COUNT]))?;
        Ok(rows.to_vec())
    }
}

/// The targets, and a weight for each.
impl<Y: Columns> Columns for WithWeight<Y> {
    type Columns = (Y::Columns, Vec<f32>);

    fn rows((columns, weights): Self::Columns) -> Result<Vec<Self::Target<f32>>, DataError> {
        let rows = Y::rows(columns)?;
        if rows.len() != weights.len() {
            return Err(DataError::Columns { first: rows.len(), other: weights.len(), place: 1 });
        }
        Ok(rows.into_iter().zip(weights).collect())
    }
}

impl<Y: Columns> Columns for Together<Y> {
    type Columns = Y::Columns;

    fn rows(columns: Y::Columns) -> Result<Vec<Self::Target<f32>>, DataError> {
        Y::rows(columns)
    }
}

fn check_whole(found: usize, used: usize, shape: Shape) -> Result<(), DataError> {
    if found == used { Ok(()) } else { Err(DataError::Elements { what: "targets", found, shape }) }
}

/// Tuples of labels: a tuple of columns, of as many samples each.
macro_rules! column_tuples {
    ($(($($label:ident $name:ident $place:tt)+))*) => {$(
        impl<$($label: Columns),+> Columns for ($($label,)+) {
            type Columns = ($($label::Columns,)+);

            fn rows(columns: Self::Columns) -> Result<Vec<Self::Target<f32>>, DataError> {
                let ($($name,)+) = ($($label::rows(columns.$place)?,)+);
                let counts = [$($name.len()),+];
                let samples = counts[0];
                $(if $name.len() != samples {
                    return Err(DataError::Columns { first: samples, other: $name.len(), place: $place });
                })+
                Ok((0..samples).map(|sample| ($($name[sample],)+)).collect())
            }
        }
    )*};
}

column_tuples! {
    (A a 0 B b 1)
    (A a 0 B b 1 C c 2)
    (A a 0 B b 1 C c 2 D d 3)
    (A a 0 B b 1 C c 2 D d 3 E e 4)
    (A a 0 B b 1 C c 2 D d 3 E e 4 F f 5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::Features;

    #[test]
    fn columns_become_rows() {
        type Both = (Classes<3>, Values<Features<2>>);
        let rows = Both::rows((alloc::vec![2, 0], alloc::vec![1.0, 2.0, 3.0, 4.0])).unwrap();
        assert_eq!(rows, [(2, [1.0, 2.0]), (0, [3.0, 4.0])]);
        let uneven = Both::rows((alloc::vec![2], alloc::vec![1.0, 2.0, 3.0, 4.0]));
        assert!(matches!(uneven, Err(DataError::Columns { first: 1, other: 2, place: 1 })));
        let half = Both::rows((alloc::vec![2], alloc::vec![1.0, 2.0, 3.0]));
        assert!(matches!(half, Err(DataError::Elements { what: "targets", found: 3, .. })));
        assert_eq!(Each::<2, Classes<9>>::rows(alloc::vec![1, 2, 3, 4]).unwrap(), [[1, 2], [3, 4]]);
        let odd = Each::<2, Classes<9>>::rows(alloc::vec![1, 2, 3]);
        assert!(matches!(odd, Err(DataError::Elements { what: "targets", found: 3, .. })));
        assert_eq!(OneHot::<2>::rows(alloc::vec![]).unwrap(), [[0.0; 2]; 0]);
    }
}
