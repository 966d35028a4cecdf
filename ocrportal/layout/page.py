"""One page laid out: its lines and tables as blocks in reading order.

    PageResult ── placement.py ──▶ the lines of tables, fields, formulas and figures, and of
                                        running text
               ── frame.py ──▶ deskewed rectangles
               ── reading_order/ ──▶ columns of rows with tables, formulas and figures among
                                        them, in reading order
               ── paragraphs.py ──▶ the rows of each paragraph
               ── typography.py ──▶ type size, alignment and indents of each paragraph
               ── roles/ ──▶ headings, list items, captions, footnotes, headers and footers
               ── placement.py ──▶ seals inserted between the paragraphs that they cover

``document.py`` adds what several pages show: repeated headers and footers, and paragraphs that
continue on the next page. Every exporter, the page screen and the API use these blocks, so they
all show the same text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from ocrportal.catalogue.spec import services
from ocrportal.geometry import Quad, Rect
from ocrportal.layout.blocks import Block, Figure, Formula, Paragraph, TableBlock, TextLine
from ocrportal.layout.columns import RowGroup
from ocrportal.layout.fields import group_fields
from ocrportal.layout.fragments import Row
from ocrportal.layout.frame import Frame, deskewed_frame
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.layout.paragraphs import group_paragraphs
from ocrportal.layout.placement import (
    Assignment,
    Placed,
    assign_lines,
    insert_blocks,
    normalize_for_match,
)
from ocrportal.layout.reading_order.xy_cut import blocks_in_reading_order
from ocrportal.layout.roles.assignment import roles_of
from ocrportal.layout.roles.drafts import Draft, PageDraft
from ocrportal.layout.roles.footnotes import footnotes_last
from ocrportal.layout.roles.page_edges import with_page_numbers_apart
from ocrportal.layout.source import RecognisedPage
from ocrportal.layout.type_runs import text_runs
from ocrportal.layout.typography import style_of
from ocrportal.results import ADDED_TEXT, PageResult, Table
from ocrportal.results import Block as Area
from ocrportal.text import glue, join_lines, words_of

_VISIBLE_GAP = 0.8
"""A gap wider than this, in line heights, becomes a space, also between Han characters."""


def lay_out_page(page: RecognisedPage) -> LaidOutPage:
    """Lay out a page; lines without text are left out."""
    upright = page.result.upright()
    assignment = assign_lines(upright)
    overlays = [_figure(area) for area in assignment.overlays]
    areas = [
        *_tables(upright, assignment),
        *_formulas(upright, assignment),
        *_figures(upright, assignment),
    ]
    without_place = _without_place(upright, assignment.tables)

    def flow(lines: Sequence[int]) -> tuple[Block, ...]:
        placed = _placed_blocks(upright, lines, areas)
        return (*footnotes_last(insert_blocks(placed, overlays)), *without_place)

    text = printed = flow(assignment.running)
    if assignment.in_fields:
        printed = flow(sorted([*assignment.running, *assignment.in_fields]))
    return LaidOutPage(
        source=page,
        result=upright,
        blocks=(*group_fields(page.result.fields, services().get(page.service)), *text),
        printed_blocks=printed,
    )


def _placed_blocks(
    upright: PageResult, indices: Sequence[int], areas: Sequence[Placed]
) -> list[Placed]:
    """The paragraphs of some lines, with areas among them in reading order."""
    frame = deskewed_frame(upright, indices, [area.rect.quad for area in areas])
    return [
        areas[found]
        if isinstance(found, int)
        else Placed(
            replace(found, runs=text_runs(upright, found.lines, found.text)),
            Rect.around_quads(_boxes(upright, found)),
        )
        for found in _paragraphs(frame, [type(area.block) for area in areas])
    ]


def _boxes(upright: PageResult, paragraph: Paragraph) -> Iterator[Quad]:
    return (upright.lines[i].box for line in paragraph.lines for i in line.indices)


def _tables(upright: PageResult, assignment: Assignment) -> Iterator[Placed]:
    for table, indices in zip(assignment.tables, assignment.in_tables, strict=True):
        if table.box:
            yield Placed(TableBlock(table, _printed_rows(upright, indices)), Rect.around(table.box))


def _formulas(upright: PageResult, assignment: Assignment) -> Iterator[Placed]:
    for area, indices in zip(assignment.formulas, assignment.in_formulas, strict=True):
        assert area.box is not None  # assign_lines only takes formulas with a box
        rows = _printed_rows(upright, indices)
        yield Placed(Formula(area.text, rows, area.box), Rect.around(area.box))


def _figures(upright: PageResult, assignment: Assignment) -> Iterator[Placed]:
    for area, indices in zip(assignment.figures, assignment.in_figures, strict=True):
        yield _figure(area, _printed_rows(upright, indices))


def _figure(area: Area, rows: tuple[TextLine, ...] = ()) -> Placed:
    assert area.box is not None  # assign_lines only takes figures with a box
    return Placed(Figure(area.kind, area.box, _words_in(area, rows), rows), Rect.around(area.box))


def _words_in(area: Area, rows: Sequence[TextLine]) -> str:
    """The text that an engine gives a figure, and the printed rows in it that this text lacks."""
    known = normalize_for_match(area.text)
    missing = [row.text for row in rows if normalize_for_match(row.text) not in known]
    return "\n".join([*([area.text] if area.text else []), *missing])


def _paragraphs(frame: Frame, kinds: Sequence[type[Block]]) -> list[Paragraph | int]:
    """Paragraphs in reading order, and the positions of areas, of these types, among all areas."""
    fragments = frame.fragments
    known_words = words_of(fragment.text for fragment in fragments)
    found = with_page_numbers_apart(group_paragraphs(blocks_in_reading_order(fragments)))
    groups = [group for group in found if isinstance(group, RowGroup)]
    edges = (
        min((fragment.rect.left for fragment in fragments), default=0.0),
        max((fragment.rect.right for fragment in fragments), default=0.0),
    )
    styles = [style_of(group, edges) for group in groups]
    lines = [tuple(map(_line, group.rows)) for group in groups]
    texts = [join_lines((line.text for line in printed), known_words) for printed in lines]
    drafts = [Draft(*parts) for parts in zip(groups, styles, texts, strict=True)]
    figures, tables = (
        [
            fragment.rect
            for fragment in fragments
            if fragment.is_area and kinds[fragment.index] is kind
        ]
        for kind in (Figure, TableBlock)
    )
    roles = roles_of(
        PageDraft(drafts, frame.height, figures, tables, is_vertical=frame.is_vertical)
    )
    paragraphs = (
        Paragraph(printed, role.text, role.kind, role.level, role.style)
        for printed, role in zip(lines, roles, strict=True)
    )
    return [next(paragraphs) if isinstance(group, RowGroup) else group.index for group in found]


def _printed_rows(upright: PageResult, indices: list[int]) -> tuple[TextLine, ...]:
    """Lines as printed rows in reading order: across the columns unless they are running text."""
    if not indices:
        return ()
    blocks = blocks_in_reading_order(deskewed_frame(upright, indices).fragments)
    return tuple(_line(row) for rows in blocks for row in rows)


def _line(row: Row) -> TextLine:
    pieces = []
    for fragment, following in zip_longest(row, row[1:]):
        if following is None:
            space = ""
        elif following.rect.left - fragment.rect.right > _VISIBLE_GAP * following.rect.height:
            space = " "
        else:
            space = glue(fragment.text, following.text)
        pieces.append(fragment.text + space)
    return TextLine(pieces=tuple(pieces), indices=tuple(fragment.index for fragment in row))


def _without_place(upright: PageResult, tables: list[Table]) -> list[Block]:
    """Text and tables without a place, in the order of the page's areas."""
    rest = [TableBlock(table) for table in tables if table.box is None]
    blocks: list[Block] = []
    for area in upright.blocks:
        if area.box is not None:
            continue
        if area.kind in ("text", ADDED_TEXT):
            blocks += [Paragraph((), text) for text in area.text.split("\n")]
        elif area.kind == "table" and rest:
            blocks.append(rest.pop(0))
    return [*blocks, *rest]
