"""Headers, footers and page numbers that a single page shows by their place and type.

``headers_footers`` finds those that only the neighbouring pages show.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from ocrportal.layout.blocks import Kind
from ocrportal.layout.columns import SENTENCE_END, Column, RowGroup
from ocrportal.layout.fragments import Fragment, Row, Rows, row_height, row_middle
from ocrportal.layout.list_markers import PAGE_NUMBER, REFERENCE_MARK, list_marker
from ocrportal.layout.roles.drafts import Draft, PageDraft

_MARGIN = 0.2
"""Share of the picture at its top and bottom where headers and footers may be: a photograph has
a background around the page."""
_SMALLER = 0.95
"""Type size of a header or footer that is not far from the text, divided by that of the text."""
_SAME_SIZE = 1.1
_TOUCHING = 0.5
"""Share of its height by which the box of a page number may overlap that of the text."""
_APART, _RATHER_FAR, _FAR = 0.5, 1.0, 1.5
"""White space between a header or footer and the text in line pitches, at least."""
_MIN_DISTANCE = 2.5
"""Distance of a row with a page number beside other text from all other rows, in its heights."""
_MIN_GAP = 3.0
"""White space between a page number and a header beside it, in line heights, at least."""
MAX_PIECES = 3
"""Pieces of a header side by side, at most: rows of tables have more."""
_LABEL = re.compile(r"[^:：]{1,12}[:：]\s*\S")
_DATE = re.compile(
    r"(\d{4}\s?[年./-]\s?\d{1,2}\s?[月./-]\s?\d{1,2}"
    r"|\d{1,2}[./]\d{1,2}[./]\d{4}"
    r"|\d{1,2}(st|nd|rd|th|\.)?\s[^\W\d_]{3,9}\.?,?\s\d{4}"
    r"|[^\W\d_]{3,9}\.?\s\d{1,2}(st|nd|rd|th)?,?\s\d{4})"
)
"""A day: the row above a letter that ends with one is not a header."""
_MIN_BLOCKS = 3
_MAX_BANDS = 2
"""Rows of headers, and of footers, at most."""


def page_edges(page: PageDraft, taken: Collection[int]) -> dict[int, Kind]:
    """Page numbers, headers and footers by index of the paragraph.

    None of them is further outside than a paragraph of ``taken``, whose kind is known.
    """
    if len(page.drafts) + len(page.figures) + len(page.tables) < _MIN_BLOCKS:
        return {}
    found: dict[int, Kind] = {}
    is_numbered = any(PAGE_NUMBER.fullmatch(draft.text) for draft in page.drafts)
    for is_top in (True, False):
        rest = set(range(len(page.drafts)))
        for _ in range(_MAX_BANDS):
            band = _outermost(page, rest, is_top=is_top)
            rest -= band
            kinds = _kinds(page, band, rest, is_top=is_top, is_numbered=is_numbered)
            if not kinds or not band.isdisjoint(taken):
                break
            found |= kinds
    has_text = len(found) < len(page.drafts) + len(page.figures) + len(page.tables)
    if not has_text:
        return {}
    return found


def with_page_numbers_apart(groups: Sequence[RowGroup | Fragment]) -> list[RowGroup | Fragment]:
    """The paragraphs, with a page number beside a footer or header as one of its own.

    Only the first and last row of the page may have one.
    """
    rows = [group.rows for group in groups if isinstance(group, RowGroup)]
    if not rows:
        return list(groups)
    edges = min(rows, key=lambda r: row_middle(r[0])), max(rows, key=lambda r: row_middle(r[-1]))
    found: list[RowGroup | Fragment] = []
    for group in groups:
        if not isinstance(group, RowGroup):
            found.append(group)
        elif any(group.rows is edge for edge in edges) and len(group.rows) == 1:
            found += _parted(group, rows)
        else:
            found.append(group)
    return found


def _is_apart(row: Row, rows: Sequence[Rows]) -> bool:
    """Whether a row is not as close to another one as the rows of a list are."""
    distance = _MIN_DISTANCE * row_height(row)
    return not any(
        abs(row_middle(other) - row_middle(row)) < distance
        for some in rows
        for other in some
        if other is not row
    )


def _parted(group: RowGroup, rows: Sequence[Rows]) -> list[RowGroup]:
    """A row with a page number at one of its ends as two."""
    row = group.rows[0]
    if len(row) < 2 or not _is_apart(row, rows):
        return [group]
    for end, before, after in ((0, row[0], row[1]), (-1, row[-2], row[-1])):
        gap = after.rect.left - before.rect.right
        if gap > _MIN_GAP * row_height(row) and PAGE_NUMBER.fullmatch(row[end].text):
            parts = (row[:1], row[1:]) if end == 0 else (row[:-1], row[-1:])
            return [_alone(part) for part in parts]
    return [group]


def _alone(row: Row) -> RowGroup:
    column = Column([row])
    return RowGroup(column, column, [row])


def _outermost(page: PageDraft, indices: set[int], *, is_top: bool) -> set[int]:
    """The paragraphs in the first or last row of those with these indices."""
    if not indices:
        return set()

    def middle(index: int) -> float:
        return page.drafts[index].rect.center_y

    first = min(indices, key=middle) if is_top else max(indices, key=middle)
    rect = page.drafts[first].rect
    return {index for index in indices if rect.top < middle(index) < rect.bottom}


def _kinds(
    page: PageDraft, band: set[int], rest: set[int], *, is_top: bool, is_numbered: bool
) -> dict[int, Kind]:
    """The kinds of the paragraphs of an outermost row; empty if they are text."""
    drafts = [page.drafts[index] for index in band]
    if not drafts or not rest or any(draft.row_count > 1 for draft in drafts):
        return {}
    y = drafts[0].rect.center_y
    if not (y < _MARGIN * page.height if is_top else y > (1 - _MARGIN) * page.height):
        return {}
    numbers = {i for i in band if PAGE_NUMBER.fullmatch(page.drafts[i].text)}
    kinds: dict[int, Kind] = dict.fromkeys(numbers, "page_number")
    named = [page.drafts[index] for index in band - numbers]
    if numbers and not named:
        gap = min(_gap(page, draft, rest) for draft in drafts)
        return kinds if gap > -_TOUCHING * page.row_height else {}
    if any(draft.text.endswith(SENTENCE_END) for draft in named):
        return {}
    if sum(len(draft.group.rows[0]) for draft in named) > MAX_PIECES:
        return {}
    if not numbers and any(_LABEL.match(d.text) or _DATE.search(d.text) for d in named):
        return {}
    for draft in named:
        size, gap = page.relative_size(draft), _gap(page, draft, rest) / page.pitch
        if not is_top and (REFERENCE_MARK.match(draft.text) or list_marker(draft.text)):
            return {}  # a footnote, or an item of a list
        is_apart = gap > _APART and (size < _SMALLER or bool(numbers))
        is_far = is_numbered and gap > (_FAR if size > 1 else _RATHER_FAR)
        if size > _SAME_SIZE or not (is_apart or is_far):
            return {}
    return kinds | dict.fromkeys(band - numbers, "header" if is_top else "footer")


def _gap(page: PageDraft, draft: Draft, rest: set[int]) -> float:
    """The white space between a row and the text, figure or table above or below it, in pixels.

    That is the nearest one if none of them is in the same columns.
    """
    rects = [*(page.drafts[index].rect for index in rest), *page.figures, *page.tables]
    beside = [rect for rect in rects if rect.overlaps_in_x(draft.rect)]
    return min(
        max(rect.top - draft.rect.bottom, draft.rect.top - rect.bottom) for rect in beside or rects
    )
