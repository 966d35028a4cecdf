"""The overprints of a page: what counts as one, and the page without them."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocrportal.engines.local.detection import Corners
from ocrportal.engines.local.overprints.page import Overprints, find_overprints

RED, BLUE = (210, 40, 50), (40, 60, 180)
ROWS = range(100, 600, 50)
FONT = ImageFont.load_default(30)


def written_page() -> Image.Image:
    page = Image.new("RGB", (1000, 700), "white")
    draw = ImageDraw.Draw(page)
    for y in ROWS:
        draw.text((80, y), "The old mill is open every day of the week", "black", FONT)
    return page


def box(left: float, top: float, right: float, bottom: float) -> Corners:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


BOXES = [box(75, y, 750, y + 40) for y in ROWS]


def found(page: Image.Image, boxes: list[Corners] | None = None) -> Overprints | None:
    return find_overprints(np.asarray(page), BOXES if boxes is None else boxes)


def with_seal(page: Image.Image, colour: tuple[int, int, int], width: int = 8) -> Image.Image:
    """The page with a ring and a bar in it at (400, 200) to (600, 400)."""
    layer = Image.new("RGB", page.size, "white")
    draw = ImageDraw.Draw(layer)
    draw.ellipse((400, 200, 600, 400), outline=colour, width=width)
    if width > 2:
        draw.rectangle((450, 290, 550, 310), fill=colour)
    return Image.fromarray(np.minimum(np.asarray(page), np.asarray(layer)))


def with_watermark(page: Image.Image, angle: float, grey: int = 215) -> Image.Image:
    layer = Image.new("L", page.size, 255)
    draw = ImageDraw.Draw(layer)
    for y in range(20, 700, 75):
        for x in range(20, 1000, 300):
            draw.text((x, y), "DRAFT 27", grey, ImageFont.load_default(40))
    layer = layer.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255).convert("RGB")
    return Image.fromarray(np.minimum(np.asarray(page), np.asarray(layer)))


def test_a_page_of_text_has_none() -> None:
    assert found(written_page()) is None


@pytest.mark.parametrize("colour", [RED, BLUE], ids=["red", "blue"])
def test_a_seal_is_found_and_removed(colour: tuple[int, int, int]) -> None:
    overprints = found(with_seal(written_page(), colour))
    assert overprints is not None
    (seal,) = overprints.seals
    assert seal == pytest.approx((400, 200, 600, 400), abs=15)
    clean, plain = overprints.clean.astype(int), np.asarray(written_page()).astype(int)
    assert (np.abs(clean - plain) > 60).mean() < 0.002


def test_the_page_is_unchanged_outside_of_a_seal() -> None:
    page = with_seal(written_page(), RED)
    overprints = found(page)
    assert overprints is not None
    changed = np.argwhere((overprints.clean != np.asarray(page)).any(axis=2))
    assert changed.min(axis=0) == pytest.approx((200, 400), abs=20)
    assert changed.max(axis=0) == pytest.approx((400, 600), abs=20)


def test_a_rectangle_around_a_notice_is_a_frame_and_a_round_seal_is_not() -> None:
    page = written_page()
    draw = ImageDraw.Draw(page)
    draw.rectangle((400, 200, 640, 330), outline=RED, width=6)
    draw.text((440, 240), "PAID IN FULL", RED, FONT)
    framed, sealed = found(page), found(with_seal(written_page(), RED))
    assert framed is not None
    assert sealed is not None
    assert len(framed.seals) == len(framed.frames) == 1
    assert sealed.frames == []


def test_a_circle_drawn_by_pen_is_not_a_seal() -> None:
    overprints = found(with_seal(written_page(), BLUE, width=2))
    assert overprints is not None
    assert overprints.seals == []


def test_coloured_text_is_not_an_overprint() -> None:
    page = written_page()
    ImageDraw.Draw(page).text((80, 30), "Opening hours of the mill", RED, FONT)
    assert found(page) is None


def test_a_picture_is_not_an_overprint() -> None:
    page = written_page()
    ImageDraw.Draw(page).rectangle((780, 200, 980, 400), fill=RED)
    assert found(page) is None


@pytest.mark.parametrize("angle", [20, -35])
def test_a_tilted_watermark_is_found_and_removed(angle: float) -> None:
    overprints = found(with_watermark(written_page(), angle))
    assert overprints is not None
    assert overprints.watermark == "tilted"
    assert ((overprints.clean > 130) & (overprints.clean < 235)).mean() < 0.02


def test_a_level_watermark_is_one_if_it_crosses_text_and_is_seen_apart() -> None:
    apart = [box(915, y, 1000, y + 50) for y in range(20, 700, 75)]
    page = with_watermark(written_page(), 0)
    overprints = found(page, [*BOXES, *apart])
    assert overprints is not None
    assert overprints.watermark == "level"


def test_pale_text_beside_dark_text_is_not_a_watermark() -> None:
    page = written_page()
    draw = ImageDraw.Draw(page)
    for y in ROWS:
        draw.text((800, y), "See below", (170,) * 3, FONT)
    assert found(page, [*BOXES, *(box(790, y, 980, y + 40) for y in ROWS)]) is None


def test_lines_are_crossed_or_contained() -> None:
    overprints = found(with_seal(written_page(), RED))
    assert overprints is not None
    assert overprints.cross(box(75, 250, 750, 290))
    assert not overprints.cross(box(75, 500, 750, 540))
    assert overprints.contain(box(445, 285, 555, 300))
    assert not overprints.contain(box(75, 250, 750, 290))


def test_a_ring_that_is_lighter_than_the_text_of_a_grey_page_is_a_seal() -> None:
    overprints = found(with_seal(written_page(), (120, 120, 120)))
    assert overprints is not None
    (seal,) = overprints.seals
    assert seal == pytest.approx((400, 200, 600, 400), abs=15)
    clean, plain = overprints.clean.astype(int), np.asarray(written_page()).astype(int)
    assert (np.abs(clean - plain) > 60).mean() < 0.005


def test_a_grey_rectangle_is_not_a_seal() -> None:
    page = written_page()
    ImageDraw.Draw(page).rectangle((400, 200, 640, 330), outline=(120, 120, 120), width=6)
    assert found(page) is None


def test_a_ring_as_dark_as_the_text_is_not_a_seal() -> None:
    assert found(with_seal(written_page(), (0, 0, 0))) is None
