"""Captions: of figures and tables, by their number or by their place beside a figure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ocrportal.geometry import Rect
from ocrportal.layout.columns import SENTENCE_END
from ocrportal.layout.roles.drafts import Draft, PageDraft

_NUMBERED = re.compile(
    r"(附?[图圖図表]|照片|图片|Figures?|Fig\.|Table|Tab\.|Chart|Photo|Plate|Exhibit)\s?"
    r"([A-Z]?\d+([.．\-–]\d+)*|[一二三四五六七八九十]+)(?P<end>[.．:：\s]|(?P<next>[^\W\d]))",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"[是为中的和与及至所可给列说表显见示并则即及到]")
"""A number that is followed by one of these is part of a sentence."""
_MAX_ROWS = 4
_MAX_GAP = 2.0
"""Distance from the figure, in line heights."""
_SMALLER = 0.95
"""Type size of a caption without a number, divided by that of the body text, at most."""
_MIN_LETTERS = 4
_MIN_FIGURE = 4.0
"""Height of a figure that may have a caption without a number, in line heights; logos and icons,
as on cards and beside contacts, are lower."""


def is_caption(page: PageDraft, draft: Draft) -> bool:
    """Whether a paragraph is the caption of a figure or a table."""
    if draft.row_count > _MAX_ROWS:
        return False
    beside = _beside(draft, (*page.figures, *page.tables))
    if found := _NUMBERED.match(draft.text):
        if beside:
            return True
        after = draft.text[found.start("next") :] if found["next"] else ""
        is_sentence = draft.text.endswith(SENTENCE_END) and not draft.text.endswith((":", "："))
        return draft.row_count <= 2 and not _REFERENCE.match(after) and not (after and is_sentence)
    if sum(map(str.isalpha, draft.text)) < _MIN_LETTERS:
        return False  # a label of an axis
    return any(
        page.relative_size(draft) < _SMALLER
        and figure.height >= _MIN_FIGURE * draft.height
        and _is_within(draft, figure)
        for figure in _beside(draft, page.figures)
    )


def _beside(draft: Draft, areas: Iterable[Rect]) -> list[Rect]:
    """The areas right above or below a paragraph."""
    return [
        area
        for area in areas
        if max(draft.rect.top - area.bottom, area.top - draft.rect.bottom) < _MAX_GAP * draft.height
        and area.overlaps_in_x(draft.rect)
    ]


def _is_within(draft: Draft, figure: Rect) -> bool:
    """Whether a paragraph is not wider than a figure."""
    room = draft.height
    return figure.left - room < draft.rect.left and draft.rect.right < figure.right + room
