"""ALTO 4.4, the XML of libraries and archives: rows and words with their places.

A table is a composed block with a block for each cell that says something; since ALTO knows
no rows and columns, their IDs tell them: ``…_row_1_column_2``. Fields and cells of which no
place is told have none here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from ocrportal.exporters.language import language_of
from ocrportal.exporters.markup import escaped, legal_in_xml
from ocrportal.exporters.options import DEFAULT_OPTIONS, ExportOptions
from ocrportal.exporters.positional.blocks import PlacedTable, placed_blocks
from ocrportal.exporters.positional.words import Place, PlacedRow
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.page import LaidOutPage
from ocrportal.layout.unplaced import unplaced_text

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://www.loc.gov/standards/alto/ns-v4# \
http://www.loc.gov/standards/alto/v4/alto-4-4.xsd" SCHEMAVERSION="4.4">
<Description>
<MeasurementUnit>pixel</MeasurementUnit>
<sourceImageInformation><documentIdentifier>{title}</documentIdentifier></sourceImageInformation>
<Processing ID="recognition">
<processingCategory>contentGeneration</processingCategory>
<processingSoftware><softwareName>OCR Portal</softwareName></processingSoftware>
</Processing>
</Description>
<Layout>
"""
_END = "</Layout>\n</alto>\n"


def write_alto(
    document: LaidOutDocument, out: BinaryIO, options: ExportOptions = DEFAULT_OPTIONS
) -> None:
    """Write a document as ALTO, one page after the other, with its printed rows."""
    out.write(_HEAD.format(title=escaped(document.title)).encode())
    for page in document.pages():
        out.write("".join(f"{row}\n" for row in _page(page, f"page_{page.index + 1}")).encode())
    out.write(_END.encode())


def _page(page: LaidOutPage, name: str) -> Iterator[str]:
    """``name`` begins the ID of whatever is on the page: they are unique in the file."""
    upright = page.result
    # Tables are written whole, with what no line tells.
    unplaced = [legal_in_xml(row) for row in unplaced_text(page, with_tables=False)]
    language = language_of(
        [
            *(line.text for line in upright.lines),
            *(cell.text for table in upright.tables for cell in table.cells),
            *unplaced,
        ]
    )
    size = f'WIDTH="{upright.width}" HEIGHT="{upright.height}"'
    yield (
        f'<Page ID="{name}" PHYSICAL_IMG_NR="{page.source.number}" LANG="{language}" {size}'
        f"{_page_confidence(upright.confidence)}>"
    )
    yield f'<PrintSpace HPOS="0" VPOS="0" {size}>'
    for number, part in enumerate(placed_blocks(page), 1):
        block = f"{name}_block_{number}"
        if isinstance(part, PlacedTable):
            yield from _table(part, block)
        else:
            yield from _block(block, part.place, part.rows)
    for number, row in enumerate(filter(str.split, unplaced), 1):
        yield from _block(f"{name}_unplaced_{number}", None, texts=(row,))
    yield "</PrintSpace>"
    yield "</Page>"


def _table(table: PlacedTable, name: str) -> Iterator[str]:
    yield f'<ComposedBlock ID="{name}"{_position(table.place)} TYPE="table">'
    for row in table.rows:
        for placed in row:
            texts = tuple(filter(str.split, map(legal_in_xml, placed.texts)))
            if placed.rows or texts:
                place = f"row_{placed.cell.row + 1}_column_{placed.cell.column + 1}"
                yield from _block(f"{name}_{place}", placed.place, placed.rows, texts)
    yield "</ComposedBlock>"


def _block(
    name: str, place: Place | None, rows: tuple[PlacedRow, ...] = (), texts: tuple[str, ...] = ()
) -> Iterator[str]:
    """A block of printed rows, or of texts of which no place is told."""
    yield f'<TextBlock ID="{name}"{_position(place)}>'
    for number, row in enumerate(rows, 1):
        yield f'<TextLine ID="{name}_line_{number}"{_position(row.place)}>{_words(row)}</TextLine>'
    for text in texts:
        yield f"<TextLine>{_strings(text)}</TextLine>"
    yield "</TextBlock>"


def _words(row: PlacedRow) -> str:
    return "".join(
        f'<String CONTENT="{escaped(word.text)}"{_position(word.place)} '
        f'WC="{word.confidence:.2f}"/>{"<SP/>" if word.blank else ""}'
        for word in row.words
    )


def _strings(row: str) -> str:
    return "<SP/>".join(f'<String CONTENT="{escaped(word)}"/>' for word in row.split())


def _position(place: Place | None) -> str:
    if place is None:
        return ""
    width, height = place.right - place.left, place.bottom - place.top
    return f' HPOS="{place.left}" VPOS="{place.top}" WIDTH="{width}" HEIGHT="{height}"'


def _page_confidence(confidence: float | None) -> str:
    return "" if confidence is None else f' PC="{min(max(confidence, 0.0), 1.0):.2f}"'
