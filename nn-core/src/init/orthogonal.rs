use crate::random::Random;
use crate::scalar::Scalar;

/// One row or column of a matrix in a flat slice.
#[derive(Clone, Copy)]
struct Line {
    start: usize,
    step: usize,
    len: usize,
}

impl Line {
    fn indices(self) -> impl Iterator<Item = usize> {
        (0..self.len).map(move |position| self.start + position * self.step)
    }
}

/// Fills a matrix with orthonormal lines: its columns, or its rows where those are fewer. Works in place.
///
/// Normal random vectors, made orthonormal one after the other (Gram and Schmidt), are uniformly distributed. Every
/// projection is taken off twice, which is enough for full precision (Giraud, Langou and Rozložník, 2005). The cost is
/// `2 · lines² · length` multiplications.
pub(super) fn fill<T: Scalar>(matrix: &mut [T], columns: usize, random: &mut Random) {
    if matrix.is_empty() {
        return;
    }
    let rows = matrix.len() / columns;
    let line = |index: usize| {
        if columns <= rows {
            Line { start: index, step: columns, len: rows }
        } else {
            Line { start: index * columns, step: 1, len: columns }
        }
    };
    for index in 0..rows.min(columns) {
        while !draw_orthogonal(matrix, line(index), (0..index).map(line), random) {}
    }
}

/// Draws one line and makes it orthonormal to the earlier ones; `false` in the rare case that too little of it is left
/// to be normalised.
fn draw_orthogonal<T: Scalar>(
    matrix: &mut [T],
    line: Line,
    earlier: impl Iterator<Item = Line> + Clone,
    random: &mut Random,
) -> bool {
    line.indices().for_each(|index| matrix[index] = T::of(random.normal()));
    for _ in 0..2 {
        for other in earlier.clone() {
            let share = T::of(dot(matrix, line, other));
            line.indices().zip(other.indices()).for_each(|(to, from)| matrix[to] -= share * matrix[from]);
        }
    }
    let norm = num_traits::Float::sqrt(dot(matrix, line, line));
    line.indices().for_each(|index| matrix[index] = T::of(matrix[index].wide() / norm));
    norm > 1e-3
}

fn dot<T: Scalar>(matrix: &[T], left: Line, right: Line) -> f64 {
    left.indices().zip(right.indices()).map(|(left, right)| matrix[left].wide() * matrix[right].wide()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn largest_error<const N: usize>(columns: usize) -> f64 {
        let mut matrix = [f32::NAN; N];
        fill(&mut matrix, columns, &mut Random::new(5));
        let rows = N / columns;
        let (lines, len, step, stride) =
            if columns <= rows { (columns, rows, columns, 1) } else { (rows, columns, 1, columns) };
        let mut worst = 0.0f64;
        for left in 0..lines {
            for right in 0..lines {
                let (left_line, right_line) =
                    (Line { start: left * stride, step, len }, Line { start: right * stride, step, len });
                let expected = if left == right { 1.0 } else { 0.0 };
                worst = worst.max((dot(&matrix, left_line, right_line) - expected).abs());
            }
        }
        worst
    }

    #[test]
    fn lines_are_orthonormal_whichever_way_the_matrix_lies() {
        for error in [
            largest_error::<400>(20),
            largest_error::<210>(30),
            largest_error::<210>(7),
            largest_error::<9>(9),
            largest_error::<9>(1),
        ] {
            assert!(error < 1e-6, "{error}");
        }
    }
}
