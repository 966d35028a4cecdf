"""What on a page deserves a look."""

from dataclasses import replace
from typing import get_args

import pytest
from django.utils import translation

from ocrportal.jobs.doubts import Doubt, doubts_of, read_doubts, stored_doubts
from ocrportal.results import (
    BLANK,
    Block,
    Cell,
    Char,
    Field,
    Line,
    PageResult,
    Table,
    TableDoubt,
)
from tests.exporters.pages import corners, line, page_of

FULL = [
    line("It was a bright cold day in April.", 100, 100 + 60 * n, 900, 140 + 60 * n)
    for n in range(9)
]
"""243 visible characters on a page of 1000 x 1400 pixels."""


def codes(result: PageResult) -> list[str]:
    return [doubt.code for doubt in doubts_of(result)]


def with_doubtful(count: int) -> PageResult:
    """A page of 100 characters, of which the last ``count`` are doubtful."""
    chars = [
        Char("x", place / 100, (place + 1) / 100, 0.4 if place >= 100 - count else 0.99)
        for place in range(100)
    ]
    box = corners(100, 100, 900, 140)
    return page_of([Line("x" * 100, box, 0.9, tuple(chars))])


def test_a_page_read_with_confidence_has_no_doubts():
    assert doubts_of(page_of(FULL)) == []


@pytest.mark.parametrize(("count", "found"), [(0, []), (2, []), (3, ["doubtful-text"])])
def test_a_few_doubtful_characters_are_left_to_the_highlighting(count, found):
    assert codes(with_doubtful(count)) == found


def test_doubtful_text_points_to_the_line_with_most_of_it():
    worst = replace(FULL[4], confidence=0.5)
    (doubt,) = doubts_of(page_of([*FULL[:4], worst, *FULL[5:]]))
    assert (doubt.count, doubt.total, doubt.place) == (27, 243, "4")
    assert doubt.box == (100, 340, 900, 340, 900, 380, 100, 380)
    assert doubt.message == "11% of the characters are uncertain"


def test_spaces_are_never_doubtful():
    chars = tuple(Char(text, 0, 1, 0.1 if text == " " else 0.99) for text in "a b c d")
    box = corners(100, 100, 900, 140)
    assert doubts_of(page_of([Line("a b c d", box, 0.9, chars)])) == []


def test_a_table_with_doubtful_cells_points_to_the_worst():
    cells = (
        Cell("a", 0, 0, confidence=0.7, box=corners(100, 700, 200, 740)),
        Cell("b", 0, 1, confidence=0.5, box=corners(200, 700, 300, 740)),
        Cell("c", 1, 0, confidence=0.9, box=corners(100, 740, 200, 780)),
        Cell("", 1, 1, confidence=0.1),
    )
    sound = Table(1, 1, (Cell("x", 0, 0, confidence=0.99),))
    (doubt,) = doubts_of(replace(page_of(FULL), tables=(sound, Table(2, 2, cells))))
    assert (doubt.code, doubt.count, doubt.total) == ("doubtful-table", 2, 3)
    assert doubt.place == "cell-1-1"
    assert doubt.message == "Table: 2 of 3 cells are uncertain"


@pytest.mark.parametrize("code", get_args(TableDoubt))
def test_a_table_whose_structure_is_uncertain_points_to_its_first_cell(code):
    cells = (Cell("", 0, 0), Cell("a", 0, 1, confidence=0.99, box=corners(200, 700, 300, 740)))
    table = Table(1, 2, cells, box=corners(100, 700, 300, 740), doubts=(code,))
    result = replace(page_of(FULL), tables=(table,))
    (doubt,) = doubts_of(PageResult.from_dict(result.to_dict()))
    assert (doubt.code, doubt.place, doubt.box[:2]) == (code, "cell-0-1", (100, 700))
    assert doubt.message.startswith("Table: ")
    assert doubts_of(replace(page_of(FULL), tables=(replace(table, doubts=()),))) == []


def ledger(doubtful_rows: int) -> PageResult:
    """A table of 20 cells with a number each; some have a doubtful digit."""
    boxes = [corners(100, 100 + 60 * row, 900, 150 + 60 * row) for row in range(20)]
    cells = tuple(Cell("120", row, 0, confidence=0.87, box=box) for row, box in enumerate(boxes))
    sound = tuple(Char(text, n / 3, (n + 1) / 3, 0.99) for n, text in enumerate("120"))
    doubtful = (*sound[:2], replace(sound[2], confidence=0.5))
    lines = [
        Line("120", box, 0.9, doubtful if row < doubtful_rows else sound)
        for row, box in enumerate(boxes)
    ]
    return replace(page_of(lines), tables=(Table(20, 1, cells),))


def test_a_cell_is_doubtful_by_one_character_and_a_table_by_one_cell_in_ten():
    assert codes(ledger(1)) == []
    (doubt,) = [found for found in doubts_of(ledger(3)) if found.code == "doubtful-table"]
    assert (doubt.count, doubt.total, doubt.place) == (3, 20, "cell-0-0")


def test_doubtful_fields_are_counted():
    fields = (Field(("name",), "张三", 0.4, corners(1, 1, 9, 9)), Field(("sex",), "男", 0.99))
    (doubt,) = doubts_of(PageResult(1000, 1400, (), fields=fields))
    assert (doubt.code, doubt.count, doubt.total, doubt.place) == (
        "doubtful-fields",
        1,
        2,
        "field-0",
    )


def test_unread_areas_and_characters_rank_first_and_count_once():
    area = corners(100, 900, 900, 1000)
    lines = [
        *FULL,
        replace(FULL[0], text="〓〓 and 〓"),
        line("〓〓〓", 120, 920, 300, 960),
        Line("maybe maybe maybe", corners(100, 1100, 900, 1140), 0.3),
    ]
    doubts = doubts_of(
        replace(page_of(lines), blocks=(Block("text", ""), Block("unread", "", area)))
    )
    assert [doubt.code for doubt in doubts] == ["unread", "doubtful-text"]
    assert (doubts[0].count, doubts[0].place) == (3, "area-1")
    assert doubts[0].message == "3 places were not read"


def test_a_code_that_could_not_be_read_is_an_unread_place():
    box = corners(100, 900, 200, 1000)
    unread, read = Block("code", "", box), Block("code", "https://example.org", box)
    assert codes(replace(page_of(FULL), blocks=(read,))) == []
    assert codes(replace(page_of(FULL), blocks=(read, unread))) == ["unread"]


def test_a_page_with_print_but_without_text_is_doubtful():
    assert codes(page_of([])) == ["no-text"]
    assert codes(replace(page_of([]), engine=BLANK)) == []
    assert codes(replace(page_of([]), fields=(Field(("name",), "张三"),))) == []


def test_a_page_with_nothing_but_its_number_is_doubtful():
    number = line("12", 490, 1300, 510, 1320)
    assert codes(page_of([number])) == ["little-text"]
    figure = Block("figure", "", corners(100, 100, 900, 900))
    assert codes(replace(page_of([number]), blocks=(figure,))) == []
    assert codes(page_of([line("Part two", 300, 400, 700, 460)])) == []


def test_doubts_are_stored_as_json_and_read_again():
    (doubt,) = doubts_of(with_doubtful(7))
    assert read_doubts(stored_doubts([doubt])) == [doubt]


def test_a_code_of_another_version_and_an_old_result_have_no_doubts():
    assert read_doubts(None) == []
    later = stored_doubts([Doubt("no-text")])[0] | {"code": "later"}
    assert read_doubts([later]) == []


def test_messages_are_in_the_language_of_the_reader():
    with translation.override("zh-hans"):
        assert Doubt("unread", 2).message == "有 2 处未能识别"
