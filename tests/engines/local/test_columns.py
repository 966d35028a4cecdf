"""Vertical columns: punctuation, dashes and small kana between their ideographs."""

from pathlib import Path

from PIL import Image

from ocrportal.catalogue.spec import services
from ocrportal.engines.local.engine import LocalEngine

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
