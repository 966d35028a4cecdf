import io
import random

import pytest

from bench.robustness.fuzz import mutated, outcome_apart, sources
from ocrportal.errors.ingest import (
    DamagedFile,
    EmptyFile,
    FileTooLarge,
    PictureTooLarge,
    UnsupportedFormat,
)
from ocrportal.ingest.base import Limits
from ocrportal.ingest.pages import open_pages
from ocrportal.ingest.sniff.file_type import Format
from tests.ingest.sources import LIMITS, SAMPLES, opened

JPEG = Format("jpeg", "image/jpeg", "jpg")


def test_an_empty_file_cannot_be_opened() -> None:
    with pytest.raises(EmptyFile):
        open_pages(io.BytesIO(), JPEG, LIMITS)


def test_a_file_over_the_limit_of_bytes_is_not_opened() -> None:
    limits = Limits(max_bytes=3 * 2**20, max_pixels=10, max_pages=1)
    with pytest.raises(FileTooLarge) as caught:
        open_pages(io.BytesIO(bytes(3 * 2**20 + 1)), JPEG, limits)
    assert caught.value.params == {"limit_mb": 3}


def test_a_picture_over_the_pixel_limit_is_rejected_before_it_is_decoded() -> None:
    with pytest.raises(PictureTooLarge) as caught, opened("pixel_bomb.png"):
        pass
    assert caught.value.params == {"megapixels": 400, "limit": 30}


@pytest.mark.parametrize("kind", ["office", "ofd", "video", "archive"])
def test_formats_that_need_a_conversion_are_rejected(kind: str) -> None:
    with pytest.raises(UnsupportedFormat):
        open_pages(io.BytesIO(b"PK"), Format("x", "application/x", "x", kind), LIMITS)


@pytest.mark.parametrize("first", range(0, 100, 10))
def test_damaged_files_raise_ingest_errors_only(first: int) -> None:
    samples = sources(SAMPLES)
    for number in range(first, first + 10):
        chance = random.Random(number)
        path = chance.choice(samples)
        outcome, _ = outcome_apart(mutated(path.read_bytes(), chance))
        # A crash ends only the process that reads the file.
        assert not outcome.startswith(("FOREIGN", "TOO SLOW")), (
            f"{outcome}: {path.name}, seed {number}"
        )


@pytest.mark.parametrize("name", ["receipt_en.jpg", "frames.tif", "scans.pdf"])
def test_the_file_is_not_closed(name: str) -> None:
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
def test_a_mostly_missing_file_is_damaged(name: str) -> None:
    whole = (SAMPLES / name).read_bytes()
    with pytest.raises(DamagedFile), opened(whole[: len(whole) // 3]) as pages:
        pages.read_page(1)
