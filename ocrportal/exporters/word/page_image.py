"""The image of a page on a separate page in Word."""

from __future__ import annotations

import io

from docx.document import Document as WordDocument
from docx.oxml.text.paragraph import CT_P
from docx.shared import Pt
from docx.text.paragraph import Paragraph as WordParagraph
from PIL import Image

from ocrportal.errors.export import ExportError
from ocrportal.layout.page import LaidOutPage

_SHARE = 0.76
"""Share of the page for the image, within the widest margins and above a row of text."""
_QUALITY = 90
_TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}
"""Transpositions of Pillow, which rotates counter-clockwise, by degrees clockwise."""


def add_picture(
    word: WordDocument, paragraph: CT_P, page: LaidOutPage, size: tuple[float, float]
) -> None:
    """Add the upright image to a paragraph, as large as the margins allow.

    Raises ExportError if it cannot be read.
    """
    width, height = (side * _SHARE for side in size)
    upright = page.result
    scale = min(width / upright.width, height / upright.height)
    run = WordParagraph(paragraph, word._body).add_run()
    run.add_picture(io.BytesIO(_upright(page)), width=Pt(upright.width * scale))


def _upright(page: LaidOutPage) -> bytes:
    data = page.source.read_image()
    turned = io.BytesIO()
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()  # python-docx would raise a bare Exception for a damaged image
            rotation = page.source.result.rotation
            if not rotation:
                return data
            picture = image.transpose(_TURNS[rotation])
            picture.save(turned, image.format, quality=_QUALITY)
    except (OSError, ValueError) as error:
        raise ExportError from error
    return turned.getvalue()
