"""Draws the objects on the pages of an OFD file with reportlab.

All lengths are in millimetres and y points down, since the canvas is flipped before drawing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import repeat

from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from ocrportal.errors.ingest import DamagedFile
from ocrportal.ingest.convert.ofd_paths import trace
from ocrportal.ingest.convert.ofd_resources import Resources
from ocrportal.ingest.convert.ofd_xml import Element, child, children, name_of, numbers, steps

_CHINESE = "STSong-Light"
"""Not embedded in the PDF: its renderer uses a Chinese font of the system."""
_LINE_WIDTH = 0.353
_BLACK = (0.0, 0.0, 0.0)
_MAX_DEPTH = 30
"""Nested blocks."""


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
            across = _continued(code.get("DeltaX"))
            down = _continued(code.get("DeltaY"))
            is_spaced = code.get("DeltaX") or code.get("DeltaY")
            at_x, at_y = x, y
            for character in code.text or "":
                name = own.fontName if own and ord(character) in glyphs else _CHINESE
                if character.isprintable() and ord(character) <= 0xFFFF:
                    text.setFont(name, size)
                    text.setTextTransform(stretch, 0, 0, -1, at_x, at_y)
                    text.textOut(character)
                width = pdfmetrics.stringWidth(character, name, size) * stretch
                at_x += next(across) if is_spaced else width
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
        trace(data.text or "", path)
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


def _continued(deltas: str | None) -> Iterator[float]:
    """The distances between characters; the last one is repeated if there are too few."""
    step = 0.0
    for step in steps(deltas):  # the last one is used below
        yield step
    yield from repeat(step)


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
