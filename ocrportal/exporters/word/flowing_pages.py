"""Pages as flowing, editable text in Word: headings, lists, paragraphs and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, cast

from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P
from docx.oxml.xmlchemy import BaseOxmlElement

from ocrportal.exporters.word.footnotes import WordFootnotes
from ocrportal.exporters.word.line_breaks import line_count, words_of
from ocrportal.exporters.word.lists import WordLists
from ocrportal.exporters.word.measures import (
    FigurePlace,
    PageMeasures,
    figure_place,
    foot_of,
    text_bounds,
    text_limits,
)
from ocrportal.exporters.word.pictures import WordPictures
from ocrportal.exporters.word.runs import TextWriter, added, element, twips
from ocrportal.exporters.word.sections import PageStart, Sections
from ocrportal.exporters.word.settings import Setting, TypeSizes, settings_of
from ocrportal.exporters.word.tables import PrintedTable, printed_table, table_element
from ocrportal.exporters.word.zones import Item, floating_figures, zones_of
from ocrportal.geometry import Rect
from ocrportal.layout.blocks import (
    Block,
    FieldGroup,
    Figure,
    Formula,
    ItemTable,
    Paragraph,
    TableBlock,
)
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.layout.list_markers import ListMarker, list_marker
from ocrportal.layout.roles.note_references import Reference, references_of
from ocrportal.layout.type_runs import Typed, length_of, part_of, text_runs
from ocrportal.results import PageResult, Table
from ocrportal.text import is_han_like, join_lines

_JUSTIFICATIONS = {"left": "left", "centre": "center", "right": "right", "justified": "both"}
_FOOTNOTE = 0.85
"""Type size of a footnote divided by that of the text with its reference mark."""
_TWO_CHARACTER_INDENT = (1.5, 2.5)
"""A first-line indent between these, in ems, is the Chinese indent of two characters."""
_SAME_SIZE = 0.12
_AFTER_TABLE = 3.0
"""The white below a table on its page, in points: an empty paragraph and the last ruling."""
_SMALL = 1.0
"""The height of an empty paragraph, in points."""
_MIN_SIZE = 4.0
"""The size of the smallest type in points, such as that of an exponent."""
_WORD_PART = re.compile(r"[^\W_\u2e80-\uffef]+$")
"""Letters and digits at the end of a text; lines may be broken between Han characters."""
_MAX_WORD = 40


class FlowingPages:
    """Writes pages one by one to the end of the body."""

    def __init__(
        self,
        word: WordDocument,
        writer: TextWriter,
        data: IO[bytes],
        sections: Sections,
        *,
        keep_lines: bool,
    ) -> None:
        """``data`` is the temporary file of the pictures."""
        self._sections = sections
        self._pictures = WordPictures(word, data)
        self._writer, self._lists = writer, WordLists(word)
        self._footnotes = WordFootnotes(word)
        self._page: tuple[Block, ...] = ()
        """The blocks of the page that is being written."""
        self._floating: list[tuple[Figure, Rect]] = []
        """The figures with a place on the paper that the next paragraph is the anchor of."""
        self._references: list[Reference] = []
        """The references to footnotes in the block that is being written."""
        self._body_end = word.element.body.sectPr
        self._keep_lines = keep_lines
        self._sizes = TypeSizes()
        self._breaks = False
        self._wants_paragraph = True
        """Whether the page still needs a paragraph, since every page ends with one."""
        self._after_table = False
        self._text_width = 0.0
        """The width of the text of the page, in points."""
        self._scale = 1.0
        """Points per pixel of the page."""
        self._spare = 0.0
        """How much lower than printed the text of the page may reach, in points."""
        self._upright: PageResult
        self._measures: PageMeasures
        self._spacing = 0.0
        """The change of the distance of characters in the block that is being written."""
        self._last: BaseOxmlElement | None = None
        """The spacing of the paragraph that was written last, if it has one."""
        self._may_start = True
        """Whether the text of the page starts where it is printed: nothing else is above it."""
        self._has_columns = False
        """Whether the page that is being written has columns."""
        self._breaks_column = False
        """Whether the next paragraph begins a column."""
        self._written = 0
        """The characters of that block that are written."""
        self._breaks_at: list[tuple[int, str]] = []
        """The positions in its text at which a column or a page begins, and which of both."""
        self._carried = 0.0
        """The height of the text above the next block that is the end of a paragraph of the page
        before, in points."""
        self._column_breaks: list[int] = []
        """The lines of the block that is being written that begin a column."""

    def add_document(self, name: str) -> None:
        """Add the title of the document that begins with the next page as a heading."""
        self._may_start = False
        paragraph = self._new_paragraph(style="Heading1", keeps_with_next=True)
        self._writer.write(paragraph, name, True, heading=True)

    def add_picture(self, page: LaidOutPage, measures: PageMeasures, *, breaks: bool) -> None:
        self._breaks, self._may_start = breaks, False
        self._pictures.add_page_image(self._new_paragraph(), page, measures.paper)

    def add(self, page: LaidOutPage, measures: PageMeasures, *, breaks: bool) -> None:
        """Add a page; an empty page is kept, so that page numbers match the source."""
        self._breaks = breaks
        self._measures = measures
        self._may_start = self._may_start and not page.starts_mid_table
        self._wants_paragraph = not (page.starts_mid_paragraph or page.starts_mid_table)
        # A table may end there, or a table of the page before.
        self._after_table = page.starts_mid_table
        floating = floating_figures(page.blocks, measures)
        zones = zones_of(page.blocks, measures, floating)
        settings = settings_of(page.blocks, measures, self._sizes, zones)
        self._add_title(page.source.time_code)
        self._pictures.begin_page(page)
        self._upright = page.result
        text = text_bounds(page.blocks, measures)
        self._text_width = text.width if text else measures.size[0]
        self._scale = measures.scale
        self._spare = text_limits(page.blocks, measures)[1] - foot_of(page.blocks, measures)
        references = {} if self._keep_lines else references_of(page.blocks)
        self._page = page.blocks
        placed = {reference.note for some in references.values() for reference in some}
        begins = {zone.columns[0][0].block: zone for zone in zones}
        self._has_columns = any(len(zone.columns) > 1 for zone in zones)
        columns = [column[0] for zone in zones for column in zone.columns[1:]]
        for index, block in enumerate(page.blocks):
            if index in begins:
                self._begin_zone(begins[index].rooms(text) if text else begins[index].edges)
            if index in placed:
                continue
            self._begin_columns(index, columns)
            self._references = references.get(index, [])
            if isinstance(block, Figure) and index in floating:
                self._floating.append((block, measures.box_on_paper(block.box)))
            elif isinstance(block, Figure):
                place = figure_place(measures.box(block.box), text, measures)
                self._add_figure(block, place, settings[index])
            else:
                self._add_block(block, settings.get(index))
        if self._wants_paragraph or self._floating:
            self._new_small_paragraph()
        self._may_start = True

    def _begin_zone(self, rooms: list[tuple[float, float]]) -> None:
        """Begin a section for a part of the page with other columns than the part above it."""
        is_new_page = self._breaks and self._has_columns
        if self._sections.continues_zone(rooms) and not is_new_page:
            return
        if self._after_table:
            self._new_small_paragraph()
        self._sections.begin_zone(
            rooms, breaks=self._breaks, on_page_with_columns=self._has_columns
        )
        self._breaks = False

    def _begin_columns(self, index: int, columns: list[Item]) -> None:
        here = [item.first_line for item in columns if item.block == index]
        self._breaks_column = 0 in here
        self._column_breaks = [line for line in here if line]

    def _begin_at(self, setting: Setting, spacing: BaseOxmlElement | None) -> None:
        """Register the first block of a page or of one of its columns."""
        if setting.starts_page and self._may_start:
            self._sections.add_start(PageStart(setting.top - self._carried, spacing))
            self._carried = 0.0

    def _add_figure(self, figure: Figure, place: FigurePlace, setting: Setting) -> None:
        """Add a picture in a paragraph of its own, on the page of the text that follows it."""
        paragraph = self._new_paragraph(keeps_with_next=True)
        properties = paragraph.get_or_add_pPr()
        spacing = added(properties, "w:spacing", before=twips(setting.gap), after="0")
        self._begin_at(setting, spacing)
        self._last = spacing
        added(properties, "w:jc", val=place.alignment)
        self._pictures.add_figure(paragraph, figure, place.size)

    def _add_block(
        self,
        block: Paragraph | Formula | TableBlock | FieldGroup | ItemTable,
        setting: Setting | None,
    ) -> None:
        match block:
            case Paragraph():
                if not block.is_header_or_footer:  # the section has them
                    self._add_text(block, setting)
            case Formula():
                self._add_text(Paragraph((), block.text), None)
            case TableBlock():
                self._add_table(block.table, setting, printed=self._printed(block, setting))
            case FieldGroup():
                self._add_title(block.title)
                self._add_table(block.as_table(), labels=True)
            case ItemTable():
                self._add_title(block.title)
                self._add_table(block.as_table(), head_row=True)

    def _add_text(self, part: Paragraph, setting: Setting | None) -> None:
        marker = list_marker(part.text) if part.kind == "list_item" else None
        paragraph = self._new_paragraph(part, setting, marker)
        size = setting.size if setting else 0.0
        self._spacing = setting.spacing if setting else 0.0
        if setting is None:
            self._may_start = False
        self._written = marker.length if marker else 0
        self._breaks_at = [] if self._keep_lines else self._break_positions(part)
        if setting and self._breaks_at and self._breaks_at[-1][1] == "page":
            self._carried = self._height_on_next_page(part, setting)
        rows = list(self._rows(part))
        if marker:
            rows[0] = part_of(rows[0], marker.length)
        for number, row in enumerate(rows):
            if number in self._column_breaks:
                _add_break(paragraph, "column")
            elif number:
                added(added(paragraph, "w:r"), "w:br")
            self._write_row(paragraph, part, row, size)

    def _break_positions(self, part: Paragraph) -> list[tuple[int, str]]:
        """The positions in its text at which a paragraph runs on in another column or page."""
        printed = join_lines(line.text for line in part.lines)
        rests = (join_lines(line.text for line in part.lines[n:]) for n in self._column_breaks)
        ends = [(max(len(printed) - len(rest), 0), "column") for rest in rests]
        if part.next_page_at:
            ends.append((_start_of_word(part.text, part.next_page_at), "page"))
        return ends

    def _height_on_next_page(self, part: Paragraph, setting: Setting) -> float:
        """The height in points of what is on the next page of a paragraph that ends there."""
        rest = part.text[self._breaks_at[-1][0] :]
        width = self._measures.bounds(part.lines).width / setting.size
        words = words_of(rest, part.runs)
        return setting.pitch * line_count(words, (width, width), setting.spacing / setting.size)

    def _rows(self, part: Paragraph) -> Iterator[Typed]:
        """The text of a paragraph, or of each printed line if lines are kept."""
        if not (self._keep_lines and len(part.lines) > 1):
            yield part.runs or part.text
            return
        for line in part.lines:
            yield text_runs(self._upright, (line,), line.text) or line.text

    def _write_row(self, paragraph: CT_P, part: Paragraph, row: Typed, size: float) -> None:
        """Write a text, which ends with its paragraph if there are footnotes to write with it."""
        offset = len(part.text) - length_of(row)
        start = 0
        for reference in self._references:
            end = reference.start - offset
            self._write(paragraph, part, part_of(row, start, end), size)
            start = reference.end - offset
            note = self._page[reference.note]
            assert isinstance(note, Paragraph)  # references_of only finds paragraphs
            mark = part.text[reference.start : reference.end]
            self._written += len(mark)
            footnote = self._footnotes.add(paragraph, mark)
            self._write_typed(footnote, note, note.runs or note.text, _FOOTNOTE * size)
        self._write(paragraph, part, part_of(row, start), size)

    def _write(self, paragraph: CT_P, part: Paragraph, text: Typed, size: float) -> None:
        """Write the next part of a paragraph, which may run on in another column."""
        start = 0
        while self._breaks_at and self._breaks_at[0][0] < self._written + length_of(text) - start:
            position, kind = self._breaks_at.pop(0)
            end = start + max(position - self._written, 0)
            self._write_typed(paragraph, part, part_of(text, start, end), size, self._spacing)
            _add_break(paragraph, kind)
            self._written += end - start
            start = end
        self._write_typed(paragraph, part, part_of(text, start), size, self._spacing)
        self._written += length_of(text) - start

    def _write_typed(
        self, paragraph: CT_P, part: Paragraph, text: Typed, size: float, spacing: float = 0.0
    ) -> None:
        heading = part.kind == "heading"
        if isinstance(text, str):
            self._writer.write(
                paragraph, text, heading, size=size, heading=heading, spacing=spacing
            )
            return
        for run in text:
            share = run.type.size / part.style.size if part.style.size else 0.0
            # Sizes within a paragraph that hardly differ are those of fonts, not of meaning.
            is_other = share and abs(share - 1) > _SAME_SIZE
            own = max(round(2 * size * share) / 2, _MIN_SIZE) if is_other else size
            self._writer.write_typed(paragraph, run, size=own, heading=heading, spacing=spacing)

    def _add_title(self, title: str) -> None:
        if title:
            self._may_start = False
            paragraph = self._new_paragraph(keeps_with_next=True)
            self._writer.write(paragraph, title, True)

    def _new_paragraph(
        self,
        part: Paragraph | None = None,
        setting: Setting | None = None,
        marker: ListMarker | None = None,
        *,
        style: str = "",
        keeps_with_next: bool = False,
    ) -> CT_P:
        paragraph = cast("CT_P", OxmlElement("w:p"))
        # Document.add_paragraph would search the whole body for its end.
        self._body_end.addprevious(paragraph)
        self._last = None
        properties = element("w:pPr")
        style = style or _style(part)
        if style:
            added(properties, "w:pStyle", val=style)
        if keeps_with_next:
            added(properties, "w:keepNext")
        if self._breaks:
            added(properties, "w:pageBreakBefore")
        if part and setting:
            self._set(properties, part, setting, marker)
        if len(properties):
            paragraph.insert(0, properties)
        if self._breaks_column:
            _add_break(paragraph, "column")
            self._breaks_column = False
        self._breaks = self._wants_paragraph = self._after_table = False
        for figure, place in self._floating:
            self._pictures.add_floating_figure(paragraph, figure, place)
        self._floating.clear()
        return paragraph

    def _new_small_paragraph(self, gap: float = 0.0) -> BaseOxmlElement:
        """Add an empty paragraph one point high, and return its spacing."""
        properties = self._new_paragraph().get_or_add_pPr()
        height = twips(_SMALL)
        spacing = added(
            properties, "w:spacing", before=twips(gap), after="0", line=height, lineRule="exact"
        )
        added(added(properties, "w:rPr"), "w:sz", val=str(round(2 * _SMALL)))
        return spacing

    def _set(
        self,
        properties: BaseOxmlElement,
        part: Paragraph,
        setting: Setting,
        marker: ListMarker | None,
    ) -> None:
        style = part.style
        size = setting.size
        rest = setting.left / size
        first = rest + setting.first / size
        if marker:
            width = _width_of(marker)
            if len(part.lines) == 1:
                rest = first + width
            hangs = rest > first
            rest = max(rest, first + width) if hangs else rest
            properties.append(self._lists.number_properties(marker, hangs=hangs))
        if part.kind == "contents_entry":
            stops = added(properties, "w:tabs")
            added(stops, "w:tab", val="right", leader="dot", pos=twips(self._text_width))
        spacing = added(
            properties,
            "w:spacing",
            before=twips(setting.gap),
            after="0",
            line=twips(setting.pitch),
            lineRule="exact",
        )
        self._begin_at(setting, spacing)
        self._last = spacing
        _indent(properties, first - rest, rest, setting)
        justification = _JUSTIFICATIONS["justified" if setting.justified else style.alignment]
        added(properties, "w:jc", val=justification)

    def _printed(self, block: TableBlock, setting: Setting | None) -> PrintedTable | None:
        """The table with its printed style and place, if they are known."""
        box = block.table.box
        if not box or setting is None:
            return None
        height = Rect.around(box).scaled(self._scale).height
        room = height + max(self._spare - _AFTER_TABLE, 0.0)
        return printed_table(block, self._upright, self._scale, setting.left, room)

    def _add_table(
        self,
        table: Table,
        setting: Setting | None = None,
        *,
        printed: PrintedTable | None = None,
        head_row: bool = False,
        labels: bool = False,
    ) -> None:
        gap = setting.gap if setting else 0.0
        spacing = None
        # Only a paragraph can break the page, and adjacent tables would be joined.
        if self._breaks or self._after_table or self._breaks_column:
            spacing = self._new_small_paragraph(max(gap - _SMALL, 0.0))
        elif gap and self._last is not None:
            self._last.set(qn("w:after"), twips(gap))
        if setting:
            self._begin_at(setting, spacing)
        else:
            self._may_start = False
        self._body_end.addprevious(
            printed.element(self._writer)
            if printed
            else table_element(table, self._writer, head_row=head_row, labels=labels)
        )
        self._wants_paragraph = self._after_table = True


def _add_break(paragraph: CT_P, kind: str) -> None:
    added(added(paragraph, "w:r"), "w:br", type=kind)


def _start_of_word(text: str, position: int) -> int:
    """The start of the word that this position is within, or the position itself."""
    before = _WORD_PART.search(text[max(position - _MAX_WORD, 0) : position])
    within = before and position < len(text) and _WORD_PART.fullmatch(text[position])
    return position - len(before[0]) if before and within else position


def _style(part: Paragraph | None) -> str:
    if part is None:
        return ""
    if part.kind == "heading":
        return f"Heading{part.level}"
    return {"list_item": "ListParagraph", "caption": "Caption"}.get(part.kind, "")


def _width_of(marker: ListMarker) -> float:
    """The width of a marker with the space after it, in ems."""
    if marker.style in ("bullet", "circled"):
        return 1.5
    wide = sum(1.0 if is_han_like(char) else 0.5 for char in marker.before + marker.after)
    return wide + (1.0 if marker.style == "chinese" else 0.6) * len(str(marker.number)) + 0.5


def _indent(properties: BaseOxmlElement, first: float, rest: float, setting: Setting) -> None:
    """Add the indents in ems; ``first`` is relative to ``rest``."""
    size = setting.size
    lengths = {"left": twips(rest * size)}
    if setting.right:
        lengths["right"] = twips(setting.right)
    if first < 0:
        lengths["hanging"] = twips(-first * size)
    elif first > 0:
        minimum, maximum = _TWO_CHARACTER_INDENT
        if minimum < first < maximum:
            lengths["firstLineChars"] = "200"
            first = 2.0
        lengths["firstLine"] = twips(first * size)
    else:
        lengths["firstLine"] = "0"
    added(properties, "w:ind", **lengths)
