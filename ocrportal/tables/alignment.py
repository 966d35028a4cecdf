"""Alignment: whether a text begins, ends or is centered where the texts of its column are."""

from __future__ import annotations

from collections.abc import Sequence

from ocrportal.geometry import Rect

ALIGNED = 0.35
"""Line heights by which the edges of aligned texts differ from their middle."""
MIN_ALIGNED = 0.7
"""Share of the texts of an aligned column that are aligned."""


def is_aligned(boxes: Sequence[Rect], line_height: float) -> bool:
    """Whether most texts begin at the same place, end at the same place or have one center."""
    tolerance = 2 * ALIGNED * line_height
    for edges in _edges(boxes):
        near = max(sum(edge <= other <= edge + tolerance for other in edges) for edge in edges)
        if near >= MIN_ALIGNED * len(edges):
            return True
    return False


def is_aligned_with(box: Rect, column: Sequence[Rect], line_height: float) -> bool:
    """Whether a text is aligned with those of a column as they are with each other."""
    tolerance = ALIGNED * line_height
    for edges, (edge,) in zip(_edges(column), _edges([box]), strict=True):
        near = sum(abs(edge - other) <= tolerance for other in edges)
        if near >= MIN_ALIGNED * len(edges):
            return True
    return False


def _edges(boxes: Sequence[Rect]) -> tuple[list[float], list[float], list[float]]:
    return (
        sorted(box.right for box in boxes),
        sorted(box.left for box in boxes),
        sorted(box.center_x for box in boxes),
    )
