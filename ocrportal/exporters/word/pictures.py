"""Pictures in Word: drawings in runs of text, and their files as parts of the package.

The data of the pictures waits in a temporary file until the package is written, since a book may
have more of it than fits into memory.
"""

from __future__ import annotations

from typing import IO, cast

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.shape import CT_Inline
from docx.oxml.text.paragraph import CT_P
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.package import Package
from docx.shared import Pt

from ocrportal.exporters.word.runs import added
from ocrportal.geometry import Rect
from ocrportal.layout.blocks import Figure
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.markup import legal_in_xml
from ocrportal.pictures import Picture, alternative_text, pictures_of, whole_picture

_SHARE = 0.76
"""Share of the page for its image, within the widest margins and above a row of text."""


class WordPictures:
    """Adds pictures to a document; python-docx would compare each with all before it."""

    def __init__(self, word: WordDocument, data: IO[bytes]) -> None:
        """``data`` is a temporary file that stays open until the document is saved."""
        self._document = word.part
        self._data = data
        self._count = 0
        self._figures: dict[Figure, Picture] = {}

    def add_page_image(self, paragraph: CT_P, page: LaidOutPage, size: tuple[float, float]) -> None:
        """Add the upright image of a page of this size, as large as the margins allow.

        Raises ExportError if it cannot be read.
        """
        width, height = (side * _SHARE for side in size)
        upright = page.result
        scale = min(width / upright.width, height / upright.height)
        shown = (upright.width * scale, upright.height * scale)
        self._add(paragraph, whole_picture(page.source), shown)

    def begin_page(self, page: LaidOutPage) -> None:
        """Cut out the figures of the page that is written next; raises ExportError."""
        self._figures = pictures_of(page)

    def add_figure(self, paragraph: CT_P, figure: Figure, size: tuple[float, float]) -> None:
        """Add a figure of the page to a paragraph, in this width and height in points."""
        self._add(paragraph, self._figures[figure], size, alternative_text(figure))

    def add_floating_figure(self, paragraph: CT_P, figure: Figure, place: Rect) -> None:
        """Anchor a figure in a paragraph, behind the text and at its place on the paper in points.

        Text neither moves it nor is moved by it.
        """
        size = (max(place.width, 1.0), max(place.height, 1.0))
        drawing = self._add(paragraph, self._figures[figure], size, alternative_text(figure))
        drawing.addprevious(_anchor(drawing, place, self._count))
        cast("BaseOxmlElement", drawing.getparent()).remove(drawing)

    def _add(
        self, paragraph: CT_P, picture: Picture, size: tuple[float, float], name: str = ""
    ) -> CT_Inline:
        self._count += 1
        file_name = f"picture{self._count}.{picture.extension}"
        part = _PicturePart(file_name, picture, self._document.package, self._data)
        relation = f"rIdPicture{self._count}"
        self._document.rels.add_relationship(RELATIONSHIP_TYPE.IMAGE, part, relation)
        width, height = map(Pt, size)
        drawing = CT_Inline.new_pic_inline(self._count, relation, file_name, width, height)
        if name:
            drawing.docPr.set("descr", legal_in_xml(name))
        run = paragraph.add_r()
        added(run.get_or_add_rPr(), "w:sz", val="2")  # else space for its type is below it
        run.add_drawing(drawing)
        return drawing


def _anchor(inline: CT_Inline, place: Rect, number: int) -> BaseOxmlElement:
    """The drawing of a picture with a place on the paper instead of one in the line."""
    anchor = cast("BaseOxmlElement", OxmlElement("wp:anchor"))
    for name in ("distT", "distB", "distL", "distR", "simplePos", "locked"):
        anchor.set(name, "0")
    for name in ("behindDoc", "layoutInCell", "allowOverlap"):
        anchor.set(name, "1")
    anchor.set("relativeHeight", str(number))
    simple = cast("BaseOxmlElement", OxmlElement("wp:simplePos"))
    simple.set("x", "0")
    simple.set("y", "0")
    anchor.append(simple)
    for name, start in (("wp:positionH", place.left), ("wp:positionV", place.top)):
        position = cast("BaseOxmlElement", OxmlElement(name))
        position.set("relativeFrom", "page")
        offset = cast("BaseOxmlElement", OxmlElement("wp:posOffset"))
        offset.text = str(Pt(start))
        position.append(offset)
        anchor.append(position)
    extent, *rest = list(inline)
    anchor.append(extent)
    anchor.append(cast("BaseOxmlElement", OxmlElement("wp:wrapNone")))
    anchor.extend(rest)
    return anchor


class _PicturePart(Part):
    """The file of a picture; its data is read when the package is written."""

    def __init__(
        self, name: str, picture: Picture, package: Package | None, data: IO[bytes]
    ) -> None:
        super().__init__(PackURI(f"/word/media/{name}"), picture.media_type, None, package)
        self._file = data
        self._start, self._size = data.seek(0, 2), len(picture.data)
        data.write(picture.data)

    @property
    def blob(self) -> bytes:
        self._file.seek(self._start)
        return self._file.read(self._size)
