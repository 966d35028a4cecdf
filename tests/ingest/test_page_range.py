import pytest

from ocrportal.errors.ingest import BadPageRange, PagesOutOfRange
from ocrportal.ingest.page_range import parse_page_range


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


def test_a_bad_range_is_quoted_shortened() -> None:
    with pytest.raises(BadPageRange) as caught:
        parse_page_range("x" * 1000)
    assert caught.value.params == {"text": "x" * 50}


def test_an_absurd_range_takes_no_memory() -> None:
    assert list(parse_page_range("1-999999999,2-999999999").select(3)) == [1, 2, 3]


def test_all_pages_of_a_long_file_are_not_listed_one_by_one() -> None:
    assert parse_page_range("").select(10**9) == range(1, 10**9 + 1)


def test_the_error_for_a_range_beyond_the_end_has_the_number_of_pages() -> None:
    with pytest.raises(PagesOutOfRange) as caught:
        parse_page_range("6-8").select(5)
    assert caught.value.params == {"pages": 5, "text": "6-8"}
