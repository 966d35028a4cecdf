"""Transformation matrices of PDF."""

from __future__ import annotations

Matrix = tuple[float, float, float, float, float, float]
"""(a, b, c, d, e, f) maps (x, y) to (ax + cy + e, bx + dy + f)."""
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def product(first: Matrix, second: Matrix) -> Matrix:
    """The matrix that applies ``first``, and then ``second``."""
    a, b, c, d, e, f = first
    x, y = applied(second, e, f)
    p, q, r, s, _, _ = second
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, x, y


def applied(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """The place to which a matrix maps a point."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def inverse(matrix: Matrix) -> Matrix:
    """The matrix that maps back. Raises ZeroDivisionError if there is none."""
    a, b, c, d, e, f = matrix
    area = a * d - b * c
    return (
        *(d / area, -b / area, -c / area, a / area),
        *((c * f - d * e) / area, (b * e - a * f) / area),
    )
