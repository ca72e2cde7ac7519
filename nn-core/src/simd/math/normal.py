"""The constants NORMAL_OVER and NORMAL_UNDER of `mod.rs`: python3 normal.py; needs mpmath (made with 1.3).

Fits exp(z² / 2) · Φ(-z) for 0 ≤ z ≤ high by P(z) / Q(z) with P(0) = 1/2 and Q(0) = 1, to the least relative error: least squares
on Chebyshev nodes of (z - 4) / (z + 4), weighted anew by the denominator and, after Lawson, by the error.
"""

from mpmath import cos, erfc, exp, matrix, mp, mpf, nstr, pi, qr_solve, sqrt

mp.dps = 60


def exact(z):
    return erfc(z / sqrt(2)) / 2 * exp(z * z / 2)


def value(coefficients, z):
    result = mpf(0)
    for coefficient in reversed(coefficients):
        result = result * z + coefficient
    return result


def fit(over, under, high, rounds=40):
    """P of degree `over` and Q of degree `under`, and their largest relative error."""
    count = 8 * (over + under)
    last = (high - mpf(4)) / (high + 4)
    nodes = [(cos(pi * (index + mpf(1) / 2) / count) + 1) / 2 * (last + 1) - 1 for index in range(count)]
    nodes = [4 * (1 + t) / (1 - t) for t in nodes]
    values = [exact(z) for z in nodes]
    below, weights, best = [mpf(1)] * count, [mpf(1)] * count, None
    for _ in range(rounds):
        rows, right = matrix(count, over + under), matrix(count, 1)
        for index, (z, y) in enumerate(zip(nodes, values)):
            scale = sqrt(weights[index]) / below[index]
            for power in range(1, over + 1):
                rows[index, power - 1] = scale * z**power / y
            for power in range(1, under + 1):
                rows[index, over + power - 1] = -scale * z**power
            right[index] = scale * (1 - mpf(1) / 2 / y)
        solution = list(qr_solve(rows, right)[0])
        top, bottom = [mpf(1) / 2, *solution[:over]], [mpf(1), *solution[over:]]
        below = [value(bottom, z) for z in nodes]
        errors = [abs(value(top, z) / below[index] / values[index] - 1) for index, z in enumerate(nodes)]
        if best is None or max(errors) < best[0]:
            best = (max(errors), top, bottom)
        weights = [weight * sqrt(error / max(errors) + mpf(10) ** -3) for weight, error in zip(weights, errors)]
    return best


for name, digits, over, under, high in [("f32", 9, 4, 5, 15), ("f64", 17, 9, 10, 39)]:
    error, top, bottom = fit(over, under, high)
    print(name, "error", nstr(error, 3))
    for part, coefficients in [("OVER", top), ("UNDER", bottom)]:
        print(" ", part, ", ".join(nstr(coefficient, digits) for coefficient in coefficients))
