use crate::OutOfRange;
use crate::spec::Shape;

/// Why samples cannot be augmented in this way: found before the first step.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AugmentError {
    /// Samples have another shape than the augmentation works on.
    #[error("`{name}` works on {expected}, but samples have the shape {found}")]
    Shape {
        /// The augmentation.
        name: &'static str,
        /// What it works on, in words.
        expected: &'static str,
        /// The shape of a sample.
        found: Shape,
    },
    /// A strength or a probability makes no sense.
    #[error(transparent)]
    Setting(#[from] OutOfRange),
    /// Targets would have to be blended, and cannot be.
    #[error(
        "`{name}` blends the targets of two samples, and class numbers cannot be blended\n\
         help: train on `data.one_hot()`, whose targets are a share for each class"
    )]
    Targets {
        /// The augmentation.
        name: &'static str,
    },
}
