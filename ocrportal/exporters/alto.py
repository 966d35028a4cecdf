"""ALTO 4.4, the XML of libraries and archives: rows and words with their places.

Fields and tables of which no place is told follow as blocks without one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from ocrportal.catalogue.spec import services
from ocrportal.exporters.document import ExportDocument, ExportPage
from ocrportal.exporters.language import language_of
from ocrportal.exporters.markup import escaped, legal_in_xml
from ocrportal.exporters.options import AS_USUAL, ExportOptions
from ocrportal.exporters.placed_text import Place, PlacedParagraph, PlacedRow, placed_paragraphs
from ocrportal.exporters.unplaced import unplaced_rows

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


def write_alto(document: ExportDocument, out: BinaryIO, options: ExportOptions = AS_USUAL) -> None:
    """Write a document as ALTO, one page after the other, with its printed rows."""
    out.write(_HEAD.format(title=escaped(document.title)).encode())
    for number, page in enumerate(document.iter_pages(), 1):
        out.write("".join(f"{row}\n" for row in _page(page, f"page_{number}")).encode())
    out.write(_END.encode())


def _page(page: ExportPage, name: str) -> Iterator[str]:
    """``name`` begins the ID of whatever is on the page: they are unique in the file."""
    upright = page.result.upright()
    unplaced = [legal_in_xml(row) for row in unplaced_rows(upright, services().get(page.service))]
    language = language_of([*(line.text for line in upright.lines), *unplaced])
    size = f'WIDTH="{upright.width}" HEIGHT="{upright.height}"'
    yield (
        f'<Page ID="{name}" PHYSICAL_IMG_NR="{page.number}" LANG="{language}" {size}'
        f"{_page_confidence(upright.confidence)}>"
    )
    yield f'<PrintSpace HPOS="0" VPOS="0" {size}>'
    for number, paragraph in enumerate(placed_paragraphs(upright), 1):
        yield from _block(paragraph, f"{name}_block_{number}")
    for number, row in enumerate(filter(str.split, unplaced), 1):
        yield f'<TextBlock ID="{name}_unplaced_{number}">'
        yield f"<TextLine>{_strings(row)}</TextLine>"
        yield "</TextBlock>"
    yield "</PrintSpace>"
    yield "</Page>"


def _block(paragraph: PlacedParagraph, name: str) -> Iterator[str]:
    yield f'<TextBlock ID="{name}" {_position(paragraph.place)}>'
    for number, row in enumerate(paragraph.rows, 1):
        yield f'<TextLine ID="{name}_line_{number}" {_position(row.place)}>{_words(row)}</TextLine>'
    yield "</TextBlock>"


def _words(row: PlacedRow) -> str:
    return "".join(
        f'<String CONTENT="{escaped(word.text)}" {_position(word.place)} '
        f'WC="{word.confidence:.2f}"/>{"<SP/>" if word.blank else ""}'
        for word in row.words
    )


def _strings(row: str) -> str:
    return "<SP/>".join(f'<String CONTENT="{escaped(word)}"/>' for word in row.split())


def _position(place: Place) -> str:
    width, height = place.right - place.left, place.bottom - place.top
    return f'HPOS="{place.left}" VPOS="{place.top}" WIDTH="{width}" HEIGHT="{height}"'


def _page_confidence(confidence: float | None) -> str:
    return "" if confidence is None else f' PC="{min(max(confidence, 0.0), 1.0):.2f}"'
