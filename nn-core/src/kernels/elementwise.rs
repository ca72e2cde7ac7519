use super::kernels;
use crate::Scalar;
use crate::simd::Isa;

kernels! {
    trait Elementwise<T>;

    /// `output = left ∘ right`, element by element; all slices have one length.
    pub fn join(operator: Join, left: &[T], right: &[T], output: &mut [T]) = join_body;
    /// `left = left ∘ right`, element by element; both slices have one length.
    pub fn join_assign(operator: Join, left: &mut [T], right: &[T]) = join_assign_body;
    /// `output = -values`, element by element; both slices have one length.
    pub fn negate(values: &[T], output: &mut [T]) = negate_body;
    /// `sum += left · right`, element by element; all slices have one length.
    pub fn add_product(sum: &mut [T], left: &[T], right: &[T]) = add_product_body;
    /// `values *= factor`, the same factor for each element.
    pub fn scale(values: &mut [T], factor: T) = scale_body;
    /// `output = values · factor + offset`, the same two numbers for each element; both slices have one length.
    pub fn rescale(factor: T, offset: T, values: &[T], output: &mut [T]) = rescale_body;
    /// `values = values · factor + offset`, the same two numbers for each element.
    pub fn rescale_in_place(factor: T, offset: T, values: &mut [T]) = rescale_in_place_body;
}

/// How two values become one, element by element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// `left + right`
    Add,
    /// `left - right`
    Subtract,
    /// `left · right`
    Multiply,
}

/// Evaluates an expression with the function of a [`Join`].
macro_rules! with_operator {
    ($operator:expr, |$function:ident| $body:expr) => {
        match $operator {
            Join::Add => {
                let $function = |left: T, right: T| left + right;
                $body
            }
            Join::Subtract => {
                let $function = |left: T, right: T| left - right;
                $body
            }
            Join::Multiply => {
                let $function = |left: T, right: T| left * right;
                $body
            }
        }
    };
}

/// `output = function(left, right)`.
#[inline(always)]
fn zip<T: Scalar>(left: &[T], right: &[T], output: &mut [T], function: impl Fn(T, T) -> T) {
    assert!(left.len() == output.len() && right.len() == output.len(), "the slices differ in length");
    for ((output, &left), &right) in output.iter_mut().zip(left).zip(right) {
        *output = function(left, right);
    }
}

/// `left = function(left, right)`.
#[inline(always)]
fn zip_assign<T: Scalar>(left: &mut [T], right: &[T], function: impl Fn(T, T) -> T) {
    assert!(left.len() == right.len(), "the slices differ in length");
    for (left, &right) in left.iter_mut().zip(right) {
        *left = function(*left, right);
    }
}

#[inline(always)]
pub(crate) fn join_body<I: Isa, T: Scalar>(operator: Join, left: &[T], right: &[T], output: &mut [T]) {
    with_operator!(operator, |function| zip(left, right, output, function));
}

#[inline(always)]
pub(crate) fn join_assign_body<I: Isa, T: Scalar>(operator: Join, left: &mut [T], right: &[T]) {
    with_operator!(operator, |function| zip_assign(left, right, function));
}

#[inline(always)]
fn negate_body<I: Isa, T: Scalar>(values: &[T], output: &mut [T]) {
    zip_assign(output, values, |_, value| -value);
}

#[inline(always)]
fn add_product_body<I: Isa, T: Scalar>(sum: &mut [T], left: &[T], right: &[T]) {
    assert!(left.len() == sum.len() && right.len() == sum.len(), "the slices differ in length");
    for ((sum, &left), &right) in sum.iter_mut().zip(left).zip(right) {
        *sum = I::mul_add(left, right, *sum);
    }
}

#[inline(always)]
fn scale_body<I: Isa, T: Scalar>(values: &mut [T], factor: T) {
    for value in values {
        *value *= factor;
    }
}

#[inline(always)]
fn rescale_body<I: Isa, T: Scalar>(factor: T, offset: T, values: &[T], output: &mut [T]) {
    zip_assign(output, values, |_, value| I::mul_add(value, factor, offset));
}

#[inline(always)]
pub(crate) fn rescale_in_place_body<I: Isa, T: Scalar>(factor: T, offset: T, values: &mut [T]) {
    for value in values {
        *value = I::mul_add(*value, factor, offset);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_function<T: Scalar>() {
        for len in [0, 1, 7, 8, 33] {
            let values = |factor: f64, offset: f64| -> std::vec::Vec<T> {
                (0..len).map(|index| T::of(f64::from(index) * factor + offset)).collect()
            };
            let (left, right) = (values(1.0, 2.0), values(-3.0, 5.0));
            let expected = |function: fn(T, T) -> T| -> std::vec::Vec<T> {
                left.iter().zip(&right).map(|(&left, &right)| function(left, right)).collect()
            };
            let mut output = values(0.0, 0.0);
            type Function<T> = fn(T, T) -> T;
            let operators: [(Join, Function<T>); 3] =
                [(Join::Add, |a, b| a + b), (Join::Subtract, |a, b| a - b), (Join::Multiply, |a, b| a * b)];
            for (operator, function) in operators {
                join(operator, &left, &right, &mut output);
                assert_eq!(output, expected(function));
                let mut changed = left.clone();
                join_assign(operator, &mut changed, &right);
                assert_eq!(changed, expected(function));
            }
            let mut moved = left.clone();
            rescale(T::of(3.0), T::of(-1.0), &left, &mut output);
            rescale_in_place(T::of(3.0), T::of(-1.0), &mut moved);
            assert_eq!(moved, output);
            let mut sum = left.clone();
            add_product(&mut sum, &left, &right);
            assert_eq!(sum, expected(|left, right| left + left * right));
        }
    }

    #[test]
    fn equal_their_definitions() {
        every_function::<f32>();
        every_function::<f64>();
    }
}
