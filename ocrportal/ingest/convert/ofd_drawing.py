"""Draws the objects on the pages of an OFD file with reportlab.

All lengths are in millimetres and y points down, since the canvas is flipped before drawing.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Any

from lxml import etree
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from ocrportal.errors import DamagedFile
from ocrportal.ingest.readers.image import damage_translated

Element = etree._Element

_CHINESE = "STSong-Light"
"""Not embedded in the PDF: its renderer uses a Chinese font of the system."""
_LINE_WIDTH = 0.353
_BLACK = (0.0, 0.0, 0.0)
_MAX_DEPTH = 30
"""Nested blocks."""
_MAX_PIXELS = 100_000_000
_PICTURES = ("PNG", "JPEG", "BMP", "TIFF")
_ARGUMENTS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
"""The number of arguments of each path operator."""
_MAX_COORDINATE = 1e6


def name_of(element: Element) -> str:
    """The name without its namespace: files use several namespaces, or none."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children(element: Element, name: str) -> Iterator[Element]:
    """The direct children with this name."""
    return (found for found in element if name_of(found) == name)


def child(element: Element, name: str) -> Element | None:
    """The first direct child with this name."""
    return next(children(element, name), None)


def numbers(text: str | None, count: int | None = None) -> list[float]:
    """Read numbers separated by spaces; DamagedFile for another ``count`` or absurd values."""
    try:
        found = [float(part) for part in (text or "").split()]
    except ValueError as error:
        raise DamagedFile from error
    if count is not None and len(found) != count:
        raise DamagedFile
    if not all(abs(number) <= _MAX_COORDINATE for number in found):  # false for NaN
        raise DamagedFile
    return found


def steps(text: str | None) -> Iterator[float]:
    """Read the distances between characters: ``g 3 5 2`` means ``5 5 5 2``."""
    parts = iter((text or "").split())
    for part in parts:
        if part == "g":
            times, step = numbers(f"{next(parts, '')} {next(parts, '')}", 2)
            yield from repeat(step, int(times))
        else:
            yield from numbers(part, 1)


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


_FONT_DAMAGE = (ValueError, KeyError, IndexError, TypeError, AssertionError, OverflowError)


class Pen:
    """Draws the objects of a page on a canvas."""

    def __init__(self, canvas: Canvas, resources: Resources) -> None:
        self._canvas = canvas
        self._resources = resources
        self._depth = 0
        pdfmetrics.registerFont(UnicodeCIDFont(_CHINESE))

    def draw_block(self, block: Element) -> None:
        """Draw the objects of a layer, a block or an annotation's appearance."""
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise DamagedFile
        with self._placed(block):
            for item in block:
                if item.get("Visible") != "false":
                    self._draw(item, block)
        self._depth -= 1

    def _draw(self, item: Element, block: Element) -> None:
        match name_of(item):
            case "PageBlock":
                self.draw_block(item)
            case "TextObject":
                with self._placed(item):
                    self._draw_text(item, block)
            case "PathObject":
                with self._placed(item):
                    self._draw_path(item, block)
            case "ImageObject":
                with self._placed(item):
                    self._draw_picture(item)
            case "CompositeObject":
                unit = self._resources.entry(item.get("ResourceID"))
                content = None if unit is None else child(unit, "Content")
                if content is not None:
                    with self._placed(item):
                        self.draw_block(content)

    @contextmanager
    def _placed(self, item: Element) -> Iterator[None]:
        """Apply the origin, the matrix and the opacity of an object."""
        self._canvas.saveState()
        if item.get("Boundary"):
            left, top, _, _ = numbers(item.get("Boundary"), 4)
            self._canvas.translate(left, top)
        if item.get("CTM"):
            self._canvas.transform(*numbers(item.get("CTM"), 6))
        if item.get("Alpha"):
            [alpha] = numbers(item.get("Alpha"), 1)
            self._canvas.setFillAlpha(min(1, max(0, alpha / 255)))
            self._canvas.setStrokeAlpha(min(1, max(0, alpha / 255)))
        yield
        self._canvas.restoreState()

    def _draw_text(self, item: Element, block: Element) -> None:
        if item.get("Fill") == "false" and item.get("Stroke") != "true":
            return
        self._canvas.setFillColorRGB(*self._colour(item, block, "FillColor") or _BLACK)
        [size] = numbers(item.get("Size"), 1)
        [stretch] = numbers(item.get("HScale", "1"), 1)
        own = self._resources.font(item.get("Font", ""))
        glyphs = own.face.charToGlyph if own else {}
        text = self._canvas.beginText()
        x = y = 0.0
        for code in children(item, "TextCode"):
            x = numbers(code.get("X"), 1)[0] if code.get("X") else x
            y = numbers(code.get("Y"), 1)[0] if code.get("Y") else y
            across = chain(steps(code.get("DeltaX")), repeat(0.0))
            down = chain(steps(code.get("DeltaY")), repeat(0.0))
            at_x, at_y = x, y
            for character in code.text or "":
                name = own.fontName if own and ord(character) in glyphs else _CHINESE
                if character.isprintable() and ord(character) <= 0xFFFF:
                    text.setFont(name, size)
                    text.setTextTransform(stretch, 0, 0, -1, at_x, at_y)
                    text.textOut(character)
                at_x += next(across)
                at_y += next(down)
        self._canvas.drawText(text)

    def _draw_picture(self, item: Element) -> None:
        image = self._resources.picture(item.get("ResourceID", ""))
        if image is None:
            return
        # The matrix scales the unit square that the picture fills; y points down, so flip it.
        self._canvas.transform(1, 0, 0, -1, 0, 1)
        self._canvas.drawImage(ImageReader(image), 0, 0, 1, 1, mask="auto")

    def _draw_path(self, item: Element, block: Element) -> None:
        data = child(item, "AbbreviatedData")
        if data is None:
            return
        fill = self._colour(item, block, "FillColor") if item.get("Fill") == "true" else None
        if item.get("Fill") == "true":
            self._canvas.setFillColorRGB(*fill or _BLACK)
        stroke = item.get("Stroke") != "false"
        if stroke:
            self._canvas.setStrokeColorRGB(*self._colour(item, block, "StrokeColor") or _BLACK)
            width = self._style(item, block, "LineWidth")
            self._canvas.setLineWidth(numbers(width, 1)[0] if width else _LINE_WIDTH)
        path = self._canvas.beginPath()
        _trace(data.text or "", path)
        even_odd = item.get("Rule") == "Even-Odd"
        self._canvas.drawPath(
            path, stroke=stroke, fill=item.get("Fill") == "true", fillMode=0 if even_odd else 1
        )

    def _styles(self, item: Element, block: Element) -> Iterator[Element]:
        """Yield the object and its chain of styles."""
        yield item
        key = item.get("DrawParam") or block.get("DrawParam")
        for _ in range(_MAX_DEPTH):
            style = self._resources.entry(key)
            if style is None:
                return
            yield style
            key = style.get("Relative")

    def _style(self, item: Element, block: Element, name: str) -> str | None:
        return next((s.get(name) for s in self._styles(item, block) if s.get(name)), None)

    def _colour(self, item: Element, block: Element, name: str) -> tuple[float, ...] | None:
        for style in self._styles(item, block):
            colour = child(style, name)
            if colour is not None and colour.get("Value"):
                return _rgb(colour.get("Value", ""))
        return None


def _rgb(text: str) -> tuple[float, ...]:
    """Convert a grey, RGB or CMYK colour to red, green and blue from 0 to 1."""
    text = re.sub(r"#([0-9a-fA-F]{1,2})\b", lambda found: str(int(found[1], 16)), text)
    parts = [min(1, max(0, part / 255)) for part in numbers(text)]
    match parts:
        case [grey]:
            return grey, grey, grey
        case [_, _, _]:
            return tuple(parts)
        case [cyan, magenta, yellow, key]:
            return tuple((1 - part) * (1 - key) for part in (cyan, magenta, yellow))
    return _BLACK


def _trace(text: str, path: Any) -> None:
    """Draw a path such as ``M 0 0 L 10 0 C``."""
    x = y = 0.0
    parts = text.split()
    place = 0
    while place < len(parts):
        letter = parts[place]
        count = _ARGUMENTS.get(letter)
        if count is None:
            raise DamagedFile
        given = numbers(" ".join(parts[place + 1 : place + 1 + count]), count)
        place += 1 + count
        match letter:
            case "S" | "M":
                path.moveTo(*given)
            case "L":
                path.lineTo(*given)
            case "Q":
                across, down, to_x, to_y = given
                path.curveTo(
                    x + 2 / 3 * (across - x), y + 2 / 3 * (down - y),
                    to_x + 2 / 3 * (across - to_x), to_y + 2 / 3 * (down - to_y), to_x, to_y,
                )  # fmt: skip
            case "B":
                path.curveTo(*given)
            case "A":
                for curve in _arc((x, y), given):
                    path.curveTo(*curve)
            case "C":
                path.close()
        if given:
            x, y = given[-2:]


def _arc(start: tuple[float, float], given: list[float]) -> Iterator[list[float]]:
    """Convert an elliptical arc, with the arguments of an SVG arc, to Bézier curves."""
    across, down, degrees, large, sweep, to_x, to_y = given
    across, down = abs(across), abs(down)
    if not (across and down) or start == (to_x, to_y):
        yield [*start, to_x, to_y, to_x, to_y]
        return
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    # Relative to the midpoint of both ends and in units of the radii, the arc is circular.
    half_x, half_y = (start[0] - to_x) / 2, (start[1] - to_y) / 2
    ux, uy = (cos * half_x + sin * half_y) / across, (cos * half_y - sin * half_x) / down
    length = math.hypot(ux, uy)
    if length > 1:  # the radii are too small to connect the ends
        across, down, ux, uy, length = across * length, down * length, ux / length, uy / length, 1
    away = math.sqrt(max(0, 1 / length**2 - 1)) * (-1 if bool(large) == bool(sweep) else 1)
    middle_x, middle_y = away * uy, -away * ux
    first = math.atan2(uy - middle_y, ux - middle_x)
    turn = math.atan2(-uy - middle_y, -ux - middle_x) - first
    if sweep and turn < 0:
        turn += 2 * math.pi
    elif not sweep and turn > 0:
        turn -= 2 * math.pi
    pieces = max(1, math.ceil(abs(turn) / (math.pi / 2) - 1e-9))
    step = turn / pieces
    reach = 4 / 3 * math.tan(step / 4)

    def onto_page(px: float, py: float) -> list[float]:
        px, py = (px + middle_x) * across, (py + middle_y) * down
        return [
            cos * px - sin * py + (start[0] + to_x) / 2,
            sin * px + cos * py + (start[1] + to_y) / 2,
        ]

    for piece in range(pieces):
        a, b = first + piece * step, first + (piece + 1) * step
        yield [
            *onto_page(math.cos(a) - reach * math.sin(a), math.sin(a) + reach * math.cos(a)),
            *onto_page(math.cos(b) + reach * math.sin(b), math.sin(b) - reach * math.cos(b)),
            *onto_page(math.cos(b), math.sin(b)),
        ]
