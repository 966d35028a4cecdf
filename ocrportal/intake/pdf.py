"""PDF: every page drawn by PDFium, as sharp as its scan is and not sharper."""

from __future__ import annotations

import itertools
import math
from types import TracebackType
from typing import BinaryIO, Self

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it ships no types
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]  # it ships no types

from ocrportal.errors import DamagedFile, IntakeError, NoPages, PasswordNeeded, PasswordWrong
from ocrportal.intake.base import Limits, PageImage, check_page_number
from ocrportal.intake.encoding import encode_page
from ocrportal.intake.image import damage_translated

_DPI = 200
_SCAN_LOWEST_DPI = 150
_LONGEST_SIDE = 5000
"""Pixels. A4 at 400 dpi stays below it; A0 and absurd pages are drawn coarser."""
_OBJECTS_LOOKED_AT = 2000
_POINTS_PER_INCH = 72


class PdfPages:
    """A PDF file as a PageSource. It reads from ``file`` as it goes, never all of it."""

    def __init__(self, file: BinaryIO, limits: Limits, password: str | None = None) -> None:
        """Raises DamagedFile, NoPages, PasswordNeeded, PasswordWrong."""
        self._max_pixels = limits.max_pixels
        try:
            self._document = pdfium.PdfDocument(file, password=password or None)
            self._document.init_forms()
        except pdfium.PdfiumError as exc:
            raise _opening_error(exc, password) from exc
        self.page_count = len(self._document)

    def read_page(self, number: int) -> PageImage:
        check_page_number(number, self.page_count)
        try:
            page = self._document[number - 1]
        except pdfium.PdfiumError as exc:
            raise DamagedFile from exc
        try:
            scale = _scale(page, self._max_pixels)
            # Four bytes a pixel: Pillow then works on PDFium's memory without a copy.
            bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True)
            with damage_translated():
                return encode_page(bitmap.to_pil(), dpi=scale * _POINTS_PER_INCH)
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


def _opening_error(error: pdfium.PdfiumError, password: str | None) -> IntakeError:
    if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
        return PasswordWrong() if password else PasswordNeeded()
    if error.err_code == pdfium_c.FPDF_ERR_SUCCESS:
        # The file is well-formed; pypdfium2 refuses a document without pages itself.
        return NoPages()
    return DamagedFile()


def _scale(page: pdfium.PdfPage, max_pixels: int) -> float:
    """Pixels per point at which to draw the page."""
    width: float = page.get_width()
    height: float = page.get_height()
    if not (0 < width < math.inf and 0 < height < math.inf):
        raise DamagedFile
    scale = min(
        _dpi(page, width, height) / _POINTS_PER_INCH,
        _LONGEST_SIDE / max(width, height),
        math.sqrt(max_pixels / (width * height)),
    )
    # The number of pixels is rounded up. A hair less keeps a scan of 1654 pixels at 1654,
    # where it is copied pixel by pixel, instead of stretching it to 1655.
    return scale * (1 - 1e-5)


def _dpi(page: pdfium.PdfPage, width: float, height: float) -> float:
    """The resolution of the scan that fills the page, else the usual one.

    Scanned pages are one picture, or strips of one, or layers; words recognised before may
    lie on them as invisible text. Anything else drawn wants the usual resolution at least.
    """
    lowest, covered, found = _SCAN_LOWEST_DPI, 0.0, 0.0
    for item in itertools.islice(page.get_objects(max_depth=3), _OBJECTS_LOOKED_AT):
        if isinstance(item, pdfium.PdfImage):
            across, down = _size_on_page(item)
            if max(across, down) > 0.8 * min(width, height):
                covered += across * down
                found = max(found, _image_dpi(item, across, down))
        elif item.type == pdfium_c.FPDF_PAGEOBJ_TEXT and not _is_invisible(item):
            lowest = _DPI
    if covered < width * height / 2:
        return _DPI
    return max(lowest, found)


def _size_on_page(image: pdfium.PdfImage) -> tuple[float, float]:
    """Points along the rows and along the columns of a picture, however it is turned."""
    matrix = image.get_matrix()
    form = image.container
    while form is not None:
        matrix = matrix.multiply(form.get_matrix())
        form = form.container
    return math.hypot(matrix.a, matrix.b), math.hypot(matrix.c, matrix.d)


def _image_dpi(image: pdfium.PdfImage, across: float, down: float) -> float:
    if across == 0 or down == 0:
        return 0
    columns, rows = image.get_px_size()
    return float(max(columns / across, rows / down) * _POINTS_PER_INCH)


def _is_invisible(text: pdfium.PdfTextObj) -> bool:
    return bool(
        pdfium_c.FPDFTextObj_GetTextRenderMode(text) == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE
    )
