import math
from dataclasses import replace

import pytest

from ocrportal.geometry import turn_quad
from ocrportal.layout.fragments import Fragment
from ocrportal.layout.frame import deskewed_frame
from ocrportal.results import Line, PageResult
from tests.exporters.pages import line, page_of, recorded


def _fragments(page: PageResult) -> list[Fragment]:
    upright = page.upright()
    return deskewed_frame(upright, range(len(upright.lines))).fragments


def _skewed(page: PageResult, degrees: float) -> PageResult:
    sin, cos = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))

    def turn(x: float, y: float) -> tuple[float, float]:
        return x * cos - y * sin, x * sin + y * cos

    return replace(
        page,
        lines=tuple(replace(ln, box=tuple(turn(x, y) for x, y in ln.box)) for ln in page.lines),
    )


def test_a_horizontal_line_keeps_its_edges():
    (fragment,) = _fragments(page_of([line(" text ", 10, 20, 110, 40)]))
    assert (fragment.index, fragment.text) == (0, "text")
    assert fragment.rect == (10, 20, 110, 40)


def test_lines_without_text_are_left_out_but_keep_their_index():
    page = page_of([line("  ", 0, 0, 50, 10), line("a", 0, 20, 50, 30)])
    assert [fragment.index for fragment in _fragments(page)] == [1]


@pytest.mark.parametrize("degrees", [-4, -0.5, 0.5, 4])
def test_a_skewed_page_is_deskewed(degrees):
    rows = [line("a row of text", 100, y, 900, y + 30) for y in (100, 150, 200)]
    fragments = _fragments(_skewed(page_of(rows), degrees))
    assert [f.rect.center_y - fragments[0].rect.center_y for f in fragments] == pytest.approx(
        [0, 50, 100]
    )
    assert [f.rect.left - fragments[0].rect.left for f in fragments] == pytest.approx(
        [0, 0, 0], abs=1e-6
    )


def test_short_lines_do_not_count_for_the_skew():
    steep = replace(line("x", 0, 0, 20, 20), box=((0, 0), (20, 5), (15, 25), (-5, 20)))
    page = page_of([line("a long and horizontal row", 0, 100, 900, 130), steep, steep, steep])
    assert _fragments(page)[0].rect.top == pytest.approx(100)


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_rotated_page_is_turned_upright(rotation):
    upright = page_of([line("first", 100, 50, 400, 80), line("second", 100, 150, 400, 180)])
    back = 360 - rotation
    turned = replace(
        upright,
        rotation=rotation,
        width=1400 if rotation != 180 else 1000,
        height=1000 if rotation != 180 else 1400,
        lines=tuple(
            replace(ln, box=turn_quad(ln.box, back, upright.width, upright.height))
            for ln in upright.lines
        ),
    )
    assert [(f.rect.left, f.rect.top) for f in _fragments(turned)] == [(100, 50), (100, 150)]


def test_vertical_columns_become_rows_from_the_right():
    fragments = _fragments(recorded("columns_ja"))
    ordered = sorted(fragments, key=lambda f: f.rect.top)
    assert [f.text[:4] for f in ordered] == [
        "元来日本",
        "から下へ",
        "めて表記",
        "の筆順も",
        "横書き不",
    ]
    assert all(f.rect.width > 10 * f.rect.height for f in fragments)


def test_headers_and_footers_of_a_vertical_page_are_before_and_after_its_columns():
    """They would otherwise be in one row with the column that they are above or below."""

    def column(text: str, left: int) -> Line:
        right, top, bottom = left + 30, 100, 1100
        return Line(text, ((right, top), (right, bottom), (left, bottom), (left, top)), 1.0)

    page = page_of(
        [
            line("第一章", 300, 40, 420, 70),
            column("最右的一列文字", 700),
            column("中间的一列文字", 500),
            column("最左的一列文字", 100),
            line("117", 505, 1150, 545, 1180),
        ]
    )
    ordered = sorted(_fragments(page), key=lambda f: f.rect.top)
    assert [f.text for f in ordered] == [
        "第一章",
        "最右的一列文字",
        "中间的一列文字",
        "最左的一列文字",
        "117",
    ]
    assert ordered[-1].rect.top > ordered[-2].rect.bottom


def test_the_level_title_of_a_vertical_page_is_before_its_columns():
    columns = [
        Line("直排的文字写满一行", ((x, 300), (x, 1100), (x - 30, 1100), (x - 30, 300)), 1.0)
        for x in (760, 700, 640, 100)
    ]
    titles = [line("大标题写在各列之上", 200, 60, 700, 100), line("副标题", 300, 120, 600, 160)]
    fragments = {f.text: f.rect for f in _fragments(page_of([*columns, *titles]))}
    title, subtitle = fragments["大标题写在各列之上"], fragments["副标题"]
    assert (title.width, title.height) == (500, 40)
    assert title.bottom < subtitle.top
    assert subtitle.bottom <= min(rect.top for text, rect in fragments.items() if "直" in text)
