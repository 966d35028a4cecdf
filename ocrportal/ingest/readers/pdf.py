"""Reads PDF files: PDFium renders each page at the resolution of its scan."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it ships no types
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]  # it ships no types
from PIL import Image
from pypdfium2.internal import get_bufreader  # type: ignore[import-untyped]  # the same

from ocrportal.errors.ingest import (
    DamagedFile,
    DynamicForm,
    IngestError,
    NoPages,
    PasswordNeeded,
    PasswordWrong,
)
from ocrportal.ingest.base import Limits, PageImage, check_page_number
from ocrportal.ingest.notes import Note
from ocrportal.ingest.readers.encoding import encode_page
from ocrportal.ingest.readers.image import damage_translated
from ocrportal.ingest.readers.pdf_characters import INVISIBLE_MODES
from ocrportal.ingest.readers.pdf_text import note_of, own_text
from ocrportal.results import PageResult

_DPI = 200
_SCAN_LOWEST_DPI = 150
_MAX_SIDE = 5000
"""Pixels. A4 at 400 dpi is smaller; larger pages are rendered at a lower resolution."""
_MAX_OBJECTS = 2000
_POINTS_PER_INCH = 72


class PdfPages:
    """A PDF file as a PageSource, which reads parts of ``file`` as needed."""

    def __init__(
        self,
        file: BinaryIO,
        limits: Limits,
        password: str | None = None,
        with_text: bool = True,
    ) -> None:
        """Raises DamagedFile, DynamicForm, NoPages, PasswordNeeded, PasswordWrong."""
        self._max_pixels = limits.max_pixels
        self._with_text = with_text
        # PDFium reads the file through these callbacks, so both live as long as the document.
        self._access, self._callbacks = get_bufreader(file)
        self._document = _open(self._access, password)
        self.page_count = len(self._document)
        if self.page_count == 0:
            self._document.close()
            raise NoPages

    def read_page(self, number: int) -> PageImage:
        check_page_number(number, self.page_count)
        try:
            page = self._document[number - 1]
        except pdfium.PdfiumError as exc:
            raise DamagedFile from exc
        try:
            resolution = _render_resolution(page)
            size = _pixel_size(page, resolution, self._max_pixels)
            dpi = size[0] / page.get_width() * _POINTS_PER_INCH
            drawn = _draw(page, size)
            with damage_translated():
                picture = encode_page(drawn, dpi)
            if not self._with_text:
                return picture
            text = own_text(page, drawn, on_picture=resolution.is_scan)
            if isinstance(text, PageResult):
                return replace(picture, own_text=text)
            return replace(picture, notes=note_of(text))
        except pdfium.PdfiumError as exc:
            raise DamagedFile from exc
        finally:
            page.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._document.close()


def notes_of_pdf(path: Path, password: str | None = None) -> list[str]:
    """The notes about a PDF file as a whole. Raises what PdfPages raises, except NoPages."""
    with path.open("rb") as file:
        access, callbacks = get_bufreader(file)  # PDFium reads the file through these
        document = _open(access, password)
        is_signed = pdfium_c.FPDF_GetSignatureCount(document) > 0
        document.close()
        del callbacks
    return [Note.SIGNED.value] if is_signed else []


def _open(access: pdfium_c.FPDF_FILEACCESS, password: str | None) -> pdfium.PdfDocument:
    # PDFium does not reset its last error, so only a null handle shows that this file failed.
    # pypdfium2 mistakes a file without pages for the previous failure.
    handle = pdfium_c.FPDF_LoadCustomDocument(access, (password or "").encode() + b"\0")
    if not handle:
        raise _opening_error(pdfium_c.FPDF_GetLastError(), password)
    document = pdfium.PdfDocument(handle)
    if pdfium_c.FPDF_GetFormType(document) == pdfium_c.FORMTYPE_XFA_FULL:
        # Its only page asks the reader to wait: the real ones are made by a program.
        document.close()
        raise DynamicForm
    # Needed to render form fields. Scripts and launch actions never run: PDFium is built
    # without V8 and XFA here, and runs a document's actions only if it is called to do so
    # (FORM_DoDocumentJSAction and similar functions, which are not called).
    try:
        document.init_forms()
    except pdfium.PdfiumError as exc:
        document.close()
        raise DamagedFile from exc
    return document


def _opening_error(code: int, password: str | None) -> IngestError:
    if code == pdfium_c.FPDF_ERR_PASSWORD:
        return PasswordWrong() if password else PasswordNeeded()
    return DamagedFile()


def _draw(page: pdfium.PdfPage, size: tuple[int, int]) -> Image.Image:
    """Render the page with its annotations and form fields at ``size`` pixels."""
    width, height = size
    # Four bytes per pixel, so that Pillow uses the same memory without a copy.
    bitmap = pdfium.PdfBitmap.new_native(
        width, height, pdfium_c.FPDFBitmap_BGRx, rev_byteorder=True
    )
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
    flags = pdfium_c.FPDF_ANNOT | pdfium_c.FPDF_REVERSE_BYTE_ORDER
    # Slightly smaller than the bitmap: if rounding put the edge of a scan beyond it, PDFium
    # would resample and blur the whole scan.
    across = width / page.get_width() * (1 - 1e-6)
    down = height / page.get_height() * (1 - 1e-6)
    matrix = pdfium_c.FS_MATRIX(across, 0, 0, down, 0, 0)
    clip = pdfium_c.FS_RECTF(0, 0, width, height)
    pdfium_c.FPDF_RenderPageBitmapWithMatrix(bitmap, page, matrix, clip, flags)
    if page.formenv:
        pdfium_c.FPDF_FFLDraw(page.formenv, bitmap, page, 0, 0, width, height, 0, flags)
    image: Image.Image = bitmap.to_pil()
    return image


@dataclass(frozen=True, slots=True)
class _Resolution:
    """The resolution at which a page is rendered."""

    across: float
    """Horizontal pixels per inch; ``down`` are the vertical ones."""
    down: float
    is_scan: bool
    """True if pictures cover most of the page."""


def _pixel_size(page: pdfium.PdfPage, resolution: _Resolution, max_pixels: int) -> tuple[int, int]:
    """The width and height of the rendered page in pixels."""
    width, height = page.get_size()
    across = width * resolution.across / _POINTS_PER_INCH
    down = height * resolution.down / _POINTS_PER_INCH
    shrink = min(1, _MAX_SIDE / max(across, down), math.sqrt(max_pixels / (across * down)))
    # Rounding down respects the limit; 0.01 is added since 1654 pixels of a scan are
    # computed as 1653.9999.
    return max(1, int(across * shrink + 0.01)), max(1, int(down * shrink + 0.01))


def _render_resolution(page: pdfium.PdfPage) -> _Resolution:
    """The resolution of the scan that covers the page, else the default.

    Scanned pages are a picture, strips of one, or layers, and may have invisible text. Visible
    text needs the default resolution at least. Raises DamagedFile for a page without a size.
    """
    width, height = page.get_size()
    if not (0 < width < math.inf and 0 < height < math.inf):
        raise DamagedFile
    turned = page.get_rotation() in (90, 270)
    lowest, covered = _SCAN_LOWEST_DPI, 0.0
    finest = (0.0, 0.0)
    for item in itertools.islice(page.get_objects(max_depth=3), _MAX_OBJECTS):
        if isinstance(item, pdfium.PdfImage):
            picture = _place(item, turned)
            if max(picture.width, picture.height) > 0.8 * min(width, height):
                covered += picture.width * picture.height
                finest = max(finest, picture.dpi, key=max)
        elif item.type == pdfium_c.FPDF_PAGEOBJ_TEXT and not _is_invisible(item):
            lowest = _DPI
    if covered < width * height / 2:
        return _Resolution(_DPI, _DPI, is_scan=False)
    across, down = finest
    if max(across, down) < lowest:
        return _Resolution(lowest, lowest, is_scan=True)
    if abs(across - down) > 0.005 * max(across, down):
        return _Resolution(max(across, down), max(across, down), is_scan=True)
    # Equal except for the rounding of the page size: use both, to match every pixel.
    return _Resolution(across, down, is_scan=True)


@dataclass(frozen=True, slots=True)
class _PlacedPicture:
    """A picture as placed on the displayed page."""

    width: float
    """In points, as is ``height``."""
    height: float
    columns: int
    rows: int

    @property
    def dpi(self) -> tuple[float, float]:
        if not (self.width and self.height):
            return 0.0, 0.0
        return (
            self.columns / self.width * _POINTS_PER_INCH,
            self.rows / self.height * _POINTS_PER_INCH,
        )


def _place(image: pdfium.PdfImage, page_turned: bool) -> _PlacedPicture:
    matrix = image.get_matrix()
    form = image.container
    while form is not None:
        matrix = matrix.multiply(form.get_matrix())
        form = form.container
    width, height = math.hypot(matrix.a, matrix.b), math.hypot(matrix.c, matrix.d)
    columns, rows = image.get_px_size()
    is_rotated = abs(matrix.b) > abs(matrix.a)
    if is_rotated != page_turned:
        return _PlacedPicture(height, width, rows, columns)
    return _PlacedPicture(width, height, columns, rows)


def _is_invisible(text: pdfium.PdfTextObj) -> bool:
    return pdfium_c.FPDFTextObj_GetTextRenderMode(text) in INVISIBLE_MODES
