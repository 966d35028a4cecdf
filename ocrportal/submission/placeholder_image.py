"""The image that represents a request without an image.

Some services take no image: invoice-verification compares numbers with those of the tax
authority. So that such a request is a job with a page like any other, an image with its values
is drawn. It is shown to users and never sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFont

from ocrportal.catalogue.spec import Service
from ocrportal.ingest.sniff.file_type import sniff
from ocrportal.submission.sources import Source

WIDTH = 1000
MARGIN = 60
ROW = 64
"""In pixels, like the sizes above."""
MAX_CHARACTERS = 40
"""The length of a value that fits on the image."""


def make_placeholder_image(service: Service, options: Mapping[str, Any]) -> Source:
    """A PNG image of the options that were set, named after the service and their values.

    Equal options result in equal bytes, so that an earlier result of an equal request is found.
    """
    given = [option for option in service.options if option.name in options]
    # In English, because the font of Pillow has no Chinese characters.
    rows = [(option.labels["en"], str(options[option.name])) for option in given]
    values = [value for option, (_label, value) in zip(given, rows, strict=True) if option.required]
    data = BytesIO()
    _draw(service.names["en"], rows).save(data, "PNG")
    data.seek(0)
    name = " ".join([service.name, *filter(None, values)])[:200] + ".png"
    return Source(name=name, format=sniff(data), file=ContentFile(data.getvalue(), name))


def _draw(title: str, rows: list[tuple[str, str]]) -> Image.Image:
    picture = Image.new("L", (WIDTH, 2 * MARGIN + ROW * (len(rows) + 1)), 255)
    pen = ImageDraw.Draw(picture)
    pen.text((MARGIN, MARGIN), title, fill=0, font=ImageFont.load_default(36))
    font = ImageFont.load_default(28)
    for number, (label, value) in enumerate(rows, start=1):
        top = MARGIN + ROW * number
        pen.line((MARGIN, top, WIDTH - MARGIN, top), fill=200)
        pen.text((MARGIN, top + 16), label, fill=90, font=font)
        pen.text((WIDTH // 2, top + 16), value[:MAX_CHARACTERS], fill=0, font=font)
    return picture
