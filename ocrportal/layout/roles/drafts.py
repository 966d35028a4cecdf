"""The paragraphs of a page before their roles are known, and the measures of the page's type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

from ocrportal.geometry import Rect, RectIndex
from ocrportal.layout.blocks import TextStyle
from ocrportal.layout.columns import RowGroup
from ocrportal.layout.fragments import row_height
from ocrportal.text import text_width

_CELL_GAP = 1.5
"""Fragments of a row with a wider gap between them, in line heights, are cells."""
_MIN_RELIABLE = 8
"""Longer texts show their type size by the widths of their lines."""
_BOX_MARGIN = 0.2
"""Width of both margins of a detector's box, in heights of the box."""


@dataclass(frozen=True, eq=False)
class Draft:
    """A paragraph in the frame of reading; equal only to itself."""

    group: RowGroup
    style: TextStyle
    text: str

    @property
    def row_count(self) -> int:
        return len(self.group.rows)

    @cached_property
    def rect(self) -> Rect:
        """Its bounds in pixels."""
        return Rect.union([fragment.rect for row in self.group.rows for fragment in row])

    @cached_property
    def height(self) -> float:
        """The height of its rows, in pixels."""
        return median(row_height(row) for row in self.group.rows)

    @property
    def is_bold(self) -> bool:
        """Whether all of it is known to be bold."""
        return all(fragment.is_bold for row in self.group.rows for fragment in row)

    @property
    def has_known_size(self) -> bool:
        """Whether the file gives its type size."""
        return all(fragment.type_size for row in self.group.rows for fragment in row)

    @property
    def has_cells(self) -> bool:
        """Whether it has a wide gap within a row, as the rows of a table have."""
        return any(
            after.rect.left - before.rect.right > _CELL_GAP * self.height
            for row in self.group.rows
            for before, after in pairwise(row)
        )


class PageDraft:
    """The paragraphs of a page, and what is usual on it."""

    def __init__(
        self,
        drafts: Sequence[Draft],
        height: float,
        figures: Sequence[Rect],
        tables: Sequence[Rect],
        *,
        is_vertical: bool,
    ) -> None:
        """``height`` is that of the page; all measures are pixels in the frame of reading."""
        self.drafts = drafts
        self.height = height
        self.is_vertical = is_vertical
        self.figures = figures
        self.tables = tables
        self._places = RectIndex((*figures, *tables))
        self.type_size = _median_by_length(drafts, [draft.style.size for draft in drafts])
        self.row_height = _median_by_length(drafts, [draft.height for draft in drafts])
        pitches = [draft.group.column.pitch for draft in drafts]
        self.pitch = _median_by_length(drafts, pitches)
        length = sum(len(draft.text) for draft in drafts)
        in_bold = sum(len(draft.text) for draft in drafts if draft.is_bold)
        self.is_bold = 2 * in_bold > length
        """Whether most of the text is bold."""

    def areas_beside(self, draft: Draft, distance: float) -> tuple[list[Rect], list[Rect]]:
        """The figures and the tables up to a distance above or below a paragraph.

        Captions of vertical pages may be level: then those at both sides are meant too.
        """
        left, top, right, bottom = draft.rect
        across = distance if self.is_vertical else 0.0
        around = Rect(left - across, top - distance, right + across, bottom + distance)
        figures: list[Rect] = []
        tables: list[Rect] = []
        for index in self._places.overlapping(around):
            if index < len(self.figures):
                figures.append(self.figures[index])
            else:
                tables.append(self.tables[index - len(self.figures)])
        return figures, tables

    def relative_size(self, draft: Draft) -> float:
        """The type size of a paragraph divided by that of the body text.

        The widths and the heights of its rows have to agree: letter-spaced titles are wide,
        and rows with a drop cap or a stamp are high.
        """
        if draft.has_known_size:
            return draft.style.size / self.type_size
        by_height = draft.height / self.row_height
        if len(draft.text) > _MIN_RELIABLE:
            return min(draft.style.size / self.type_size, 1.1 * by_height)
        ems = max(text_width(draft.text), 0.1)
        # A detector's box has a margin on all sides, which is wide in comparison.
        margin = min(_BOX_MARGIN * draft.height, draft.height - draft.rect.width / ems)
        by_width = (draft.rect.width - max(margin, 0.0)) / ems / self.type_size
        return min(by_width, by_height)

    def gap_above(self, index: int) -> float:
        """The white space above a paragraph, in pixels; ``inf`` at the top of a column."""
        draft = self.drafts[index]
        if not index or not _is_above(self.drafts[index - 1], draft):
            return float("inf")
        return draft.rect.top - self.drafts[index - 1].rect.bottom

    def gap_below(self, index: int) -> float:
        """The white space below a paragraph, in pixels; ``inf`` at the bottom of a column."""
        if index + 1 == len(self.drafts):
            return float("inf")
        draft, following = self.drafts[index], self.drafts[index + 1]
        if not _is_above(draft, following):
            return float("inf")
        return following.rect.top - draft.rect.bottom


def _is_above(draft: Draft, following: Draft) -> bool:
    return draft.rect.bottom < following.rect.center_y and draft.rect.overlaps_in_x(following.rect)


def _median_by_length(drafts: Sequence[Draft], values: Sequence[float]) -> float:
    """The median over the characters of a page; 1.0 for a page without text."""
    by_value = sorted(zip(values, (len(draft.text) for draft in drafts), strict=True))
    half = sum(length for _, length in by_value) / 2
    for value, length in by_value:
        half -= length
        if half <= 0:
            return value or 1.0
    return 1.0
