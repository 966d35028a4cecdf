"""Roles of the paragraphs of a page: heading, list item, caption, page number, body text."""

from __future__ import annotations

import re
from statistics import median

from ocrportal.layout.blocks import Kind, TextStyle
from ocrportal.layout.columns import SENTENCE_END, RowGroup
from ocrportal.layout.fragments import row_middle
from ocrportal.layout.list_markers import list_marker

PAGE_NUMBER = re.compile(
    r"[-–—~·•\s]*(第\s?\d{1,4}\s?[页頁]([,，/\s]*共\s?\d{1,4}\s?[页頁])?|(page\s?)?\d{1,4}"
    r"(\s?(/|of)\s?\d{1,4})?|[ivxl]{1,6})[-–—~·•\s]*",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"([图圖表]|Figure|Fig\.|Table)\s?\d+([.．\-–]\d+)*[.．:：\s]", re.IGNORECASE)
_LEADERS = re.compile(r"(…|[.．·⋯]{3})[\s.．·⋯…]*(\d{1,4}|[ivxl]{1,6})$", re.IGNORECASE)
"""Dots that lead to a page number at the end of a line."""
_CHAPTER = re.compile(r"第[一二三四五六七八九十百零〇\d]{1,5}(?P<rank>[章部篇编節节])\s*\S?")
_SECTION = re.compile(r"\d{1,2}(?P<depth>(\.\d{1,2}){1,3})\.?\s*[^\W\d]")
_HEADING_SIZES = ((1.5, 1), (1.2, 2), (1.12, 3))
"""Type size of the headings of each level divided by that of the body text, at least."""
_MAX_HEADING = 80
"""Characters of the longest heading."""
_MARGIN = 0.1
"""Share of the page at its top and bottom where headers and footers may be."""
_HEADER_SIZE = 0.93
"""Type size of a header or footer divided by that of the body text, at most."""


def roles_of(
    groups: list[RowGroup], styles: list[TextStyle], texts: list[str], page_height: float
) -> list[tuple[Kind, int]]:
    """Kind and level of each paragraph of a page; the level is 0 unless it is a heading."""
    size = _body_size(groups, styles)
    roles: list[tuple[Kind, int]] = [
        _role(style, text, len(group.rows), size)
        for group, style, text in zip(groups, styles, texts, strict=True)
    ]
    for index, kind in _headers_and_footers(groups, styles, texts, size, page_height).items():
        roles[index] = (kind, 0)
    return roles


def _body_size(groups: list[RowGroup], styles: list[TextStyle]) -> float:
    """The type size of the body text: the median over the characters of a page, in pixels."""
    sizes = sorted(
        (style.size, sum(len(f.text) for row in group.rows for f in row))
        for group, style in zip(groups, styles, strict=True)
    )
    half = sum(length for _, length in sizes) / 2
    for size, length in sizes:
        half -= length
        if half <= 0:
            return size
    return 0.0


def _role(style: TextStyle, text: str, rows: int, body_size: float) -> tuple[Kind, int]:
    if rows <= 2 and _CAPTION.match(text):
        return "caption", 0
    if _LEADERS.search(text):
        return "body", 0  # an entry of a list of contents
    short = rows <= 3 and len(text) <= _MAX_HEADING and not text.endswith(SENTENCE_END)
    if short and any(map(str.isalpha, text)):
        if (level := _level_by_number(text)) and rows == 1:
            return "heading", level
        for factor, level in _HEADING_SIZES:
            if style.size > factor * body_size and len(text) > 1:
                return "heading", level
    return ("list_item", 0) if list_marker(text) else ("body", 0)


def _level_by_number(text: str) -> int:
    """The level of a heading by its chapter or section number; 0 without such a number."""
    if (found := _CHAPTER.match(text)) and len(text) <= _MAX_HEADING // 2:
        return 2 if found["rank"] in "节節" else 1
    if found := _SECTION.match(text):
        return min(3, found["depth"].count(".") + 1)
    return 0


def _headers_and_footers(
    groups: list[RowGroup],
    styles: list[TextStyle],
    texts: list[str],
    body_size: float,
    page_height: float,
) -> dict[int, Kind]:
    """Page numbers, headers and footers that a single page shows, by index of the paragraph.

    ``layout.headers_footers`` finds those that only the neighbouring pages show.
    """
    if len(groups) < 3:
        return {}
    order = sorted(range(len(groups)), key=lambda index: row_middle(groups[index].rows[0]))
    found: dict[int, Kind] = {}
    edges: tuple[tuple[list[int], Kind], ...] = (
        (order[:2], "header"),
        (order[:-3:-1], "footer"),
    )
    for indices, kind in edges:
        for index in indices:
            group = groups[index]
            y = row_middle(group.rows[0])
            near = min(y, page_height - y) < _MARGIN * page_height
            if len(group.rows) > 1 or not near:
                break
            if PAGE_NUMBER.fullmatch(texts[index]):
                found[index] = "page_number"
            elif styles[index].size < _HEADER_SIZE * body_size and _is_apart(group, groups):
                found[index] = kind
            else:
                break
    # A receipt has rows near its edges too: without a page number they are body text.
    return found if "page_number" in found.values() else {}


def _is_apart(group: RowGroup, groups: list[RowGroup]) -> bool:
    """Whether the gap from a row to the nearest other one is wider than between paragraphs."""
    y = row_middle(group.rows[0])
    gaps = [
        abs(y - row_middle(row)) for other in groups if other is not group for row in other.rows
    ]
    pitch = median(other.column.pitch for other in groups)
    same_row = min(group.rows[0][0].rect.height / 2, pitch / 2)
    return min((gap for gap in gaps if gap > same_row), default=0.0) > 1.8 * pitch
