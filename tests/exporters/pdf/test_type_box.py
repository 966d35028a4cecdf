"""Type boxes of lines, fitted to the ink."""

import io
import math

import pytest
from PIL import Image, ImageDraw, ImageFont

from ocrportal.exporters.pdf.ink import Ink
from ocrportal.exporters.pdf.type_box import DESCENT, fit_to_ink
from ocrportal.geometry import Quad
from ocrportal.results import Char, Line

SIZE = 40
BASE, LEFT = 200, 100
TEXT = "Type gauge"


def _printed(text: str = TEXT, *, ground: int = 255, ink: int = 0) -> tuple[Image.Image, float]:
    """A printed line with its baseline at ``BASE``, and its right end."""
    image = Image.new("L", (600, 400), ground)
    font = ImageFont.load_default(size=SIZE)
    draw = ImageDraw.Draw(image)
    draw.text((LEFT, BASE), text, fill=ink, font=font, anchor="ls")
    return image, LEFT + draw.textlength(text, font)


def _ink(image: Image.Image) -> Ink:
    file = io.BytesIO()
    image.save(file, "PNG")
    return Ink(file.getvalue())


def _line(text: str, box: Quad) -> Line:
    step = 1 / len(text)
    chars = tuple(Char(char, n * step, (n + 1) * step, 1.0) for n, char in enumerate(text))
    return Line(text, box, 1.0, chars)


def _around(left: float, top: float, right: float, bottom: float) -> Quad:
    return (left, top), (right, top), (right, bottom), (left, bottom)


@pytest.mark.parametrize(("above", "below"), [(42, 22), (55, 15), (38, 35)])
@pytest.mark.parametrize(("ground", "ink"), [(255, 0), (20, 240)])
def test_baseline_and_size_do_not_depend_on_the_margins_of_the_box(above, below, ground, ink):
    image, end = _printed(ground=ground, ink=ink)
    box = _around(LEFT - 12, BASE - above, end + 9, BASE + below)
    (line,) = fit_to_ink([_line(TEXT, box)], _ink(image))
    (left, top), (right, _), _, (_, bottom) = line.box
    size = bottom - top
    assert abs(size - SIZE) < 0.12 * SIZE
    assert abs(bottom - DESCENT * size - BASE) < 0.06 * SIZE
    assert abs(left - LEFT) < 3
    assert abs(right - end) < 3


def test_ink_of_the_lines_above_and_below_does_not_count():
    image, end = _printed()
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=SIZE)
    for y in (BASE - 46, BASE + 46):
        draw.text((LEFT, y), "Type gauge", fill=0, font=font, anchor="ls")
    box = _around(LEFT - 5, BASE - 40, end + 5, BASE + 20)
    (line,) = fit_to_ink([_line(TEXT, box)], _ink(image))
    assert abs(line.box[3][1] - line.box[0][1] - SIZE) < 0.15 * SIZE


def test_words_end_where_their_ink_ends():
    image, end = _printed("mmmm iiii")
    gap = LEFT + ImageFont.load_default(size=SIZE).getlength("mmmm")
    line = _line("mmmm iiii", _around(LEFT - 5, BASE - 35, end + 5, BASE + 15))
    places = [gap - 12, gap, gap + 11]
    shares = [(place - LEFT + 5) / (end - LEFT + 10) for place in places]
    chars = list(line.chars)
    chars[4] = Char(" ", shares[0] + 0.02, shares[2], 1.0)
    (placed,) = fit_to_ink([Line(line.text, line.box, 1.0, tuple(chars))], _ink(image))
    left, right = placed.box[0][0], placed.box[1][0]
    start, end = placed.edges[4]
    assert abs(left + (right - left) * start - gap) < 4
    assert placed.edges[3][1] == start
    assert placed.edges[5][0] == end


@pytest.mark.parametrize("degrees", [7, 90, 180, 200])
def test_a_rotated_line_keeps_its_direction(degrees):
    image, end = _printed()
    centre = (300.0, 200.0)
    sin, cos = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))

    def turned(x: float, y: float) -> tuple[float, float]:
        x, y = x - centre[0], y - centre[1]
        return centre[0] + x * cos - y * sin, centre[1] + x * sin + y * cos

    box = tuple(turned(*corner) for corner in _around(LEFT - 9, BASE - 45, end + 9, BASE + 22))
    picture = image.rotate(-degrees, Image.Resampling.BICUBIC, fillcolor=255)
    (line,) = fit_to_ink([_line(TEXT, box)], _ink(picture))
    (ax, ay), (bx, by), _, (dx, dy) = line.box
    assert abs(math.hypot(dx - ax, dy - ay) - SIZE) < 0.15 * SIZE
    assert math.isclose(math.atan2(by - ay, bx - ax), math.atan2(sin, cos), abs_tol=0.01)


def test_without_ink_the_size_follows_from_length_and_letters():
    _, end = _printed()
    box = _around(LEFT, BASE - 45, end, BASE + 25)
    (line,) = fit_to_ink([_line(TEXT, box)], None)
    assert abs(line.box[3][1] - line.box[0][1] - SIZE) < 0.2 * SIZE
    (blank,) = fit_to_ink([_line(TEXT, box)], _ink(Image.new("L", (600, 400), 255)))
    assert blank.box == line.box


def test_lines_without_text_or_height_are_unchanged():
    empty = Line(" ", _around(0, 0, 10, 10), 1.0)
    flat = Line("x", _around(0, 5, 10, 5), 1.0)
    fitted = fit_to_ink([empty, flat], None)
    assert [(line.text, line.box) for line in fitted] == [(" ", empty.box), ("x", flat.box)]
