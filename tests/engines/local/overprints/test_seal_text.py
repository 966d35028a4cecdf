"""The text along the rim of a seal."""

import math

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocrportal.engines.local.engine import LocalEngine
from ocrportal.engines.local.overprints.seal_text import certain_text, ring_strip
from ocrportal.engines.local.recognition import Reading
from ocrportal.geometry import Rect
from ocrportal.results import UNREAD_CHARACTER, Char
from tests.engines.contract import SERVICE

BOLD = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"
OWNER = "云岭省财政厅"
SEAL = Rect(300, 200, 560, 460)
RED, BLUE = (216, 38, 28), (40, 60, 180)


def sealed(colour: tuple[int, int, int] = RED, turn: float = 0, owner: str = OWNER) -> Image.Image:
    """A page with print in black below a round seal, whose text is turned clockwise."""
    page = Image.new("RGB", (1000, 700), "white")
    draw = ImageDraw.Draw(page)
    for top in (100, 310, 560):
        draw.text((120, top), "The old mill is open every day", "black", ImageFont.load_default(34))
    layer = Image.new("RGB", page.size, "white")
    drawn = ImageDraw.Draw(layer)
    drawn.ellipse(SEAL, outline=colour, width=7)
    drawn.regular_polygon((430, 330, 34), 5, fill=colour)
    font = ImageFont.truetype(BOLD, 30, index=2)
    for number, letter in enumerate(owner):
        angle = turn + 26 * (number - (len(owner) - 1) / 2)
        tile = Image.new("L", (44, 44))
        ImageDraw.Draw(tile).text((22, 22), letter, 255, font, anchor="mm")
        tile = tile.rotate(-angle, Image.Resampling.BICUBIC)
        x = 430 + 100 * math.sin(math.radians(angle))
        y = 330 - 100 * math.cos(math.radians(angle))
        layer.paste(colour, (round(x) - 22, round(y) - 22), tile)
    return Image.fromarray(np.minimum(np.asarray(page), np.asarray(layer)))


def seal_texts(engine: LocalEngine, page: Image.Image) -> list[str]:
    result = engine.recognise(page, SERVICE, {})
    return [area.text for area in result.blocks if area.kind == "seal"]


@pytest.mark.parametrize("turn", [0, 40], ids=["upright", "turned"])
@pytest.mark.parametrize("colour", [RED, BLUE], ids=["red", "blue"])
def test_the_text_along_the_rim_is_the_text_of_the_seal(
    local_engine: LocalEngine, colour: tuple[int, int, int], turn: float
) -> None:
    assert seal_texts(local_engine, sealed(colour, turn)) == [OWNER]


def test_text_that_is_not_certain_is_left_out(local_engine: LocalEngine) -> None:
    page = sealed()
    ImageDraw.Draw(page).rectangle((440, 215, 500, 275), fill=RED)  # over two letters
    assert seal_texts(local_engine, page) == [""]


def test_a_seal_without_letters_has_no_text() -> None:
    assert ring_strip(np.asarray(sealed(owner="")), SEAL) is None


def test_a_long_seal_is_not_unrolled() -> None:
    assert ring_strip(np.asarray(sealed()), Rect(300, 200, 700, 460)) is None


@pytest.mark.parametrize(
    ("text", "confidence", "certain"),
    [
        (OWNER, 0.99, OWNER),
        (OWNER, 0.9, ""),
        (f"{OWNER}{UNREAD_CHARACTER}", 0.99, ""),
        ("财政", 0.99, ""),
    ],
    ids=["certain", "doubtful", "not read", "short"],
)
def test_a_text_is_certain_if_all_of_it_is(text: str, confidence: float, certain: str) -> None:
    chars = tuple(Char(letter, 0.0, 1.0, confidence) for letter in text)
    assert certain_text(Reading(text, confidence, chars)) == certain
