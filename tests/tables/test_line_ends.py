"""Line ends in the cells of tables; lengths are in ems of the text."""

import pytest

from ocrportal.tables.line_ends import cell_text
from ocrportal.text import ems_of


@pytest.mark.parametrize(
    ("lines", "room", "text"),
    [
        (["游戏", "互动区"], 5.0, "游戏\n互动区"),
        (["主体:", "桁架+苯板造型+游戏装置(租赁)"], 16.0, "主体:\n桁架+苯板造型+游戏装置(租赁)"),
        (["Monday", "Tuesday"], 12.0, "Monday\nTuesday"),
        (
            ["1) all of the items in the list", "2) none"],
            16.0,
            "1) all of the items in the list\n2) none",
        ),
    ],
)
def test_a_line_that_had_room_for_the_next_word_ends(
    lines: list[str], room: float, text: str
) -> None:
    assert cell_text(lines, [ems_of(line) for line in lines], room) == text


@pytest.mark.parametrize(
    ("lines", "room", "text"),
    [
        (["检查在完全的模", "式下"], 7.3, "检查在完全的模式下"),
        (["influence on", "international projects"], 8.0, "influence on international projects"),
        (["即使它", "“c”是字符"], 5.0, "即使它“c”是字符"),
        (["a commit-", "tee of ten"], 6.0, "a committee of ten"),
    ],
)
def test_wrapped_text_is_joined(lines: list[str], room: float, text: str) -> None:
    assert cell_text(lines, [ems_of(line) for line in lines], room) == text


def test_a_cell_without_lines_is_empty() -> None:
    assert cell_text([], [], 10.0) == ""
