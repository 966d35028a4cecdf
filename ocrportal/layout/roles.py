"""What the paragraphs of one page are: headings, list items, page numbers, captions, text."""

from __future__ import annotations

import re
from statistics import median

from ocrportal.layout.blocks import Kind
from ocrportal.layout.columns import SENTENCE_END, row_middle
from ocrportal.layout.list_markers import mark_of
from ocrportal.layout.paragraphs import Group
from ocrportal.layout.style import TextStyle

PAGE_NUMBER = re.compile(
    r"[-–—~·•\s]*(第\s?\d{1,4}\s?[页頁]([,，/\s]*共\s?\d{1,4}\s?[页頁])?|(page\s?)?\d{1,4}"
    r"(\s?(/|of)\s?\d{1,4})?|[ivxl]{1,6})[-–—~·•\s]*",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"([图圖表]|Figure|Fig\.|Table)\s?\d+([.．\-–]\d+)*[.．:：\s]", re.IGNORECASE)
_CHAPTER = re.compile(r"第[一二三四五六七八九十百零〇\d]{1,5}(?P<rank>[章部篇编節节])\s*\S?")
_SECTION = re.compile(r"\d{1,2}(?P<depth>(\.\d{1,2}){1,3})\.?\s*[^\W\d]")
_LARGER = ((1.5, 1), (1.2, 2), (1.12, 3))
"""How much larger than the text the headings of each level are at least."""
_MAX_HEADING = 80
_MARGIN = 0.1
"""Share of the page at its head and foot where furniture stands."""
_SMALLER = 0.93
"""Type of a running head against that of the text, where only its form can tell."""


def body_size(groups: list[Group], styles: list[TextStyle]) -> float:
    """The size in which most of a page's characters are set, in pixels."""
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


def roles_of(
    groups: list[Group], styles: list[TextStyle], texts: list[str], page_height: float
) -> list[tuple[Kind, int]]:
    """Kind and level (of headings, from 1; else 0) of each paragraph of a page."""
    size = body_size(groups, styles)
    roles: list[tuple[Kind, int]] = [
        _role(style, text, len(group.rows), size)
        for group, style, text in zip(groups, styles, texts, strict=True)
    ]
    for place, kind in _headers_and_footers(groups, styles, texts, size, page_height).items():
        roles[place] = (kind, 0)
    return roles


def _role(style: TextStyle, text: str, rows: int, body: float) -> tuple[Kind, int]:
    if rows <= 2 and _CAPTION.match(text):
        return "caption", 0
    short = rows <= 3 and len(text) <= _MAX_HEADING and not text.endswith(SENTENCE_END)
    if short and any(map(str.isalpha, text)):
        if (level := _level_by_form(text)) and rows == 1:
            return "heading", level
        for factor, level in _LARGER:
            if style.size > factor * body and len(text) > 1:
                return "heading", level
    return ("item", 0) if mark_of(text) else ("body", 0)


def _level_by_form(text: str) -> int:
    """The level that a heading's own number tells; 0 if it has none that does."""
    if (found := _CHAPTER.match(text)) and len(text) <= _MAX_HEADING // 2:
        return 2 if found["rank"] in "节節" else 1
    if found := _SECTION.match(text):
        return min(3, found["depth"].count(".") + 1)
    return 0


def _headers_and_footers(
    groups: list[Group], styles: list[TextStyle], texts: list[str], body: float, page_height: float
) -> dict[int, Kind]:
    """Page numbers, and running heads and footers that their form alone gives away."""
    if len(groups) < 3:
        return {}
    order = sorted(range(len(groups)), key=lambda place: row_middle(groups[place].rows[0]))
    found: dict[int, Kind] = {}
    edges: tuple[tuple[list[int], Kind], ...] = (
        (order[:2], "header"),
        (order[:-3:-1], "footer"),
    )
    for places, kind in edges:
        for place in places:
            group = groups[place]
            y = row_middle(group.rows[0])
            near = min(y, page_height - y) < _MARGIN * page_height
            if len(group.rows) > 1 or not near:
                break
            if PAGE_NUMBER.fullmatch(texts[place]):
                found[place] = "number"
            elif styles[place].size < _SMALLER * body and _stands_off(group, groups):
                found[place] = kind
            else:
                break
    # A receipt has rows at its edges too; only numbered pages have running heads.
    return found if "number" in found.values() else {}


def _stands_off(group: Group, groups: list[Group]) -> bool:
    """Whether more white than between paragraphs parts a row from the nearest other one."""
    y = row_middle(group.rows[0])
    others = [row_middle(row) for other in groups if other is not group for row in other.rows]
    gaps = [abs(y - other) for other in others]
    pitch = median(other.column.pitch for other in groups)
    beside = min(group.rows[0][0].height / 2, pitch / 2)
    return min((gap for gap in gaps if gap > beside), default=0.0) > 1.8 * pitch
