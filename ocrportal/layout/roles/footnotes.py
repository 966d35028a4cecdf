"""Footnotes: small type at the end of a column or below a table, most with a reference mark."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from ocrportal.geometry import Rect
from ocrportal.layout.blocks import Block, Paragraph, TableBlock, is_header_or_footer
from ocrportal.layout.columns import SENTENCE_END
from ocrportal.layout.list_markers import REFERENCE_MARK
from ocrportal.layout.roles.drafts import Draft, PageDraft

_NOTE = re.compile(
    r"(注|註|附注|备注|说明|资料来源|数据来源|Notes?|Sources?)\s?\d*[:：.]", re.IGNORECASE
)
_SMALLER, _SMALL = 0.95, 0.87
"""Type size of a footnote with and without a mark, divided by that of the body text, at most."""
_LOWER_HALF = 0.5
_APART = 0.6
"""White space above a footnote without a mark, in line pitches, at least."""
_BELOW_TABLE = 2.0
"""Distance of a note from its table, in line heights, at most."""


def footnotes(page: PageDraft, taken: Collection[int]) -> set[int]:
    """The indices of footnotes, without those of ``taken``, which are at the edges of the page."""
    found: set[int] = set()
    order = sorted(
        (index for index in range(len(page.drafts)) if index not in taken),
        key=lambda index: -page.drafts[index].rect.bottom,
    )
    small: list[int] = []
    """Small type at the end of its columns, of which it is not known yet what is above it."""
    above_text: list[Rect] = []
    for index in order:
        draft = page.drafts[index]
        is_last = not any(rect.overlaps_in_x(draft.rect) for rect in above_text)
        is_low = draft.rect.top > _LOWER_HALF * page.height
        if _is_note_of_table(page, draft):
            found.add(index)
        elif is_low and is_last and page.relative_size(draft) < _SMALLER:
            small.append(index)
            if _is_note(page, index):
                found.update(i for i in small if page.drafts[i].rect.overlaps_in_x(draft.rect))
                small = [i for i in small if i not in found]
        elif is_last:
            above_text.append(draft.rect)
    return found


def footnotes_last(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of a page with its footnotes after its text; the notes of tables stay there."""
    aside: list[Block] = []
    text: list[Block] = []
    is_below_table = False
    for block in blocks:
        is_note = isinstance(block, Paragraph) and block.kind == "footnote"
        is_below_table = isinstance(block, TableBlock) or (is_note and is_below_table)
        (aside if is_note and not is_below_table else text).append(block)
    end = len(text)
    while end and is_header_or_footer(text[end - 1]):
        end -= 1
    return [*text[:end], *aside, *text[end:]]


def _is_note(page: PageDraft, index: int) -> bool:
    draft = page.drafts[index]
    if REFERENCE_MARK.match(draft.text) or _NOTE.match(draft.text):
        return True
    return (
        page.relative_size(draft) < _SMALL
        and draft.text.endswith(SENTENCE_END)
        and page.gap_above(index) > _APART * page.pitch
    )


def _is_note_of_table(page: PageDraft, draft: Draft) -> bool:
    """Whether a paragraph with a mark in smaller type is right below a table."""
    if not (REFERENCE_MARK.match(draft.text) or _NOTE.match(draft.text)):
        return False
    return page.relative_size(draft) < _SMALLER and any(
        -draft.height < draft.rect.top - table.bottom < _BELOW_TABLE * draft.height
        and table.overlaps_in_x(draft.rect)
        for table in page.tables
    )
