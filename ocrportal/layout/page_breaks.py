"""Joins paragraphs that continue on the next page, on the page where they start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ocrportal.layout.blocks import Block, Figure, Paragraph, is_header_or_footer
from ocrportal.layout.columns import SENTENCE_END
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.layout.roles.footnotes import footnotes_last
from ocrportal.layout.roles.note_references import note_mark, references_of
from ocrportal.layout.source import is_next
from ocrportal.layout.type_runs import joined_runs, resized
from ocrportal.layout.typography import has_room_for
from ocrportal.text import join_lines, words_of

_SAME_SIZE = 0.12
"""Relative difference of type sizes, up to which both parts may be one paragraph."""


def join_paragraphs(pages: Iterable[LaidOutPage]) -> Iterator[LaidOutPage]:
    """Each page with its last paragraph joined, and without the end of the page before's.

    A paragraph is joined across one page break only: one that fills a whole page becomes two. The
    footnotes that its end refers to are then on the page where it starts too.
    """
    previous: LaidOutPage | None = None
    for page in pages:
        if previous is not None:
            previous, page = _joined(previous, page)
            yield previous
        previous = page
    if previous is not None:
        yield previous


def _joined(page: LaidOutPage, following: LaidOutPage) -> tuple[LaidOutPage, LaidOutPage]:
    if not is_next(page.source, following.source):
        return page, following  # the text of the page between them is unknown
    last = next((i for i in reversed(range(len(page.blocks))) if _is_text(page.blocks[i])), None)
    first = next((i for i in range(len(following.blocks)) if _is_text(following.blocks[i])), None)
    if last is None or first is None:
        return page, following
    tail, head = page.blocks[last], following.blocks[first]
    if not isinstance(tail, Paragraph) or not isinstance(head, Paragraph):
        return page, following
    scale = following.result.width / page.result.width
    if not _continues(tail, head, scale, indented=_uses_indents(page.blocks + following.blocks)):
        return page, following
    words = words_of(line.text for block in (tail, head) for line in block.lines)
    text = join_lines((tail.text, head.text), words)
    runs = joined_runs(text, tail.runs, resized(head.runs, scale))
    whole = replace(tail, text=text, runs=runs, next_page_at=len(text) - len(head.text))
    blocks = [*page.blocks[:last], whole, *page.blocks[last + 1 :]]
    moved = {first, *_notes_of(following.blocks, first, blocks)}
    notes = [
        _moved(block, scale)
        for index, block in enumerate(following.blocks)
        if index in moved and index != first and isinstance(block, Paragraph)
    ]
    rest = tuple(block for index, block in enumerate(following.blocks) if index not in moved)
    return (
        replace(page, blocks=tuple(footnotes_last([*blocks, *notes]) if notes else blocks)),
        replace(following, blocks=rest, starts_mid_paragraph=True),
    )


def _notes_of(blocks: Sequence[Block], index: int, before: Sequence[Block]) -> set[int]:
    """The footnotes of a page that one of its blocks refers to.

    Those whose mark is that of a footnote on the page ``before`` are left out: beside each other
    both are ambiguous.
    """
    marks = set(map(note_mark, before))
    references = references_of(blocks).get(index, [])
    return {ref.note for ref in references if note_mark(blocks[ref.note]) not in marks}


def _moved(note: Paragraph, scale: float) -> Paragraph:
    """A footnote without its lines, in pixels of the page before."""
    size, pitch = note.style.size / scale, note.style.line_pitch / scale
    style = replace(note.style, size=size, line_pitch=pitch)
    return replace(note, lines=(), style=style, runs=resized(note.runs, scale))


def _is_text(block: Block) -> bool:
    """Whether a block is part of the text that runs on over the page break."""
    if isinstance(block, Figure) or is_header_or_footer(block):
        return False
    return not (isinstance(block, Paragraph) and block.kind in ("footnote", "caption"))


def _continues(tail: Paragraph, head: Paragraph, scale: float, *, indented: bool) -> bool:
    """Whether the first paragraph of a page continues the last one of the page before.

    ``scale`` is the width of the page divided by that of the page before, in pixels.
    """
    return (
        tail.kind in ("body", "list_item")
        and head.kind == "body"
        and bool(tail.lines and head.lines)
        and head.style.alignment in ("left", "justified")
        and head.style.first_line_indent == 0
        and abs(head.style.size / scale / tail.style.size - 1) < _SAME_SIZE
        and not has_room_for(tail.style, head.text)
        # Where paragraphs start with an indent, one without an indent continues.
        and (indented or not tail.text.endswith(SENTENCE_END))
    )


def _uses_indents(blocks: tuple[Block, ...]) -> bool:
    texts = [block for block in blocks if isinstance(block, Paragraph) and block.kind == "body"]
    indented = sum(block.style.first_line_indent > 1 for block in texts)
    return indented > 1 and indented > len(texts) / 2
