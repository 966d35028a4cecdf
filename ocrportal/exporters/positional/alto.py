"""ALTO 4.4, the XML format of libraries and archives: lines and words with their positions.

A table is a ``ComposedBlock`` with a ``TextBlock`` for each cell that has text. ALTO has no rows
and columns, so the IDs contain them: ``…_row_1_column_2``. Fields and cells whose position is
unknown have no position here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from ocrportal.exporters.positional.blocks import PlacedTable, placed_blocks
from ocrportal.exporters.positional.words import PlacedLine
from ocrportal.geometry import Rect
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.layout.unplaced import unplaced_text
from ocrportal.markup import escaped, legal_in_xml
from ocrportal.text import language_of

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


def write_alto(document: LaidOutDocument, out: BinaryIO) -> None:
    """Write a document as ALTO, page by page, with its printed lines."""
    out.write(_HEAD.format(title=escaped(document.title)).encode())
    for page in document.pages():
        rows = _page(page, f"page_{page.index + 1}")
        out.write("".join(f"{row}\n" for row in rows).encode())
    out.write(_END.encode())


def _page(page: LaidOutPage, name: str) -> Iterator[str]:
    """The elements of a page; ``name`` is the prefix of their IDs, which are unique in the file."""
    upright = page.result
    # Tables are written whole, with the cells that are not in the lines.
    unplaced = [legal_in_xml(text) for text in unplaced_text(page, with_tables=False)]
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
            yield from _block(block, part.rect, part.lines)
    for number, text in enumerate(filter(str.split, unplaced), 1):
        yield from _block(f"{name}_unplaced_{number}", None, texts=(text,))
    yield "</PrintSpace>"
    yield "</Page>"


def _table(table: PlacedTable, name: str) -> Iterator[str]:
    yield f'<ComposedBlock ID="{name}"{_position(table.rect)} TYPE="table">'
    for row in table.rows:
        for placed in row:
            texts = tuple(filter(str.split, map(legal_in_xml, placed.texts)))
            if placed.lines or texts:
                cell = f"row_{placed.cell.row + 1}_column_{placed.cell.column + 1}"
                yield from _block(f"{name}_{cell}", placed.rect, placed.lines, texts)
    yield "</ComposedBlock>"


def _block(
    name: str, rect: Rect | None, lines: tuple[PlacedLine, ...] = (), texts: tuple[str, ...] = ()
) -> Iterator[str]:
    """A block of printed lines, or of texts without a position."""
    yield f'<TextBlock ID="{name}"{_position(rect)}>'
    for number, line in enumerate(lines, 1):
        yield f'<TextLine ID="{name}_line_{number}"{_position(line.rect)}>{_words(line)}</TextLine>'
    for text in texts:
        yield f"<TextLine>{_strings(text)}</TextLine>"
    yield "</TextBlock>"


def _words(line: PlacedLine) -> str:
    return "".join(
        f'<String CONTENT="{escaped(word.text)}"{_position(word.rect)} '
        f'WC="{word.confidence:.2f}"/>{"<SP/>" if word.space_after else ""}'
        for word in line.words
    )


def _strings(text: str) -> str:
    return "<SP/>".join(f'<String CONTENT="{escaped(word)}"/>' for word in text.split())


def _position(rect: Rect | None) -> str:
    if rect is None:
        return ""
    left, top, right, bottom = rect
    return f' HPOS="{left}" VPOS="{top}" WIDTH="{right - left}" HEIGHT="{bottom - top}"'


def _page_confidence(confidence: float | None) -> str:
    return "" if confidence is None else f' PC="{min(max(confidence, 0.0), 1.0):.2f}"'
