"""Lines below a seal or a watermark: how well their text is read."""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz.distance import Levenshtein

from bench.comparison import comparable
from bench.documents.truth import TrueLine, TruePage
from ocrportal.geometry import Rect
from ocrportal.layout.laid_out_page import LaidOutPage

COVERS = ("seal", "watermark")
_MIN_COVERED = 0.1
"""Share of the area of a line below which it only touches a seal."""


def covered_lines(page: TruePage, cover: str) -> Iterator[TrueLine]:
    """The lines of text, other than that of seals, below a cover."""
    covers = [region.box for region in page.regions if region.kind == cover]
    for block in page.blocks:
        if not block.optional:
            yield from (line for line in block.lines if _is_covered(line.box, covers))


def _is_covered(box: Rect, covers: list[Rect]) -> bool:
    areas = (common.area for cover in covers if (common := box.intersection(cover)))
    return sum(areas) > _MIN_COVERED * box.area


def line_errors(lines: list[TrueLine], page: LaidOutPage) -> tuple[int, int]:
    """The character errors of these lines, and their characters.

    A true line is compared with the found lines whose center is within its height.
    """
    errors = length = 0
    found = [(Rect.around(line.box), line.text) for line in page.result.lines]
    for line in lines:
        truth = comparable(line.text)
        pieces = sorted(
            (box, text)
            for box, text in found
            if line.box.top < box.center_y < line.box.bottom and line.box.overlaps_in_x(box)
        )
        text = comparable("".join(text for _box, text in pieces))
        errors += Levenshtein.distance(text, truth)
        length += len(truth)
    return errors, length
