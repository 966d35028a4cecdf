"""The fonts, pictures and styles in an OFD file."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from ocrportal.errors.ingest import DamagedFile
from ocrportal.ingest.convert.ofd_xml import Element, child
from ocrportal.ingest.readers.image import damage_translated

_MAX_PIXELS = 100_000_000
_PICTURES = ("PNG", "JPEG", "BMP", "TIFF")
_FONT_DAMAGE = (ValueError, KeyError, IndexError, TypeError, AssertionError, OverflowError)
"""What reportlab raises for fonts that it cannot read, besides TTFError."""


@dataclass(slots=True)
class Resources:
    """The fonts, pictures and styles that pages refer to by their ids."""

    read: Callable[[str], bytes]
    _listed: dict[str, tuple[Element, Callable[[str | None], str]]] = field(default_factory=dict)
    _fonts: dict[str, TTFont | None] = field(default_factory=dict)

    def add(self, listed: Element, place: Callable[[str | None], str]) -> None:
        """Add the entries of a resource file; ``place`` resolves the paths in it."""
        for group in listed:
            for entry in group:
                self._listed[entry.get("ID", "")] = (entry, place)

    def entry(self, key: str | None) -> Element | None:
        listed = self._listed.get(key or "")
        return None if listed is None else listed[0]

    def font(self, key: str) -> TTFont | None:
        """The embedded font; None if it is missing or unusable."""
        if key not in self._fonts:
            self._fonts[key] = self._load_font(key)
        return self._fonts[key]

    def _load_font(self, key: str) -> TTFont | None:
        data = self._part(key, "FontFile")
        if data is None:
            return None
        try:
            font = TTFont(f"OFD-{key}", io.BytesIO(data))
        except (TTFError, *_FONT_DAMAGE):
            return None
        pdfmetrics.registerFont(font)
        return font

    def picture(self, key: str) -> Image.Image | None:
        """The decoded picture; None if it is missing or unusable."""
        data = self._part(key, "MediaFile")
        if data is None:
            return None
        try:
            with damage_translated():
                image = Image.open(io.BytesIO(data), formats=_PICTURES)
                if image.width * image.height > _MAX_PIXELS:
                    return None
                image.load()
                return image if image.mode in ("1", "L", "RGB", "RGBA") else image.convert("RGBA")
        except DamagedFile:
            return None

    def _part(self, key: str, name: str) -> bytes | None:
        listed = self._listed.get(key)
        location = None if listed is None else child(listed[0], name)
        if listed is None or location is None:
            return None
        try:
            return self.read(listed[1](location.text))
        except KeyError:
            return None
