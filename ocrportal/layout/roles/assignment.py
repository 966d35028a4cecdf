"""Roles of the paragraphs of a page: heading, list item, caption, footnote, page number …"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from ocrportal.layout.blocks import Kind, TextStyle
from ocrportal.layout.list_markers import is_list_item
from ocrportal.layout.roles.captions import caption_of
from ocrportal.layout.roles.contents_entries import contents_entries
from ocrportal.layout.roles.drafts import PageDraft
from ocrportal.layout.roles.footnotes import footnotes
from ocrportal.layout.roles.headings import heading_level
from ocrportal.layout.roles.page_edges import page_edges


class Role(NamedTuple):
    """What a paragraph is."""

    kind: Kind
    text: str
    style: TextStyle
    level: int = 0
    """Of a heading."""


def roles_of(page: PageDraft) -> Iterator[Role]:
    """The role of each paragraph."""
    captions = {
        index: found
        for index, draft in enumerate(page.drafts)
        if (found := caption_of(page, draft))
    }
    certain = {index for index, caption in captions.items() if caption.is_certain}
    entries = contents_entries(page)
    edges = page_edges(page, captions.keys() | entries.keys())
    notes = footnotes(page, edges)
    texts = [draft.text for draft in page.drafts]
    for index, (draft, text) in enumerate(zip(page.drafts, texts, strict=True)):
        style = draft.style
        if index in edges:
            yield Role(edges[index], text, style)
        elif index in entries and index not in certain:
            yield Role("contents_entry", entries[index], style)
        elif index in notes and index not in certain:
            yield Role("footnote", text, style)
        elif index in captions:
            is_centred = captions[index].is_centred
            yield Role("caption", text, replace(style, alignment="centre") if is_centred else style)
        elif level := heading_level(page, index):
            yield Role("heading", text, style, level)
        elif is_list_item(texts, index):
            yield Role("list_item", text, style)
        else:
            yield Role("body", text, style)
