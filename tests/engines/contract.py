"""What every engine must do. A test module inherits the class and gives ``engine``."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ocrportal.catalogue.spec import services
from ocrportal.engines.base import Engine
from ocrportal.errors.engine import EngineError
from ocrportal.results import PageResult

SERVICE = services()["general-text"]
LINE = "Hello world!你好世界"
PAGE_EN = [
    "This is a lot of 12 point text to test the",
    "ocr code and see if it works on all types",
    "of file format.",
    "The quick brown dog jumped over the",
    "lazy fox. The quick brown dog jumped",
    "over the lazy fox. The quick brown dog",
    "jumped over the lazy fox. The quick",
    "brown dog jumped over the lazy fox.",
]


def texts(result: PageResult) -> list[str]:
    return [line.text for line in result.lines]


class EngineContract:
    """Inherit as ``Test…`` and provide an ``engine`` fixture."""

    def read(self, engine: Engine, image: Image.Image) -> PageResult:
        return engine.recognise(image, SERVICE, {})

    def test_reads_a_line_exactly(self, engine: Engine, samples: Path) -> None:
        result = self.read(engine, Image.open(samples / "line_mixed.jpg"))
        assert texts(result) == [LINE]

    def test_reads_a_page_line_by_line_from_the_top(self, engine: Engine, samples: Path) -> None:
        result = self.read(engine, Image.open(samples / "page_en.tif"))
        assert texts(result) == PAGE_EN

    def test_the_result_has_the_engine_and_the_size_of_the_picture(
        self, engine: Engine, samples: Path
    ) -> None:
        result = self.read(engine, Image.open(samples / "page_en.tif"))
        assert (result.engine, result.width, result.height) == (engine.key, 640, 480)
        assert result.seconds > 0

    def test_boxes_are_inside_the_picture_and_follow_the_text(
        self, engine: Engine, samples: Path
    ) -> None:
        result = self.read(engine, Image.open(samples / "page_en.tif"))
        for line in result.lines:
            for x, y in line.box:
                assert 0 <= x <= 640
                assert 0 <= y <= 480
            top_left, top_right, bottom_right, bottom_left = line.box
            assert top_left[0] < top_right[0]
            assert bottom_left[0] < bottom_right[0]
            assert top_left[1] < bottom_left[1]
            assert top_right[1] < bottom_right[1]

    def test_characters_join_to_the_line_without_overlaps(
        self, engine: Engine, samples: Path
    ) -> None:
        for name in ("page_en.tif", "screenshot_zh.webp"):
            for line in self.read(engine, Image.open(samples / name)).lines:
                assert not line.chars or "".join(char.text for char in line.chars) == line.text
                for char in line.chars:
                    assert 0 <= char.start < char.end <= 1
                    assert 0 <= char.confidence <= 1
                for before, after in pairwise(line.chars):
                    assert before.end <= after.start

    def test_survives_storage(self, engine: Engine, samples: Path) -> None:
        stored = self.read(engine, Image.open(samples / "line_mixed.jpg")).to_dict()
        assert PageResult.from_dict(stored).to_dict() == stored

    @pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1), (700, 900)])
    @pytest.mark.parametrize("colour", ["white", "black"])
    def test_finds_no_text_where_there_is_none(
        self, engine: Engine, size: tuple[int, int], colour: str
    ) -> None:
        result = self.read(engine, Image.new("RGB", size, colour))
        assert (result.lines, result.width, result.height) == ((), *size)
        assert result.confidence is None

    @pytest.mark.parametrize(
        "mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "LAB", "I", "F"]
    )
    def test_reads_a_picture_of_any_mode(self, engine: Engine, samples: Path, mode: str) -> None:
        picture = Image.open(samples / "page_en.tif").convert("RGB")
        grey_first = mode in ("1", "LA", "I", "F")
        if mode == "LAB":
            values = np.zeros((*picture.size[::-1], 3), np.uint8)
            values[..., 0] = picture.convert("L")
            picture = Image.fromarray(values, "LAB")
        else:
            picture = (picture.convert("L") if grey_first else picture).convert(mode)
        assert texts(self.read(engine, picture)) == PAGE_EN

    def test_reads_a_picture_of_sixteen_bits(self, engine: Engine, samples: Path) -> None:
        values = np.asarray(Image.open(samples / "page_en.tif").convert("L"), np.uint16)
        assert texts(self.read(engine, Image.fromarray(values * 257))) == PAGE_EN

    def test_treats_transparency_as_white(self, engine: Engine, samples: Path) -> None:
        ink = Image.open(samples / "page_en.tif").convert("L").point(lambda value: 255 - value)
        picture = Image.new("RGBA", ink.size, "black")
        picture.putalpha(ink)
        assert texts(self.read(engine, picture)) == PAGE_EN

    @pytest.mark.parametrize("turned_by", [90, 180, 270])
    @pytest.mark.parametrize("name", ["page_en.tif", "screenshot_zh.webp", "dark_en.png"])
    def test_reads_a_rotated_page(
        self, engine: Engine, samples: Path, name: str, turned_by: int
    ) -> None:
        picture = Image.open(samples / name).convert("RGB")
        expected = self.read(engine, picture)
        turned = picture.rotate(-turned_by, expand=True)
        result = self.read(engine, turned)

        assert expected.rotation == 0
        assert result.rotation == 360 - turned_by
        assert (result.width, result.height) == turned.size
        upright = result.upright()
        assert (upright.width, upright.height) == picture.size
        assert texts(upright) == texts(expected)
        for found, line in zip(upright.lines, expected.lines, strict=True):
            assert np.array(found.box) == pytest.approx(np.array(line.box), abs=3)

    def test_an_unreadable_picture_is_an_engine_error(self, engine: Engine, samples: Path) -> None:
        with Image.open(samples / "truncated.jpg") as picture, pytest.raises(EngineError):
            self.read(engine, picture)
