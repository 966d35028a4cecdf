"""Captions: of figures and tables, by their number or by their place beside a figure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ocrportal.geometry import Rect
from ocrportal.layout.columns import SENTENCE_END
from ocrportal.layout.roles.drafts import Draft, PageDraft

_NUMBERED = re.compile(
    r"(附?[图圖図表]|照片|图片|Figures?|Fig\.|Table|Tab\.|Chart|Photo|Plate|Exhibit)\s?"
    r"([A-Z]?\d+([.．\-–]\d+)*|[一二三四五六七八九十]+)(?P<end>[.．:：\s]|(?P<next>[^\W\d]))",
    re.IGNORECASE,
)
_NUMBERED_FIGURE = re.compile(
    r"(附?[图圖]|照片|图片|Figures?|Fig\.|Chart|Photo|Plate|Exhibit)\s*"
    r"((?-i:[A-Z]?\d|[A-Z](?![^\W_]))|[一二三四五六七八九十])",
    re.IGNORECASE,
)
"""Beside a figure the text after the number needs no separator, which a recogniser may lose."""
_REFERENCE = re.compile(r"[是为中的和与及至所可给列说表显见示并则即及到]")
"""A number that is followed by one of these is part of a sentence."""
_MAX_ROWS = 4
_MAX_GAP = 2.0
"""Distance from the figure, in line heights."""
_CENTRED = 1.0
"""Difference of the middles in line heights, up to which a caption is centred on its figure."""
_SMALLER = 0.95
"""Type size of a caption without a number, divided by that of the body text, at most."""
_MIN_LETTERS = 4
_MIN_FIGURE = 4.0
"""Height of a figure that may have a caption without a number, in line heights; logos and icons,
as on cards and beside contacts, are lower."""


@dataclass(frozen=True, slots=True)
class Caption:
    """A paragraph that is a caption."""

    is_certain: bool
    """Whether it has a number and is beside a figure or a table."""
    is_centred: bool
    """Whether it is below or above the middle of a figure."""


def caption_of(page: PageDraft, draft: Draft) -> Caption | None:
    """Whether a paragraph is the caption of a figure or a table; None if it is other text."""
    if draft.row_count > _MAX_ROWS:
        return None
    figures, tables = page.areas_beside(draft, _MAX_GAP * draft.height)
    is_centred = any(_is_centred(draft, figure) for figure in figures)
    numbered = _NUMBERED.match(draft.text)
    if (numbered and (figures or tables)) or (figures and _NUMBERED_FIGURE.match(draft.text)):
        return Caption(True, is_centred)
    if numbered:
        return Caption(False, False) if _is_label(draft, numbered) else None
    if sum(map(str.isalpha, draft.text)) < _MIN_LETTERS:
        return None  # a label of an axis
    is_unnumbered = page.relative_size(draft) < _SMALLER and any(
        figure.height >= _MIN_FIGURE * draft.height and _is_within(draft, figure)
        for figure in figures
    )
    return Caption(False, is_centred) if is_unnumbered else None


def _is_label(draft: Draft, numbered: re.Match[str]) -> bool:
    """Whether a number is that of a caption, rather than a reference in a sentence."""
    after = draft.text[numbered.start("next") :] if numbered["next"] else ""
    is_sentence = draft.text.endswith(SENTENCE_END) and not draft.text.endswith((":", "："))
    return draft.row_count <= 2 and not _REFERENCE.match(after) and not (after and is_sentence)


def _is_centred(draft: Draft, figure: Rect) -> bool:
    return abs(figure.center_x - draft.rect.center_x) < _CENTRED * draft.height


def _is_within(draft: Draft, figure: Rect) -> bool:
    """Whether a paragraph is not wider than a figure."""
    room = draft.height
    return figure.left - room < draft.rect.left and draft.rect.right < figure.right + room
