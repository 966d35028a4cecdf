"""Fits the text of a page to its paper: smaller gaps first, then closer lines of smaller type.

The heights are estimated twice: in the fonts of the file, and in the wider ones that a reader
without them shows. A page that is too high in either is fitted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ocrportal.exporters.word.line_breaks import Words, line_count

_GAPS = (1.0, 0.85, 0.7, 0.55, 0.4, 0.25)
"""Shares of the gaps that are tried with each size."""
_SIZES = (1.0, 0.98, 0.96, 0.94, 0.92, 0.9)
"""Shares of the type sizes and of the line pitches."""

_UNSURE = 0.03
"""Share by which the lines in a wider font may be more than is estimated: a page of 40 lines often
has one more."""
_SPARE = 2.0
"""White that is left at the foot of a page, in points."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A block or a part of one as it is set in its column; lengths are in points."""

    gap: float
    fixed: float = 0.0
    """The height that no fit changes: of a figure or a table, and above the text of the page."""
    words: Words = ()
    """The text of a paragraph."""
    rooms: tuple[float, float] = (0.0, 0.0)
    """The widths of its first and of its further lines."""
    size: float = 0.0
    pitch: float = 0.0
    spacing: float = 0.0
    """The change of the distance of its characters, in ems."""

    def needs(self, fit: Fit, *, is_wider: bool) -> float:
        """Its height with the gap above, in the font of the file or in the one that replaces it."""
        fixed = fit.gaps * self.gap + self.fixed
        if not self.words:
            return fixed
        size = fit.type_size(self.size)
        first, rest = (width / size for width in self.rooms)
        lines = line_count(self.words, (first, rest), self.spacing, is_wider=is_wider)
        unsure = 1 + _UNSURE if is_wider else 1.0
        return fixed + unsure * lines * fit.sizes * self.pitch


@dataclass(frozen=True, slots=True)
class Fit:
    """The shares of the gaps, and of the type sizes and line pitches, that a page keeps."""

    gaps: float = 1.0
    sizes: float = 1.0

    def type_size(self, size: float) -> float:
        """A type size in points with this fit; Word knows halves of points."""
        return size if self.sizes == 1.0 else max(math.floor(2 * size * self.sizes) / 2, 1.0)


Zone = Sequence[Sequence[Piece]]
"""The columns of a part of a page."""


def page_fit(zones: Sequence[Zone], limit: float) -> Fit:
    """The first fit with which the columns of each zone end above ``limit``.

    If none is enough, it is the closest one: what does not fit is on the next page.
    """
    fit = Fit()
    for sizes in _SIZES:
        for gaps in _GAPS:
            fit = Fit(gaps, sizes)
            if all(
                _height(zones, fit, is_wider=wider) + _SPARE <= limit for wider in (False, True)
            ):
                return fit
    return fit


def _height(zones: Sequence[Zone], fit: Fit, *, is_wider: bool) -> float:
    return sum(
        max(sum(piece.needs(fit, is_wider=is_wider) for piece in column) for column in zone)
        for zone in zones
    )
