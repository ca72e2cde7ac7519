use super::kernels;
use crate::Scalar;
use crate::simd::Isa;

kernels! {
    trait Elementwise<T>;

    /// `output = left + right`, element by element; all slices have one length.
    pub fn add(left: &[T], right: &[T], output: &mut [T]) = add_body;
    /// `output = left - right`, element by element; all slices have one length.
    pub fn subtract(left: &[T], right: &[T], output: &mut [T]) = subtract_body;
    /// `output = left · right`, element by element; all slices have one length.
    pub fn multiply(left: &[T], right: &[T], output: &mut [T]) = multiply_body;
    /// `output = -values`, element by element; both slices have one length.
    pub fn negate(values: &[T], output: &mut [T]) = negate_body;
    /// `sum += term`, element by element; both slices have one length.
    pub fn add_assign(sum: &mut [T], term: &[T]) = add_assign_body;
    /// `sum -= term`, element by element; both slices have one length.
    pub fn subtract_assign(sum: &mut [T], term: &[T]) = subtract_assign_body;
    /// `product *= factor`, element by element; both slices have one length.
    pub fn multiply_assign(product: &mut [T], factor: &[T]) = multiply_assign_body;
    /// `sum += left · right`, element by element; all slices have one length.
    pub fn add_product(sum: &mut [T], left: &[T], right: &[T]) = add_product_body;
    /// `values *= factor`, the same factor for each element.
    pub fn scale(values: &mut [T], factor: T) = scale_body;
    /// `output = values · factor + offset`, the same two numbers for each element; both slices have one length.
    pub fn rescale(factor: T, offset: T, values: &[T], output: &mut [T]) = rescale_body;
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
pub(crate) fn add_body<I: Isa, T: Scalar>(left: &[T], right: &[T], output: &mut [T]) {
    zip(left, right, output, |left, right| left + right);
}

#[inline(always)]
pub(crate) fn subtract_body<I: Isa, T: Scalar>(left: &[T], right: &[T], output: &mut [T]) {
    zip(left, right, output, |left, right| left - right);
}

#[inline(always)]
pub(crate) fn multiply_body<I: Isa, T: Scalar>(left: &[T], right: &[T], output: &mut [T]) {
    zip(left, right, output, |left, right| left * right);
}

#[inline(always)]
fn negate_body<I: Isa, T: Scalar>(values: &[T], output: &mut [T]) {
    zip_assign(output, values, |_, value| -value);
}

#[inline(always)]
fn add_assign_body<I: Isa, T: Scalar>(sum: &mut [T], term: &[T]) {
    zip_assign(sum, term, |sum, term| sum + term);
}

#[inline(always)]
fn subtract_assign_body<I: Isa, T: Scalar>(sum: &mut [T], term: &[T]) {
    zip_assign(sum, term, |sum, term| sum - term);
}

#[inline(always)]
fn multiply_assign_body<I: Isa, T: Scalar>(product: &mut [T], factor: &[T]) {
    zip_assign(product, factor, |product, factor| product * factor);
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
            add(&left, &right, &mut output);
            assert_eq!(output, expected(|left, right| left + right));
            subtract(&left, &right, &mut output);
            assert_eq!(output, expected(|left, right| left - right));
            multiply(&left, &right, &mut output);
            assert_eq!(output, expected(|left, right| left * right));

            let changed = |function: fn(&mut [T], &[T])| {
                let mut changed = left.clone();
                function(&mut changed, &right);
                changed
            };
            assert_eq!(changed(add_assign), expected(|left, right| left + right));
            assert_eq!(changed(subtract_assign), expected(|left, right| left - right));
            assert_eq!(changed(multiply_assign), expected(|left, right| left * right));
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
