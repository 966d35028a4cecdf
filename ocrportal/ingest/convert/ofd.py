"""Converts OFD, the Chinese fixed-layout format (GB/T 33190-2016), to PDF.

Supported are pages with their templates, text, pictures, paths, and the appearance of
annotations, such as stamps. Of several documents in a file the first is converted. Unknown or
unusable objects are skipped, as other readers do.

Called in an isolated process (see isolation.py).
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from lxml import etree
from reportlab.pdfgen.canvas import Canvas

from ocrportal.errors.ingest import DamagedFile, NoPages
from ocrportal.ingest.convert.ofd_drawing import Pen
from ocrportal.ingest.convert.ofd_resources import Resources
from ocrportal.ingest.convert.ofd_xml import Element, child, children, name_of, numbers
from ocrportal.ingest.convert.package import DAMAGE, check_package

_POINTS_PER_MM = 72 / 25.4
_MAX_SIDE_MM = 5080
"""The limit for a PDF page; A0 is 1189 mm high."""
_MAX_PAGES = 10_000
_A4 = (0.0, 0.0, 210.0, 297.0)


def convert_ofd(source: Path, target: Path, *, max_unpacked_bytes: int) -> None:
    """Write the pages of an OFD file as PDF. Raises DamagedFile, ArchiveTooLarge, NoPages."""
    check_package(source, max_unpacked_bytes)
    try:
        with zipfile.ZipFile(source) as archive:
            document = _Document(_Parts(archive))
            canvas = Canvas(str(target), pageCompression=1)
            for number, page in enumerate(document.pages()):
                if number == _MAX_PAGES:
                    break
                document.draw(page, canvas)
            if canvas.getPageNumber() == 1:
                raise NoPages
            canvas.save()
    except (*DAMAGE, etree.XMLSyntaxError, RecursionError) as error:
        raise DamagedFile from error


@dataclass(frozen=True, slots=True)
class _Parts:
    """The files of the package, by their paths."""

    archive: zipfile.ZipFile

    def read(self, place: str) -> bytes:
        """The content of a part. Raises KeyError for a path that is not in the package."""
        return self.archive.read(place)

    def xml(self, place: str) -> Element:
        # A second guard against entities, which the check of the package rejects already.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        return etree.fromstring(self.read(place), parser)

    def has(self, place: str) -> bool:
        return place in self.archive.NameToInfo


def _place(text: str | None, beside: str) -> str:
    """The path of a part that is referred to in the part ``beside``."""
    text = (text or "").strip().replace("\\", "/")
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(beside), text)).lstrip("/")


@dataclass(frozen=True, slots=True)
class _Page:
    key: str
    place: str


@dataclass(slots=True)
class _Document:
    parts: _Parts
    place: str = field(init=False)
    root: Element = field(init=False)
    resources: Resources = field(init=False)
    templates: dict[str, str] = field(init=False, default_factory=dict)
    annotations: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        package = self.parts.xml("OFD.xml")
        root = next(
            (found for body in children(package, "DocBody") for found in children(body, "DocRoot")),
            None,
        )
        if root is None:
            raise NoPages
        self.place = _place(root.text, "OFD.xml")
        self.root = self.parts.xml(self.place)
        self.resources = Resources(self.parts.read)
        common = child(self.root, "CommonData")
        if common is not None:
            self._read_resources(common, self.place, "PublicRes", "DocumentRes")
            for template in children(common, "TemplatePage"):
                place = _place(template.get("BaseLoc"), self.place)
                self.templates[template.get("ID", "")] = place
        self._find_annotations()

    def _read_resources(self, holder: Element, beside: str, *names: str) -> None:
        for name in names:
            for entry in children(holder, name):
                place = _place(entry.text, beside)
                if self.parts.has(place):
                    listed = self.parts.xml(place)
                    base = _place(f"{listed.get('BaseLoc', '')}/x", place)
                    self.resources.add(listed, partial(_place, beside=base))

    def _find_annotations(self) -> None:
        entry = child(self.root, "Annotations")
        place = _place(None if entry is None else entry.text, self.place)
        if entry is None or not self.parts.has(place):
            return
        for page in children(self.parts.xml(place), "Page"):
            location = child(page, "FileLoc")
            if location is not None:
                self.annotations[page.get("PageID", "")] = _place(location.text, place)

    def pages(self) -> Iterator[_Page]:
        listed = child(self.root, "Pages")
        for page in () if listed is None else children(listed, "Page"):
            yield _Page(page.get("ID", ""), _place(page.get("BaseLoc"), self.place))

    def draw(self, page: _Page, canvas: Canvas) -> None:
        """Add the page to the PDF, with the templates below and above its content."""
        content = self.parts.xml(page.place)
        self._read_resources(content, page.place, "PageRes")
        left, top, width, height = self._box(content)
        canvas.setPageSize((width * _POINTS_PER_MM, height * _POINTS_PER_MM))
        # OFD coordinates: millimetres from the top left corner, y pointing down.
        canvas.transform(_POINTS_PER_MM, 0, 0, -_POINTS_PER_MM, 0, height * _POINTS_PER_MM)
        canvas.translate(-left, -top)
        pen = Pen(canvas, self.resources)
        for under, template in self._templates_of(content):
            if under:
                self._draw_content(template, pen)
        self._draw_content(content, pen)
        for under, template in self._templates_of(content):
            if not under:
                self._draw_content(template, pen)
        if self.parts.has(self.annotations.get(page.key, "")):
            for annotation in children(self.parts.xml(self.annotations[page.key]), "Annot"):
                if annotation.get("Visible") != "false":
                    for appearance in children(annotation, "Appearance"):
                        pen.draw_block(appearance)
        canvas.showPage()

    def _box(self, content: Element) -> tuple[float, float, float, float]:
        """Left, top, width and height of the page in millimetres."""
        common = child(self.root, "CommonData")
        areas = [child(content, "Area")]
        areas += [] if common is None else [child(common, "PageArea")]
        for area in areas:
            box = None if area is None else child(area, "PhysicalBox")
            if box is not None:
                left, top, width, height = numbers(box.text, 4)
                if not (0 < width <= _MAX_SIDE_MM and 0 < height <= _MAX_SIDE_MM):
                    raise DamagedFile
                return left, top, width, height
        return _A4

    def _templates_of(self, content: Element) -> Iterator[tuple[bool, Element]]:
        """The templates of the page, each with True if it is drawn below the content."""
        for use in children(content, "Template"):
            place = self.templates.get(use.get("TemplateID", ""), "")
            if self.parts.has(place):
                yield use.get("ZOrder", "Background") == "Background", self.parts.xml(place)

    @staticmethod
    def _draw_content(page: Element, pen: Pen) -> None:
        for part in children(page, "Content"):
            for layer in part:
                if name_of(layer) == "Layer":
                    pen.draw_block(layer)
