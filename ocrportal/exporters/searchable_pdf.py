"""Searchable PDF: the page pictures, with their text laid invisibly over the ink."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from statistics import median
from typing import BinaryIO

from ocrportal.exporters.document import ExportDocument, ExportPage
from ocrportal.exporters.language import LanguageCount
from ocrportal.exporters.layout import LayoutLine, lay_out
from ocrportal.exporters.paper import paper_size
from ocrportal.exporters.pdf_file import PdfFile, number, text_string
from ocrportal.exporters.pdf_font import InvisibleFont, advance
from ocrportal.exporters.pdf_picture import write_picture
from ocrportal.results import PageResult, Point

_PICTURE_TURNS = {0: (1, 0, 0, 1), 90: (0, -1, 1, 0), 180: (-1, 0, 0, -1), 270: (0, 1, -1, 0)}
"""Where the right and upward edges of the picture point once it is set upright."""
_INK = 0.7
"""Share of a line's box that its characters fill; the rest is air around them."""
_BASE = 0.3
"""Height of the base line in the box of a line, from its lower edge."""


def write_searchable_pdf(document: ExportDocument, out: BinaryIO) -> None:
    """Write a document as PDF; raises ExportError if a page picture cannot be read."""
    pdf = PdfFile(out)
    font = InvisibleFont()
    language = LanguageCount()
    tree, font_number = pdf.reserve(), pdf.reserve()
    pages = [
        _write_page(pdf, page, font, font_number, tree, language) for page in document.iter_pages()
    ]
    font.write(pdf, font_number)
    kids = " ".join(f"{page} 0 R" for page in pages)
    pdf.write(f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>", tree)
    root = pdf.write(
        f"<< /Type /Catalog /Pages {tree} 0 R /Lang ({language.tag})"
        " /ViewerPreferences << /DisplayDocTitle true >> >>"
    )
    info = pdf.write(f"<< /Title {text_string(document.title)} /Producer (OCR Portal) >>")
    pdf.close(root, info)


def _write_page(
    pdf: PdfFile,
    page: ExportPage,
    font: InvisibleFont,
    font_number: int,
    tree: int,
    language: LanguageCount,
) -> int:
    width, height = paper_size(page.result, page.dpi)
    picture = write_picture(pdf, page.read_image())
    content = [_show_picture(page.result.rotation, width, height), b"BT 3 Tr"]
    upright = page.result.upright()
    scale = width / upright.width
    for paragraph in lay_out(page.result).paragraphs:
        language.add(paragraph.text)
        for line in paragraph.lines:
            content.append(_show_line(line, upright, font, scale, height))
    content.append(b"ET")
    contents = pdf.write_stream("", b"\n".join(content))
    return pdf.write(
        f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {number(width)} {number(height)}]"
        f" /Resources << /XObject << /P {picture} 0 R >> /Font << /F {font_number} 0 R >> >>"
        f" /Contents {contents} 0 R >>"
    )


def _show_picture(rotation: int, width: float, height: float) -> bytes:
    right_x, right_y, up_x, up_y = _PICTURE_TURNS[rotation]
    matrix = (right_x * width, right_y * height, up_x * width, up_y * height)
    corner = (width * (min(right_x, up_x) < 0), height * (min(right_y, up_y) < 0))
    return f"q {' '.join(number(value) for value in matrix + corner)} cm /P Do Q".encode()


@dataclass(frozen=True, slots=True)
class _Run:
    """Text to be set from ``start`` to ``end``; distances from the row's beginning."""

    text: str
    start: float
    end: float


def _show_line(
    line: LayoutLine, upright: PageResult, font: InvisibleFont, scale: float, page_height: float
) -> bytes:
    """One printed row on one straight base line.

    Its fragments may lean a little differently; if each kept its own base line, viewers
    would take them for several lines.
    """
    boxes = [upright.lines[index].box for index in line.indices]
    size = median(math.dist(box[0], box[3]) for box in boxes) * _INK or 1.0
    start_x, start_y = _between(boxes[0][3], boxes[0][0], _BASE)
    end_x, end_y = _between(boxes[-1][2], boxes[-1][1], _BASE)
    length = math.hypot(end_x - start_x, end_y - start_y) or 1.0
    cos, sin = (end_x - start_x) / length, (end_y - start_y) / length
    runs = _runs(
        line.pieces,
        [[(x - start_x) * cos + (y - start_y) * sin for x, y in (box[3], box[2])] for box in boxes],
    )
    matrix = " ".join(number(value, 4) for value in (cos, -sin, sin, cos))
    place = f"{number(start_x * scale)} {number(page_height - start_y * scale)}"
    shown = [f"/F {number(size * scale)} Tf {matrix} {place} Tm".encode()]
    for run in runs:
        stretch = 100 * (run.end - run.start) / (advance(run.text) * size)
        shown.append(b"%s Tz (%s) Tj" % (number(stretch).encode(), _escape(font.encode(run.text))))
    return b" ".join(shown)


def _runs(pieces: tuple[str, ...], spans: list[list[float]]) -> Iterator[_Run]:
    """The fragments of a row, each over its own box, without gaps between them.

    What separates two of them is filled: by the blank, if one belongs there, else by
    drawing the first one out. Viewers put blanks of their own into any gap left open.
    """
    position = 0.0
    for text, (_, end), following in zip_longest(pieces, spans, spans[1:]):
        reach = max(end, position + 1)
        if following is None:
            yield _Run(text, position, reach)
        elif text.endswith(" ") and following[0] > reach:
            yield _Run(text[:-1], position, reach)
            yield _Run(" ", reach, following[0])
            position = following[0]
        else:
            position, begin = max(following[0], position + 1), position
            yield _Run(text, begin, position)


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _escape(data: bytes) -> bytes:
    for sign in (b"\\", b"(", b")"):
        data = data.replace(sign, b"\\" + sign)
    return data.replace(b"\r", b"\\r")
