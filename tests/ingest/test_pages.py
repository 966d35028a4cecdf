import io
import random

import pytest

from bench.robustness.fuzz import mutated, outcome_apart, sources
from ocrportal.errors import (
    BadPageRange,
    DamagedFile,
    EmptyFile,
    FileTooLarge,
    PagesOutOfRange,
    PictureTooLarge,
    UnsupportedFormat,
)
from ocrportal.ingest.base import Limits
from ocrportal.ingest.pages import open_pages, parse_page_range
from ocrportal.ingest.sniff.file_type import Format
from tests.ingest.sources import LIMITS, SAMPLES, opened

JPEG = Format("jpeg", "image/jpeg", "jpg")


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ("   ", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ("4", [4]),
        ("1-3,7", [1, 2, 3, 7]),
        ("7,1-3", [1, 2, 3, 7]),
        ("2-4,3-5", [2, 3, 4, 5]),
        ("7-", [7, 8, 9]),
        ("8-20", [8, 9]),
        ("1-3,", [1, 2, 3]),
        (" 1 - 3 , 7 ", [1, 2, 3, 7]),
        ("1-3，7", [1, 2, 3, 7]),
        ("１－３，７", [1, 2, 3, 7]),
        ("1～3、7", [1, 2, 3, 7]),
        ("1至3；7", [1, 2, 3, 7]),
        ("1–2,4—5", [1, 2, 4, 5]),
    ],
)
def test_a_page_range_selects_ascending_page_numbers(text: str, pages: list[int]) -> None:
    assert list(parse_page_range(text).select(9)) == pages


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "0-3",
        "3-1",
        "-3",
        "a",
        "1-2-3",
        "1..3",
        "1,,3",
        "1.5",
        "9" * 5000,
        "1," * 300,
        "第一页",
    ],
)
def test_anything_else_is_not_a_page_range(text: str) -> None:
    with pytest.raises(BadPageRange):
        parse_page_range(text)


def test_a_bad_range_is_quoted_but_not_at_full_length() -> None:
    with pytest.raises(BadPageRange) as caught:
        parse_page_range("x" * 1000)
    assert caught.value.params == {"text": "x" * 50}


def test_an_absurd_range_costs_no_memory() -> None:
    assert list(parse_page_range("1-999999999,2-999999999").select(3)) == [1, 2, 3]


def test_all_pages_of_a_long_file_are_not_listed_one_by_one() -> None:
    assert parse_page_range("").select(10**9) == range(1, 10**9 + 1)


def test_a_range_beyond_the_end_says_how_many_pages_there_are() -> None:
    with pytest.raises(PagesOutOfRange) as caught:
        parse_page_range("6-8").select(5)
    assert caught.value.params == {"pages": 5, "text": "6-8"}


def test_an_empty_file_cannot_be_opened() -> None:
    with pytest.raises(EmptyFile):
        open_pages(io.BytesIO(), JPEG, LIMITS)


def test_a_file_over_the_limit_of_bytes_is_not_opened() -> None:
    limits = Limits(max_bytes=3 * 2**20, max_pixels=10, max_pages=1)
    with pytest.raises(FileTooLarge) as caught:
        open_pages(io.BytesIO(bytes(3 * 2**20 + 1)), JPEG, limits)
    assert caught.value.params == {"limit_mb": 3}


def test_a_picture_over_the_limit_of_pixels_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(PictureTooLarge) as caught, opened("pixel_bomb.png"):
        pass
    assert caught.value.params == {"megapixels": 400, "limit": 30}


@pytest.mark.parametrize("kind", ["office", "ofd", "video", "archive"])
def test_what_has_to_be_converted_or_unpacked_first_is_refused(kind: str) -> None:
    with pytest.raises(UnsupportedFormat):
        open_pages(io.BytesIO(b"PK"), Format("x", "application/x", "x", kind), LIMITS)


@pytest.mark.parametrize("first", range(0, 100, 10))
def test_no_damage_to_a_file_is_answered_by_anything_but_a_refusal(first: int) -> None:
    samples = sources(SAMPLES)
    for number in range(first, first + 10):
        chance = random.Random(number)
        path = chance.choice(samples)
        said, _ = outcome_apart(mutated(path.read_bytes(), chance))
        # A library that crashes ends the process that reads the file, and no more.
        assert not said.startswith(("FOREIGN", "TOO SLOW")), f"{said}: {path.name}, seed {number}"


@pytest.mark.parametrize("name", ["receipt_en.jpg", "frames.tif", "scans.pdf"])
def test_the_file_stays_open_for_its_owner(name: str) -> None:
    fmt = Format(name.rpartition(".")[2].replace("tif", "tiff").replace("jpg", "jpeg"), "", "")
    with (SAMPLES / name).open("rb") as file:
        with open_pages(file, fmt, LIMITS) as pages:
            pages.read_page(1)
        assert not file.closed


@pytest.mark.parametrize("name", ["receipt_en.jpg", "frames.tif", "scans.pdf"])
def test_pages_are_counted_from_one_to_the_last(name: str) -> None:
    with opened(name) as pages:
        for number in (0, pages.page_count + 1, -1):
            with pytest.raises(IndexError):
                pages.read_page(number)


@pytest.mark.parametrize("name", ["frames.tif", "scans.pdf"])
def test_pages_are_the_same_in_any_order_and_when_read_again(name: str) -> None:
    with opened(name) as pages:
        forwards = [pages.read_page(number) for number in range(1, pages.page_count + 1)]
        backwards = [pages.read_page(number) for number in range(pages.page_count, 0, -1)]
    assert backwards[::-1] == forwards
    assert len({page.data for page in forwards}) == len(forwards)


@pytest.mark.parametrize(
    "name", ["receipt_en.jpg", "page_zh.png", "screenshot_zh.bmp", "screenshot_zh.webp",
             "page_en.tif", "born_digital_zh.pdf", "page.heic"]
)  # fmt: skip
def test_a_file_of_which_most_is_missing_is_damaged(name: str) -> None:
    whole = (SAMPLES / name).read_bytes()
    with pytest.raises(DamagedFile), opened(whole[: len(whole) // 3]) as pages:
        pages.read_page(1)
