"""Roles of the paragraphs of a page: heading, list item, caption, footnote, page number …"""

from __future__ import annotations

from collections.abc import Iterator

from ocrportal.layout.blocks import Kind
from ocrportal.layout.list_markers import is_list_item
from ocrportal.layout.roles.captions import is_caption
from ocrportal.layout.roles.contents_entries import contents_entries
from ocrportal.layout.roles.drafts import PageDraft
from ocrportal.layout.roles.footnotes import footnotes
from ocrportal.layout.roles.headings import heading_level
from ocrportal.layout.roles.page_edges import page_edges


def roles_of(page: PageDraft) -> Iterator[tuple[Kind, int, str]]:
    """Kind, level and text of each paragraph; the level is 0 unless it is a heading."""
    entries = contents_entries(page)
    captions = {index for index, draft in enumerate(page.drafts) if is_caption(page, draft)}
    edges = page_edges(page, captions | entries.keys())
    notes = footnotes(page, edges)
    texts = [draft.text for draft in page.drafts]
    for index, draft in enumerate(page.drafts):
        if index in edges:
            yield edges[index], 0, draft.text
        elif index in entries:
            yield "contents_entry", 0, entries[index]
        elif index in notes:
            yield "footnote", 0, draft.text
        elif index in captions:
            yield "caption", 0, draft.text
        elif level := heading_level(page, index):
            yield "heading", level, draft.text
        elif is_list_item(texts, index):
            yield "list_item", 0, draft.text
        else:
            yield "body", 0, draft.text
