"""Vertical columns: punctuation, dashes and small kana between their ideographs."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocrportal.catalogue.spec import services
from ocrportal.engines.local.columns import with_marks_of_columns
from ocrportal.engines.local.engine import LocalEngine
from ocrportal.engines.local.recognition import Reading, Recogniser, TextRegion
from ocrportal.results import UNREAD_CHARACTER, Char

SERIF = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"
COLUMNS = {
    "「これは何ですか？」と彼は言った。「本（夏",
    "目漱石著）だよ！」彼女は——誰も——知らな",
    "かった、カタカナのテーブルとデータ……。",
}


def columns_of(engine: LocalEngine, picture: Image.Image) -> set[str]:
    result = engine.recognise(picture, services()["general-text"], {})
    return {line.text for line in result.lines}


def test_marks_between_the_ideographs_of_columns_are_read(
    local_engine: LocalEngine, samples: Path
) -> None:
    assert columns_of(local_engine, Image.open(samples / "vertical_marks.png")) == COLUMNS


def test_marks_keep_their_places(local_engine: LocalEngine, samples: Path) -> None:
    picture = Image.open(samples / "vertical_marks.png")
    result = local_engine.recognise(picture, services()["general-text"], {})
    for line in result.lines:
        starts = [char.start for char in line.chars]
        assert "".join(char.text for char in line.chars) == line.text
        assert starts == sorted(starts)
        assert all(0 <= char.start < char.end <= 1 for char in line.chars)


def test_a_rule_beside_a_column_is_not_a_dash(local_engine: LocalEngine, samples: Path) -> None:
    picture = Image.open(samples / "vertical_marks.png").convert("L")
    for x in (178, 226):
        picture.paste(0, (x, 20, x + 1, 640))
    assert columns_of(local_engine, picture) == COLUMNS


def drawn(column: str, pitch: int) -> Image.Image:
    """A page with two columns of ideographs of 28 pixels."""
    picture = Image.new("RGB", (240, 400), "white")
    font = ImageFont.truetype(SERIF, 28, index=3)
    for x, text in ((100, column), (160, "這裡沒有標點符號的欄位")):
        for number, letter in enumerate(text):
            place = (x, 60 + pitch * number)
            ImageDraw.Draw(picture).text(place, letter, "black", font, anchor="mm")
    return picture


@pytest.mark.parametrize(
    ("column", "read"),
    [
        ("甲龘靐齉乙丙丁戊己庚", "甲龍〓〓乙丙丁戊己庚"),
        ("我姓龘靐，他姓靐龘靐齉", "我姓龍〓，他姓〓龍〓〓"),
    ],
)
def test_ideographs_that_are_not_known_are_marked_where_they_touch(
    local_engine: LocalEngine, column: str, read: str
) -> None:
    columns = columns_of(local_engine, drawn(column, 26))
    assert columns == {read, "這裡沒有標點符號的欄位"}, "no stroke is an ideograph of its own"


def test_marks_of_unread_ideographs_do_not_lower_the_confidence() -> None:
    """That of their guesses is part of it; pages with less are read in other ways too."""
    text = "甲〓〓〓乙丙丁戊己庚"
    chars = tuple(
        Char(letter, n / 10, (n + 1) / 10, 0.0 if letter == UNREAD_CHARACTER else 1.0)
        for n, letter in enumerate(text)
    )
    corners = np.array([[116, 46], [116, 326], [84, 326], [84, 46]], np.float32)
    region = TextRegion(corners, Reading(text, 0.9, chars))
    pixels = np.asarray(drawn("甲龘靐齉乙丙丁戊己庚", 28))
    after = with_marks_of_columns(pixels, region, Recogniser(1)).reading
    assert after.text == text
    assert after.confidence == pytest.approx(0.9)
