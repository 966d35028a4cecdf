"""Entries of lists of contents: a title, dots that lead to a page number, and the number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from ocrportal.layout.columns import SENTENCE_END
from ocrportal.layout.leaders import Leaders, leaders_of
from ocrportal.layout.roles.drafts import Draft, PageDraft

_PAGE = re.compile(r"(?P<title>.*\S)\s+(?P<page>\d{1,4}|[ivxl]{1,6})$", re.IGNORECASE)
_MAX_INDENT = 4.0
"""Difference of the left edges of chapters and sections, in line heights, at most."""
_MAX_SIZE = 1.35
_TITLE = re.compile(r"目\s*[录錄次]|(table of )?contents|もくじ", re.IGNORECASE)
_MIN_ENTRIES = 3
"""Entries of the shortest list that only its page numbers show."""
_ELLIPSIS = 6
"""Dots of the longest ellipsis. More dots than these lead to a page number."""


def contents_entries(page: PageDraft) -> dict[int, str]:
    """The entries of lists of contents: their text by index, with a tab before the number."""
    found = _with_leaders(page)
    if len(found) < _MIN_ENTRIES:
        found |= _numbered(page)
    entries = {index: _entry(page.drafts[index]) for index in found}
    below = _entries_below_title(page) if len(found) < _MIN_ENTRIES else {}
    if len(found) >= _MIN_ENTRIES or below:
        entries |= _entries_between(page, found)
    return entries | below


def _with_leaders(page: PageDraft) -> set[int]:
    """The rows with dots that lead to a page number.

    Few dots may be an ellipsis: they lead to one where several rows have them, and the numbers
    never decrease.
    """
    found: dict[int, Leaders] = {}
    for index, draft in enumerate(page.drafts):
        leaders = leaders_of(draft.text) if draft.row_count <= 2 else None
        if leaders and leaders.page and _is_title(leaders.title):
            found[index] = leaders
    if len(found) >= _MIN_ENTRIES and _never_decrease(entry.page for entry in found.values()):
        return set(found)
    return {index for index, entry in found.items() if entry.dots > _ELLIPSIS}


def _is_title(text: str) -> bool:
    """Whether the text before dots is a title, and not the beginning of a sequence such as 1, 2."""
    return bool(text) and not text.endswith((",", "，"))


def _entry(draft: Draft) -> str:
    """The text of an entry, with a tab instead of the dots before its number."""
    leaders = leaders_of(draft.text)
    if leaders and leaders.title and leaders.page:
        return f"{leaders.title}\t{leaders.page}"
    if leaders and leaders.title and leaders.dots >= _ELLIPSIS:
        return leaders.title
    match = _PAGE.match(draft.text) if draft.has_cells else None
    return f"{match['title']}\t{match['page']}" if match else draft.text


def _never_decrease(numbers: Iterable[str]) -> bool:
    """Whether page numbers ascend, apart from the Roman ones, or stay the same."""
    pages = [int(number) for number in numbers if number.isdigit()]
    return all(before <= after for before, after in pairwise(pages))


def _numbered(page: PageDraft) -> set[int]:
    """Rows that end with numbers of pages, which never decrease, at a common right edge."""
    found = {
        index: match
        for index, draft in enumerate(page.drafts)
        if draft.row_count == 1 and draft.has_cells and (match := _PAGE.match(draft.text))
    }
    if len(found) < _MIN_ENTRIES:
        return set()
    rights = [page.drafts[index].rect.right for index in found]
    if max(rights) - min(rights) > page.row_height:
        return set()
    return set(found) if _never_decrease(match["page"] for match in found.values()) else set()


def _entries_below_title(page: PageDraft) -> dict[int, str]:
    """The rows below a title such as “Contents”."""
    for title, draft in enumerate(page.drafts):
        if _TITLE.fullmatch(draft.text):
            end = title + 1
            while end < len(page.drafts) and _is_like(page, end, draft.rect.left - page.height):
                end += 1
            if end - title > _MIN_ENTRIES:
                rows = range(title + 1, end)
                return {index: _entry(page.drafts[index]) for index in rows}
    return {}


def _entries_between(page: PageDraft, found: set[int]) -> dict[int, str]:
    """The rows among entries whose number was not read."""
    if not found:
        return {}
    lefts = [page.drafts[index].rect.left for index in found]
    first, last = min(found), max(found)
    rest = [*range(first - 1, -1, -1)], range(first, last), range(last + 1, len(page.drafts))
    entries: dict[int, str] = {}
    for indices, is_inside in zip(rest, (False, True, False), strict=True):
        for index in indices:
            draft = page.drafts[index]
            if index in found:
                continue
            if not (_is_like(page, index, min(lefts)) or is_inside):
                break
            if draft.row_count == 1:
                entries[index] = _entry(draft)
    return entries


def _is_like(page: PageDraft, index: int, left: float) -> bool:
    """Whether a row is like an entry: short, in the type of the entries, close to them."""
    draft = page.drafts[index]
    return (
        draft.row_count == 1
        and not _entry(draft).endswith(SENTENCE_END)
        and draft.rect.left > left - _MAX_INDENT * page.row_height
        and min(page.gap_above(index), page.gap_below(index)) < page.pitch
        and page.relative_size(draft) < _MAX_SIZE
        and bool(re.search(r"[^\W\d]", draft.text))
    )
