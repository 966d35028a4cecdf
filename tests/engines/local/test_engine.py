"""The embedded engine: the contract, and what it owes beyond it."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from ocrportal.engines import engine_for
from ocrportal.engines.local.engine import LocalEngine
from ocrportal.results import PageResult
from tests.engines.contract import LINE, PAGE_EN, SERVICE, EngineContract, texts


class TestLocalEngine(EngineContract):
    @pytest.fixture
    def engine(self, local_engine: LocalEngine) -> LocalEngine:
        return local_engine


def read(engine: LocalEngine, image: Image.Image) -> PageResult:
    return engine.recognise(image, SERVICE, {})


@pytest.mark.parametrize(
    "name", ["line_mixed.jpg", "receipt_en.jpg", "screenshot_zh.webp", "dark_en.png", "page_zh.png"]
)
def test_never_turns_a_picture_that_is_upright(
    local_engine: LocalEngine, samples: Path, name: str
) -> None:
    assert read(local_engine, Image.open(samples / name)).rotation == 0


def test_leaves_a_page_as_it_lies_if_told_so(local_engine: LocalEngine, samples: Path) -> None:
    page = Image.open(samples / "page_en.tif").transpose(Image.Transpose.ROTATE_180)
    assert read(local_engine, page).rotation == 180
    as_it_lies = local_engine.recognise(page, SERVICE, {"upright": False})
    assert as_it_lies.rotation == 0
    assert not set(texts(as_it_lies)) & set(PAGE_EN)


def test_reads_chinese(local_engine: LocalEngine, samples: Path) -> None:
    expected = (samples / "screenshot_zh.gt.txt").read_text("utf-8").split()
    found = texts(read(local_engine, Image.open(samples / "screenshot_zh.webp")))
    # The third line has a dash that the model takes for the character "one".
    assert found[:2] + found[3:] == expected[:2] + expected[3:]


@pytest.mark.parametrize("degrees", [-4.0, 1.5, 5.0])
def test_measures_how_crooked_a_page_is(
    local_engine: LocalEngine, samples: Path, degrees: float
) -> None:
    picture = Image.open(samples / "page_en.tif").convert("L")
    crooked = picture.rotate(degrees, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    result = read(local_engine, crooked)
    assert texts(result) == PAGE_EN
    assert result.skew == pytest.approx(degrees, abs=0.3)


def test_reads_columns_downwards(local_engine: LocalEngine, samples: Path) -> None:
    result = read(local_engine, Image.open(samples / "columns_ja.jpg"))
    assert "横書き不能な書体も存在する。" in texts(result)
    for line in result.lines:
        (ax, ay), (bx, by), _, (dx, _) = line.box
        assert by - ay > 5 * abs(bx - ax)
        assert dx < ax


def test_finds_where_each_character_stands(local_engine: LocalEngine, samples: Path) -> None:
    """The words of a page as pictures of their own say the same."""
    picture = Image.open(samples / "page_en.tif")
    line = read(local_engine, picture).lines[0]
    end = line.text.index("lot")
    before = line.chars[end].start
    left, top = line.box[0]
    right, bottom = line.box[2]
    cut = picture.crop(
        (round(left + (right - left) * before), round(top), round(right), round(bottom))
    )
    assert texts(read(local_engine, ImageOps.expand(cut, 20, 255))) == [line.text[end:]]


def test_reads_a_strip_many_times_as_wide_as_high(local_engine: LocalEngine, samples: Path) -> None:
    line = Image.open(samples / "line_mixed.jpg")
    strip = Image.new("RGB", (12_000, 200), "white")
    for left in range(0, 12_000, 600):
        strip.paste(line, (left + 100, 80))
    assert texts(read(local_engine, strip)) == [LINE] * 20


def test_reads_a_line_too_long_for_one_look(local_engine: LocalEngine, samples: Path) -> None:
    line = Image.open(samples / "line_mixed.jpg")
    strip = Image.new("RGB", (line.width * 12, 64), "white")
    for number in range(12):
        strip.paste(line, (line.width * number, 16))
    (found,) = read(local_engine, strip).lines
    assert found.text.replace(" ", "") == LINE.replace(" ", "") * 12
    assert [found.chars[0].start, found.chars[-1].end] == pytest.approx([0, 1], abs=0.01)


def test_reads_a_receipt_of_any_length(local_engine: LocalEngine, samples: Path) -> None:
    page = Image.open(samples / "page_en.tif").convert("L")
    roll = Image.new("L", (640, 480 * 8), 255)
    for number in range(8):
        roll.paste(page, (0, 480 * number))
    assert texts(read(local_engine, roll)) == PAGE_EN * 8


def test_is_silent_and_needs_no_network(samples: Path) -> None:
    script = f"""
import socket
def refuse(*args, **kwargs):
    raise AssertionError("the engine asked for the network")
socket.socket.connect = socket.getaddrinfo = refuse
from PIL import Image
from ocrportal.engines import engine_for
engine = engine_for("local")
engine.warm_up()
result = engine.recognise(Image.open({str(samples / "line_mixed.jpg")!r}), None, {{}})
assert [line.text for line in result.lines] == [{LINE!r}]
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, check=True
    )
    assert (done.stdout, done.stderr) == (b"", b"")


def test_is_made_once_per_process() -> None:
    engine = engine_for("local")
    assert engine_for("local", 1) is engine
    assert engine_for("local", threads=1) is engine
