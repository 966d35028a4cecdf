"""PDFs for the tests of the exporters: scans with bookmarks, links, forms and attachments."""

from __future__ import annotations

import io
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image, ImageDraw, ImageFont

from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.source import RecognisedPage
from ocrportal.results import Line, PageResult
from tests.exporters.pages import document_of

WORDS = "SEARCHABLE WORDS"
MARK = (0.25, 0.4, 0.75, 0.46)
"""Position of the words on an upright page: left, top, right and bottom as shares of it."""


def printed(width: int, height: int) -> Image.Image:
    """A page image with ``WORDS`` at ``MARK``."""
    image = Image.new("L", (width, height), 255)
    left, top, right, bottom = (
        round(share * side) for share, side in zip(MARK, (width, height) * 2, strict=True)
    )
    font = ImageFont.load_default(size=(right - left) / 10.5)
    ImageDraw.Draw(image).text(
        ((left + right) / 2, (top + bottom) / 2), WORDS, fill=0, font=font, anchor="mm"
    )
    return image


def jpeg(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80)
    return file.getvalue()


def scan_pdf(
    pages: int = 1,
    *,
    box: tuple[float, float, float, float] = (0, 0, 420, 595),
    rotate: int = 0,
    before: bytes = b"",
) -> Pdf:
    """Scans that fill ``box`` and are upright after a rotation by ``rotate``.

    ``before`` is put into the contents of each page, in front of its picture.
    """
    pdf = Pdf.new()
    left, bottom, right, top = box
    for _number in range(pages):
        upright = (840, 1190)
        if (right - left > top - bottom) == (rotate % 180 == 0):
            upright = (1190, 840)
        picture = printed(*upright).rotate(rotate, expand=True)
        image = Stream(pdf, jpeg(picture))
        image.stream_dict = Dictionary(
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=picture.width,
            Height=picture.height,
            ColorSpace=Name.DeviceGray,
            BitsPerComponent=8,
            Filter=Name.DCTDecode,
        )
        contents = b"%b q %f 0 0 %f %f %f cm /Im Do Q" % (
            before, right - left, top - bottom, left, bottom,
        )  # fmt: skip
        page = pdf.add_blank_page(page_size=(right - left, top - bottom))
        page.obj.MediaBox = Array([left, bottom, right, top])
        page.obj.Rotate = rotate
        page.obj.Resources = Dictionary(XObject=Dictionary(Im=pdf.make_indirect(image)))
        page.obj.Contents = pdf.make_indirect(
            Stream(pdf, zlib.compress(contents), Filter=Name.FlateDecode)
        )
    return pdf


def saved(pdf: Pdf, **options: object) -> bytes:
    file = io.BytesIO()
    pdf.save(file, **options)
    return file.getvalue()


def read_as(
    source: bytes,
    *numbers: int,
    size: tuple[int, int] = (840, 1190),
    engine: str = "local",
    rotation: int = 0,
    title: str = "scan",
) -> LaidOutDocument:
    """The pages of a PDF as if ``WORDS`` had been read on each of them.

    ``size`` is that of the page as it is shown, which is turned by ``rotation`` to be upright.
    """
    width, height = size
    left, top, right, bottom = (
        share * side for share, side in zip(MARK, (width, height) * 2, strict=True)
    )
    line = Line(WORDS, ((left, top), (right, top), (right, bottom), (left, bottom)), 1.0)
    upright = PageResult(width, height, (line,), engine=engine)
    picture = printed(width, height)
    if rotation:
        turned = 360 - rotation
        stored = PageResult(width, height, (line,), rotation=turned).upright()
        upright = PageResult(
            stored.width, stored.height, stored.lines, rotation=rotation, engine=engine
        )
        picture = picture.rotate(rotation, expand=True)
    data = jpeg(picture)
    pages = [RecognisedPage(number, upright, lambda: data, 144.0) for number in numbers or (1,)]
    return document_of(*pages, title=title, open_pdf=lambda: io.BytesIO(source))


def with_text(pdf: Pdf, text: bytes) -> None:
    """Set a line in Helvetica on the first page, by operators of its own."""
    page = pdf.pages[0].obj
    page.Resources.Font = Dictionary(
        F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    )
    page.Contents = Array([page.Contents, pdf.make_stream(text)])


def link(page: pikepdf.Object, action: Dictionary) -> Dictionary:
    return Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=Array([10, 10, 90, 30]), A=action, P=page
    )


def bookmark_names(pdf: Pdf) -> list[str]:
    with pdf.open_outline() as outline:
        return [item.title for item in outline.root]


def script(code: str) -> Dictionary:
    return Dictionary(Type=Name.Action, S=Name.JavaScript, JS=String(code))
