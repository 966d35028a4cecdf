"""Entries of lists of contents: a title, dots that lead to a page number, and the number."""

from __future__ import annotations

import re
from itertools import pairwise

from ocrportal.layout.columns import SENTENCE_END
from ocrportal.layout.leaders import LEADERS
from ocrportal.layout.roles.drafts import Draft, PageDraft

_PAGE = re.compile(r"(?P<title>.*\S)\s+(?P<page>\d{1,4}|[ivxl]{1,6})$", re.IGNORECASE)
_MAX_INDENT = 4.0
"""Difference of the left edges of chapters and sections, in line heights, at most."""
_MAX_SIZE = 1.35
_TITLE = re.compile(r"目\s*[录錄次]|(table of )?contents|もくじ", re.IGNORECASE)
_MIN_ENTRIES = 3
"""Entries of the shortest list that only its page numbers show."""


def contents_entries(page: PageDraft) -> dict[int, str]:
    """The entries of lists of contents: their text by index, with a tab before the number."""
    found: dict[int, str] = {}
    for index, draft in enumerate(page.drafts):
        if draft.row_count <= 2 and (entry := entry_text(draft.text)):
            found[index] = entry
    if len(found) >= _MIN_ENTRIES:
        return found | _entries_between(page, found)
    found |= _numbered(page)
    return found | _entries_between(page, found) | _entries_below_title(page)


def entry_text(text: str) -> str:
    """A line with dots at its end as an entry of a list of contents; empty without them."""
    leaders = LEADERS.search(text)
    if leaders is None or not leaders.start():
        return ""
    title = text[: leaders.start()]
    return f"{title}\t{leaders['page']}" if leaders["page"] else title


def _numbered(page: PageDraft) -> dict[int, str]:
    """Rows that end with numbers of pages, which never decrease, at a common right edge."""
    found = {
        index: match
        for index, draft in enumerate(page.drafts)
        if draft.row_count == 1 and draft.has_cells and (match := _PAGE.match(draft.text))
    }
    if len(found) < _MIN_ENTRIES:
        return {}
    rights = [page.drafts[index].rect.right for index in found]
    if max(rights) - min(rights) > page.row_height:
        return {}
    numbers = [int(match["page"]) for match in found.values() if match["page"].isdigit()]
    if any(after < before for before, after in pairwise(numbers)):
        return {}
    return {index: f"{match['title']}\t{match['page']}" for index, match in found.items()}


def _entries_below_title(page: PageDraft) -> dict[int, str]:
    """The rows below a title such as “Contents”."""
    for title, draft in enumerate(page.drafts):
        if _TITLE.fullmatch(draft.text):
            end = title + 1
            while end < len(page.drafts) and _is_like(page, end, draft.rect.left - page.height):
                end += 1
            if end - title > _MIN_ENTRIES:
                rows = range(title + 1, end)
                return {index: _with_tab(page.drafts[index]) for index in rows}
    return {}


def _with_tab(draft: Draft) -> str:
    match = _PAGE.match(draft.text) if draft.has_cells else None
    return f"{match['title']}\t{match['page']}" if match else draft.text


def _entries_between(page: PageDraft, found: dict[int, str]) -> dict[int, str]:
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
                entries[index] = draft.text
    return entries


def _is_like(page: PageDraft, index: int, left: float) -> bool:
    """Whether a row is like an entry: short, in the type of the entries, close to them."""
    draft = page.drafts[index]
    return (
        draft.row_count == 1
        and not draft.text.endswith(SENTENCE_END)
        and draft.rect.left > left - _MAX_INDENT * page.row_height
        and min(page.gap_above(index), page.gap_below(index)) < page.pitch
        and page.relative_size(draft) < _MAX_SIZE
        and bool(re.search(r"[^\W\d]", draft.text))
    )
