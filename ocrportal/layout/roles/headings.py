"""Headings of a page, recognised by their type, their numbers and their place above text."""

from __future__ import annotations

import re

from ocrportal.layout.columns import SENTENCE_END
from ocrportal.layout.list_markers import ListMarker, list_marker
from ocrportal.layout.roles.drafts import Draft, PageDraft
from ocrportal.text import is_han_like

_DIGITS = "一二三四五六七八九十百零〇\\d"
CHAPTER = re.compile(
    rf"第\s?[{_DIGITS}]{{1,5}}\s?(?P<rank>[章部篇编編节節条條款])\s*\S?"
    r"|(Chapter|Part|Section|Article|Appendix)\s+([\dIVXLC]+|[A-Z])\b|附[录錄件]\s?[A-Z\d一二三四五六]"
)
SECTION = re.compile(r"\d{1,2}(?P<depth>([.．]\d{1,2}){1,3})[.．]?\s*[^\W\d]")
_PLAIN_NUMBER = re.compile(r"(\d{1,2}|[IVX]{1,4}[.．])\s?(?=[^\W\d_])")
"""The number of a section without a dot, or a Roman one."""
_LEADING_NUMBER = re.compile(r"^[\d.．\s]+(?=[^\W\d])")
_PAUSE = re.compile(r"[，,；;。]|[!?！？](?=.)")
_LABEL = re.compile(r"[^:：]{1,12}[:：]\s*\S")
_NOT_IN_HEADINGS = re.compile(r"[☐☑☒□■=→]")
_QUOTES = {"“": "”", "「": "」", "『": "』"}
_SIZES = ((1.5, 1), (1.2, 2), (1.12, 3))
"""Type size of the headings of each level divided by that of the body text, at least."""
_LARGE = 1.5
_SLIGHTLY_LARGER = 1.04
_MAX_LENGTH, _MAX_NUMBERED = 80, 40
"""Characters of the longest heading, and of the longest one that only its number shows."""
_MAX_ROWS = 3
_MIN_LETTERS = 0.5
"""Share of the characters that are letters, at least: sums and dates are larger at times."""
_MAX_GAP = 8.0
"""White space between a heading that its place shows and the text, in line pitches, at most."""
_MAX_WIDTH = 0.75
"""Width of a heading that its place shows, divided by that of its column, at most."""


def heading_level(page: PageDraft, index: int) -> int:
    """The level of a paragraph as a heading, 1 to 3; 0 if it is not a heading."""
    draft = page.drafts[index]
    text = draft.text
    if not _may_be_heading(draft):
        return 0
    size = page.relative_size(draft)
    if draft.row_count == 1 and (level := _level_by_number(page, index, size)):
        return level
    if (size < _LARGE and _LABEL.match(text)) or (list_marker(text) and size < _SIZES[1][0]):
        return 0
    if len(text) == 1 or (draft.has_cells and size < _LARGE):
        return 0
    for factor, level in _SIZES:
        if size > factor:
            return level
    is_marked = size > _SLIGHTLY_LARGER or (draft.is_bold and not page.is_bold)
    is_above_text = is_marked and _is_above_text(page, index)
    return 3 if is_above_text and not _PAUSE.search(text) else 0


def _may_be_heading(draft: Draft) -> bool:
    text = draft.text
    if draft.row_count > _MAX_ROWS or len(text) > _MAX_LENGTH:
        return False
    if text.rstrip('"').endswith(SENTENCE_END) or _NOT_IN_HEADINGS.search(text):
        return False
    if _QUOTES.get(text[0], "") not in text or text.count('"') % 2:
        return False
    if draft.row_count == 1 and _PAUSE.search(text) and _fills_column(draft):
        return False  # the first row of a text with a drop cap
    chars = [char for char in _LEADING_NUMBER.sub("", text) if not char.isspace()]
    return sum(map(str.isalpha, chars)) >= _MIN_LETTERS * len(chars)


def _fills_column(draft: Draft) -> bool:
    column = draft.group.column
    return len(column.rows) > 1 and column.right - draft.rect.right < 1.5 * column.height


def _level_by_number(page: PageDraft, index: int, size: float) -> int:
    """The level of a heading by its chapter or section number; 0 without such a number."""
    text = page.drafts[index].text
    if (len(text) > _MAX_NUMBERED and is_han_like(text[-1])) or _PAUSE.search(text):
        return 0
    if found := CHAPTER.match(text):
        return 1 if (found["rank"] or "章") in "章部篇编編" else 2
    if found := SECTION.match(text):
        level = min(3, found["depth"].replace("．", ".").count(".") + 1)
        return level if _is_above_text(page, index) else 0
    if marker := list_marker(text):
        is_numbered = marker.style in ("decimal", "chinese", "capital") and not _is_in_list(
            page, index, marker
        )
        level = 3 if marker.before else 2
        return level if is_numbered and _is_above_text(page, index) else 0
    if _PLAIN_NUMBER.match(text) and size > _SLIGHTLY_LARGER and _is_above_text(page, index):
        return 2
    return 0


def _is_in_list(page: PageDraft, index: int, marker: ListMarker) -> bool:
    """Whether the paragraph before or after has the number before or after."""
    for step in (-1, 1):
        other = _neighbour(page, index, step)
        found = list_marker(other.text) if other else None
        if found and (found.style, found.before, found.after, found.number) == (
            marker.style,
            marker.before,
            marker.after,
            marker.number + step,
        ):
            return True
    return False


def _is_above_text(page: PageDraft, index: int) -> bool:
    """Whether a short row is followed by text in its column, and is not farther from it."""
    draft, below = page.drafts[index], _neighbour(page, index, 1)
    if below is None or draft.row_count > 1:
        return False
    column = draft.group.column
    width = column.right - column.left
    is_short = draft.rect.width < _MAX_WIDTH * width
    gap = below.rect.top - draft.rect.bottom
    return (
        is_short
        and below.rect.overlaps_in_x(draft.rect)
        and -draft.height < gap < _MAX_GAP * page.pitch
        and (below.row_count > 1 or below.rect.width > draft.rect.width)
        and page.gap_above(index) > gap - 0.3 * draft.height
    )


def _neighbour(page: PageDraft, index: int, step: int) -> Draft | None:
    place = index + step
    return page.drafts[place] if 0 <= place < len(page.drafts) else None
