"""The text of recognised pages, laid into the PDF they came from.

Nothing of it is encoded anew: each stream of a page stays as it is, bit for bit, with its
bookmarks, links, forms and attached files around it. What changes:

- Each recognised page gets one more stream of contents, before its own, where no graphics
  state that those leave behind can reach it. Pages whose own text was used, or of which
  nothing could be read, get none.
- A page that lies on its side or upside down is turned, by its /Rotate alone.
- Text that another program recognised before gives way to ours (pdf_old_text.py).
- Pages without a result are left out, as they are in every other format (pdf_selection.py).
- Nothing that starts by itself survives (pdf_actions.py), nor does encryption.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream

from ocrportal.exporters.pdf.active_content import remove_active_content
from ocrportal.exporters.pdf.archival import NotArchivable, drop_pdfa_marker, make_archival
from ocrportal.exporters.pdf.font import FONT_NAME, Codes
from ocrportal.exporters.pdf.old_text import remove_old_text
from ocrportal.exporters.pdf.page_selection import keep_pages
from ocrportal.exporters.pdf.text_layer import Matrix, text_layer
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.page import LaidOutPage
from ocrportal.results import BLANK, OWN_TEXT, PageResult
from ocrportal.text import LanguageCount

_SHAPE_TOLERANCE = 0.02
"""By how much a picture's sides may differ from its page's, for the rounding to pixels."""
_DEFAULT_PAGE = (0.0, 0.0, 612.0, 792.0)
_MAX_DEPTH = 100
"""How far up the tree of pages an inherited entry is looked for."""


class OriginalUnusable(Exception):
    """The source cannot carry the text: its pages have to be pictures."""


def write_into_original(document: LaidOutDocument, out: BinaryIO, *, archival: bool) -> None:
    """Write the document's PDF with the text of its pages to ``out``, which is seekable.

    With ``archival`` as PDF/A-2u. Raises OriginalUnusable, with nothing of use in ``out``.
    """
    open_pdf = document.documents[0].open_pdf
    assert open_pdf is not None  # the caller has looked
    codes, language = Codes(), LanguageCount()
    with open_pdf() as source, _damage_told(), _opened(source) as pdf:
        font = pdf.make_indirect(Dictionary())
        numbers: list[int] = []
        for page in document.pages():
            number = page.source.number
            if page.source.part or number in numbers[-1:]:
                raise OriginalUnusable  # its picture shows something else than its page
            if number > len(pdf.pages):
                raise OriginalUnusable
            numbers.append(number)
            _lay_in(pdf, page, font, codes, language)
        if len(numbers) < len(pdf.pages):
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
def _damage_told() -> Iterator[None]:
    """What pikepdf says of a file that is not as PDF wants it, as OriginalUnusable."""
    try:
        yield
    except NotArchivable as error:
        raise OriginalUnusable from error
    # The latter where an object is of another kind than expected, a number for a dictionary
    # or nothing for an array, or is a part of itself.
    except (
        *(pikepdf.PdfError, pikepdf.PasswordError),
        *(AttributeError, KeyError, IndexError, TypeError, ValueError, RecursionError),
    ) as error:
        raise OriginalUnusable from error


def _opened(source: BinaryIO) -> Pdf:
    return pikepdf.open(
        source,
        suppress_warnings=True,
        access_mode=pikepdf.AccessMode.stream,  # else all of it counts as memory in use
    )


def _lay_in(
    pdf: Pdf, page: LaidOutPage, font: Object, codes: Codes, language: LanguageCount
) -> None:
    """Add a page's text to it, unless that is its own; turn it upright."""
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
    if page.result.engine != BLANK and not _says_something(page.result):
        return  # what another program could read is better than nothing
    _add_font(target, font)
    remove_old_text(pdf, target)
    contents = text_layer(page, page.source.read_image(), matrix, codes, language)
    packed = zlib.compress(contents, zlib.Z_BEST_COMPRESSION)
    layer = Stream(pdf, packed, Filter=Name.FlateDecode)
    old = target.obj.get("/Contents")
    parts = list(old.as_list()) if isinstance(old, Array) else [old] if old is not None else []
    target.obj.Contents = Array([pdf.make_indirect(layer), *parts])


def _says_something(result: PageResult) -> bool:
    return bool(result.lines or result.fields or result.tables or result.blocks)


def _add_font(page: Page, font: Object) -> None:
    """Name the font among the page's resources, which other pages may share."""
    inherited = _inherited(page.obj, "/Resources") or Dictionary()
    resources = Dictionary(dict(inherited.items()))
    fonts = Dictionary(dict((resources.get("/Font") or Dictionary()).items()))
    fonts[f"/{FONT_NAME}"] = font
    resources.Font = fonts
    page.obj.Resources = resources


def _placement(upright: PageResult, box: tuple[float, float, float, float], turn: int) -> Matrix:
    """From pixels of the upright picture, counted upwards, to the page's own coordinates.

    ``turn`` is how far the page is turned, clockwise, to lie as the upright picture does.
    """
    left, bottom, right, top = box
    across, up = right - left, top - bottom
    shown = (across, up) if turn in (0, 180) else (up, across)
    if abs(upright.width / upright.height * shown[1] / shown[0] - 1) > _SHAPE_TOLERANCE + (
        2 / min(upright.width, upright.height)
    ):
        raise OriginalUnusable  # the picture is not of the whole page
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
    """What of a page is shown, as PDFium draws it: the crop box within the media box."""
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
    """An entry of a page, or of the nearest node above it that has one."""
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
    """Put the font into the place that the pages already point to."""
    with pikepdf.open(io.BytesIO(codes.font_file())) as carrier:
        for key, value in carrier.Root.Font.items():
            font[key] = pdf.copy_foreign(value) if value.is_indirect else _copied(pdf, value)


def _copied(pdf: Pdf, value: Object) -> Object:
    if isinstance(value, Array):
        return Array([pdf.copy_foreign(entry) for entry in value.as_list()])
    return value


def _describe(pdf: Pdf, title: str, language: LanguageCount) -> None:
    """Say language and title where the source does not."""
    if "/Lang" not in pdf.Root:
        pdf.Root.Lang = pikepdf.String(language.tag)
    if not str(pdf.docinfo.get("/Title", "")).strip():
        pdf.docinfo["/Title"] = title
