"""Adds the text of recognised pages to the PDF they come from.

The streams of the pages are not re-encoded, and bookmarks, links, forms and attached files are
kept. The changes are:

- Each recognised page gets another content stream before its own streams, whose graphics state
  cannot affect it there. Pages whose own text was used, and pages without a result of the
  recognition, get none.
- A page rotated by 90°, 180° or 270° is turned upright by its ``/Rotate`` entry.
- The text layer of an earlier recognition is removed (own_text/old_text.py), and text that is
  visible in the original is not added again (own_text/visible_text.py).
- Pages without a result are removed, as in every other format (page_selection.py).
- Active content (active_content.py) and encryption are removed.
- A file with a digital signature is written as a revision after the unchanged source
  (revision.py), if no page and no active content is removed.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

import pikepdf
import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it ships no types
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream

from ocrportal.exporters.pdf.active_content import remove_active_content
from ocrportal.exporters.pdf.archival import NotArchivable, drop_pdfa_marker, make_archival
from ocrportal.exporters.pdf.font import FONT_NAME, Codes
from ocrportal.exporters.pdf.own_text.old_text import ReadForms, remove_old_text
from ocrportal.exporters.pdf.own_text.visible_text import NO_TEXT, visible_text
from ocrportal.exporters.pdf.page_selection import keep_pages
from ocrportal.exporters.pdf.revision import NotAppendable, is_signed, write_revision
from ocrportal.exporters.pdf.text_layer import text_layer
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.matrices import Matrix
from ocrportal.results import BLANK, OWN_TEXT, PageResult
from ocrportal.text import LanguageCount

_SHAPE_TOLERANCE = 0.02
"""Difference of the aspect ratios of page and image that is due to rounding to pixels."""
_DEFAULT_PAGE = (0.0, 0.0, 612.0, 792.0)
_MAX_DEPTH = 100
"""Levels of the page tree that are searched for an inherited entry."""


class OriginalUnusable(Exception):
    """The text cannot be added to the source: its pages have to be written as images."""


def write_into_original(document: LaidOutDocument, out: BinaryIO, *, archival: bool) -> None:
    """Write the document's PDF with the text of its pages to ``out``, which is seekable.

    With ``archival`` the result is PDF/A-2u. Raises OriginalUnusable; ``out`` is incomplete then.
    """
    open_pdf = document.documents[0].open_pdf
    assert open_pdf is not None  # the caller has checked
    codes, language = Codes(), LanguageCount()
    with open_pdf() as source, _damage_as_unusable(), _opened(source) as pdf:
        font = pdf.make_indirect(Dictionary())
        numbers: list[int] = []
        read_forms: ReadForms = {}
        for page in document.pages():
            number = page.source.number
            if page.source.part or number in numbers[-1:]:
                raise OriginalUnusable  # its image is not that of the whole page
            if number > len(pdf.pages):
                raise OriginalUnusable
            numbers.append(number)
            _add_text_layer(pdf, page, font, codes, language, read_forms)
        is_whole = len(numbers) == len(pdf.pages)
        keeps_signatures = is_whole and not archival and is_signed(pdf)
        if keeps_signatures and not remove_active_content(pdf, keep_signatures=True):
            _fill(font, pdf, codes)
            drop_pdfa_marker(pdf)
            with suppress(NotAppendable):
                write_revision(source, pdf, out)
                return
        if not is_whole:
            keep_pages(pdf, numbers)
        remove_active_content(pdf)
        _describe(pdf, document.title, language)
        _fill(font, pdf, codes)
        if archival:
            make_archival(pdf)
        else:
            drop_pdfa_marker(pdf)
        pdf.save(
            out,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            object_stream_mode=pikepdf.ObjectStreamMode.preserve,
        )


@contextmanager
def _damage_as_unusable() -> Iterator[None]:
    """Raise OriginalUnusable for the errors of pikepdf and PDFium on malformed files."""
    try:
        yield
    except NotArchivable as error:
        raise OriginalUnusable from error
    # pikepdf raises the built-in errors for objects of an unexpected type, and for objects that
    # contain themselves.
    except (
        *(pikepdf.PdfError, pikepdf.PasswordError),
        *(AttributeError, KeyError, IndexError, TypeError, ValueError, RecursionError),
        *(ArithmeticError, pdfium.PdfiumError),
    ) as error:
        raise OriginalUnusable from error


def _opened(source: BinaryIO) -> Pdf:
    return pikepdf.open(
        source,
        suppress_warnings=True,
        access_mode=pikepdf.AccessMode.stream,  # otherwise the whole file is mapped to memory
    )


def _add_text_layer(
    pdf: Pdf,
    page: LaidOutPage,
    font: Object,
    codes: Codes,
    language: LanguageCount,
    read_forms: ReadForms,
) -> None:
    """Rotate a page upright, and add its text unless it is the page's own text."""
    target = pdf.pages[page.source.number - 1]
    box = _shown_box(target)
    rotation = page.source.result.rotation
    turn = (_rotation(target) + rotation) % 360
    matrix = _placement(page.result, box, turn)
    if rotation:
        target.obj.Rotate = turn
    if page.result.engine == OWN_TEXT:
        for line in page.result.lines:
            language.add(line.text)
        return
    if page.result.engine != BLANK and not _has_content(page.result):
        return  # keep the text layer of an earlier recognition
    _add_font(target, font)
    own = NO_TEXT
    if remove_old_text(pdf, target, box, read_forms):
        own = visible_text(pdf, target, box, matrix, page.result.height)
    contents = text_layer(page, page.source.read_image(), matrix, codes, language, own)
    compressed = zlib.compress(contents, zlib.Z_BEST_COMPRESSION)
    layer = Stream(pdf, compressed, Filter=Name.FlateDecode)
    old = target.obj.get("/Contents")
    parts = list(old.as_list()) if isinstance(old, Array) else [old] if old is not None else []
    target.obj.Contents = Array([pdf.make_indirect(layer), *parts])


def _has_content(result: PageResult) -> bool:
    return bool(result.lines or result.fields or result.tables or result.blocks)


def _add_font(page: Page, font: Object) -> None:
    """Add the font to a copy of the page's resources, which other pages may share."""
    inherited = _inherited(page.obj, "/Resources") or Dictionary()
    resources = Dictionary(dict(inherited.items()))
    fonts = Dictionary(dict((resources.get("/Font") or Dictionary()).items()))
    fonts[f"/{FONT_NAME}"] = font
    resources.Font = fonts
    page.obj.Resources = resources


def _placement(upright: PageResult, box: tuple[float, float, float, float], turn: int) -> Matrix:
    """The matrix from pixels of the upright image, with y upwards, to the page's coordinates.

    ``turn`` is the rotation of the upright page in degrees clockwise.
    """
    left, bottom, right, top = box
    across, up = right - left, top - bottom
    shown = (across, up) if turn in (0, 180) else (up, across)
    if abs(upright.width / upright.height * shown[1] / shown[0] - 1) > _SHAPE_TOLERANCE + (
        2 / min(upright.width, upright.height)
    ):
        raise OriginalUnusable  # the image is not that of the whole page
    x, y = shown[0] / upright.width, shown[1] / upright.height
    match turn:
        case 0:
            return x, 0.0, 0.0, y, left, bottom
        case 90:
            return 0.0, x, -y, 0.0, right, bottom
        case 180:
            return -x, 0.0, 0.0, -y, right, top
        case _:
            return 0.0, -x, y, 0.0, left, top


def _shown_box(page: Page) -> tuple[float, float, float, float]:
    """The visible box of a page in PDFium: the crop box within the media box."""
    media = _box(page, "/MediaBox") or _DEFAULT_PAGE
    crop = _box(page, "/CropBox") or media
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    if right <= left or top <= bottom:
        raise OriginalUnusable
    return left, bottom, right, top


def _box(page: Page, name: str) -> tuple[float, float, float, float] | None:
    value = _inherited(page.obj, name)
    if not isinstance(value, Array) or len(value) != 4:
        return None
    a, b, c, d = (float(side) for side in value.as_list())
    box = min(a, c), min(b, d), max(a, c), max(b, d)
    return box if box[0] < box[2] and box[1] < box[3] else None


def _rotation(page: Page) -> int:
    value = _inherited(page.obj, "/Rotate")
    return int(value) // 90 * 90 % 360 if value is not None else 0


def _inherited(page: Object, name: str) -> Object | None:
    """An entry of a page, or of its nearest ancestor that has it."""
    node: Object | None = page
    for _level in range(_MAX_DEPTH):
        if node is None:
            break
        value = node.get(name)
        if value is not None:
            return value
        node = node.get("/Parent")
    return None


def _fill(font: Object, pdf: Pdf, codes: Codes) -> None:
    """Fill the font object that the pages refer to."""
    with pikepdf.open(io.BytesIO(codes.font_file())) as carrier:
        for key, value in carrier.Root.Font.items():
            font[key] = pdf.copy_foreign(value) if value.is_indirect else _copied(pdf, value)


def _copied(pdf: Pdf, value: Object) -> Object:
    if isinstance(value, Array):
        return Array([pdf.copy_foreign(entry) for entry in value.as_list()])
    return value


def _describe(pdf: Pdf, title: str, language: LanguageCount) -> None:
    """Set language and title if the source has none."""
    if "/Lang" not in pdf.Root:
        pdf.Root.Lang = pikepdf.String(language.tag)
    if not str(pdf.docinfo.get("/Title", "")).strip():
        pdf.docinfo["/Title"] = title
