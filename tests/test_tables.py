"""Tables in drawn images, with lines as the recogniser returns them."""

from textwrap import wrap

import numpy as np
import pytest

from ocrportal.results import Line, PageResult
from ocrportal.tables import find_tables
from tests.tables.drawn_page import LETTER, Page

PROSE = (
    "the fox ran back to its den where cubs had waited for the food she found in the wood and "
    "behind the mill by the river a heron stood in shallow water as if nothing had ever happened "
    "until someone on the bridge dropped a bag of apples that went bobbing downstream one by one "
    "past reeds and boats to where children caught most of them with a net made of old curtains"
)


@pytest.fixture
def page() -> Page:
    return Page()


def test_the_cells_of_a_bordered_table(page: Page) -> None:
    page.grid([100, 300, 500], [100, 140, 180])
    page.write(110, 108, "one")
    page.write(310, 108, "two")
    page.write(110, 148, "three")
    page.write(310, 148, "four")
    (table,), _ = page.found()
    assert table.texts() == [["one", "two"], ["three", "four"]]
    assert table.box is not None
    assert table.box[0] == pytest.approx((100, 100), abs=3)
    assert table.box[2] == pytest.approx((500, 180), abs=3)


def test_a_line_over_two_cells_is_split(page: Page) -> None:
    page.grid([100, 220, 500], [100, 140, 180])
    page.write(110, 108, "seven   eight")
    page.write(110, 148, "nine")
    page.write(310, 148, "ten")
    (table,), lines = page.found()
    assert table.texts() == [["seven", "eight"], ["nine", "ten"]]
    assert sorted(line.text for line in lines) == ["eight", "nine", "seven", "ten"]
    (eight,) = (line for line in lines if line.text == "eight")
    assert eight.box[0][0] == pytest.approx(110 + 8 * LETTER)
    assert (eight.chars[0].start, eight.chars[-1].end) == pytest.approx((0, 1))


def test_merged_cells(page: Page) -> None:
    for y, left in ((100, 100), (140, 100), (180, 300), (220, 100)):
        page.ruling(left, y, 700, y)
    for x, top in ((100, 100), (300, 140), (500, 140), (700, 100)):
        page.ruling(x, top, x, 220)
    page.write(350, 108, "head")
    page.write(110, 168, "side")
    for x, y, text in ((310, 148, "a1"), (510, 148, "a2"), (310, 188, "b1"), (510, 188, "b2")):
        page.write(x, y, text)
    (table,), _ = page.found()
    assert [(c.text, c.row, c.column, c.row_span, c.column_span) for c in table.cells] == [
        ("head", 0, 0, 1, 3),
        ("side", 1, 0, 2, 1),
        ("a1", 1, 1, 1, 1),
        ("a2", 1, 2, 1, 1),
        ("b1", 2, 1, 1, 1),
        ("b2", 2, 2, 1, 1),
    ]


def test_a_form_whose_columns_differ_from_row_to_row(page: Page) -> None:
    """Its rows are hardly higher than its lines."""
    for y in (100, 128, 156):
        page.ruling(100, y, 700, y)
    for x, top, bottom in ((100, 100, 156), (700, 100, 156), (300, 100, 128), (450, 128, 156)):
        page.ruling(x, top, x, bottom)
    for x, y, text in ((110, 102, "name"), (310, 102, "Ann"), (110, 130, "unit"), (460, 130, "B")):
        page.write(x, y, text)
    (table,), _ = page.found()
    assert [(c.text, c.row, c.column, c.column_span) for c in table.cells] == [
        ("name", 0, 0, 1),
        ("Ann", 0, 1, 2),
        ("unit", 1, 0, 2),
        ("B", 1, 2, 1),
    ]


def test_several_rows_between_two_rulings(page: Page) -> None:
    for y in (100, 140, 320):
        page.ruling(100, y, 700, y)
    for x in (100, 300, 500, 700):
        page.ruling(x, 100, x, 320)
    rows = [
        ["Kind", "1994", "1997"],
        ["men", "5", "22"],
        ["women", "25", "40"],
        ["all", "30", "62"],
    ]
    for row, texts in enumerate(rows):
        for x, text in zip((110, 310, 510), texts, strict=True):
            page.write(x, 108 + 50 * row, text)
    (table,), _ = page.found()
    assert table.texts() == rows


def test_the_lines_of_entries_in_a_drawn_row_stay_together(page: Page) -> None:
    page.grid([100, 300, 500], [100, 140, 250])
    for x, texts in (
        (110, ("Kind", "red and", "green", "and blue")),
        (310, ("Use", "for", "all", "days")),
    ):
        for y, text in zip((108, 150, 180, 210), texts, strict=True):
            page.write(x, y, text)
    (table,), _ = page.found()
    assert table.rows == 2


def test_an_empty_form_is_a_table(page: Page) -> None:
    page.grid([100, 300, 500, 700], [100, 140, 180, 220])
    for x, text in ((110, "date"), (310, "name"), (510, "sign")):
        page.write(x, 108, text)
    (table,), _ = page.found()
    assert table.texts() == [["date", "name", "sign"], [""] * 3, [""] * 3]


def test_axes_with_labels_are_not_a_table(page: Page) -> None:
    page.ruling(100, 300, 500, 300)
    page.ruling(300, 100, 300, 500)
    page.write(120, 200, "ab")
    page.write(340, 200, "cd")
    assert not page.found()[0]


def test_dotted_rulings_separate_cells(page: Page) -> None:
    for y in (100, 140, 180):
        for x in range(100, 500, 7):
            page.ruling(x, y, x + 2, y)
    for x in (100, 300, 500):
        page.ruling(x, 100, x, 180)
    for x, y, text in ((110, 108, "a1"), (310, 108, "a2"), (110, 148, "b1"), (310, 148, "b2")):
        page.write(x, y, text)
    (table,), _ = page.found()
    assert table.texts() == [["a1", "a2"], ["b1", "b2"]]


def test_separate_entries_of_a_cell_keep_their_line_ends(page: Page) -> None:
    page.grid([100, 300, 500], [100, 170, 240])
    for x, y, text in (
        (110, 104, "open"),
        (110, 134, "closed"),
        (310, 104, "all days of the"),
        (310, 134, "holidays"),
        (110, 180, "b"),
        (310, 180, "c"),
    ):
        page.write(x, y, text)
    (table,), _ = page.found()
    assert table.texts() == [["open\nclosed", "all days of the holidays"], ["b", "c"]]


def test_a_broken_ruling_separates_rows(page: Page) -> None:
    page.grid([100, 300, 700], [100, 180])
    page.ruling(100, 140, 300, 140)
    page.ruling(330, 140, 450, 140)
    page.ruling(580, 140, 640, 140)
    for x in (110, 310):
        page.write(x, 108, "up")
        page.write(x, 148, "down")
    (table,), _ = page.found()
    assert table.texts() == [["up", "up"], ["down", "down"]]


def test_the_lines_of_a_cell_are_joined_without_spaces_between_han_characters(page: Page) -> None:
    page.grid([100, 160, 290], [100, 170, 240])
    page.write(110, 104, "没有信号")
    page.write(110, 134, "发送")
    page.write(170, 104, "no signal")
    page.write(170, 134, "sent")
    page.write(110, 180, "终止")
    page.write(170, 180, "end")
    (table,), _ = page.found()
    assert table.texts() == [["没有信号发送", "no signal sent"], ["终止", "end"]]


def test_tables_are_sorted_from_the_top(page: Page) -> None:
    for top, text in ((400, "low"), (100, "high")):
        page.grid([100, 300, 500], [top, top + 40, top + 80])
        for x in (110, 310):
            page.write(x, top + 8, text)
            page.write(x, top + 48, text)
    tables, _ = page.found()
    assert [table.texts()[0][0] for table in tables] == ["high", "low"]


def test_a_partly_bordered_table(page: Page) -> None:
    for y in (100, 140, 260):
        page.ruling(100, y, 700, y)
    for row, texts in enumerate(
        (("Name", "1994", "1997"), ("Low", "9", "22"), ("High", "25", "40"))
    ):
        for x, text in zip((110, 350, 550), texts, strict=True):
            page.write(x, 108 + 45 * row, text)
    (table,), _ = page.found()
    assert table.texts() == [["Name", "1994", "1997"], ["Low", "9", "22"], ["High", "25", "40"]]


def test_a_borderless_table(page: Page) -> None:
    page.write(100, 60, "这一行文字从页面的左边一直写到右边因此它不可能是表格里的一个格子")
    rows = [("Name", "1994", "1997", "all")]
    rows += [(name, "9", "22", "31") for name in ("low", "mid", "high", "top")]
    for row, texts in enumerate(rows):
        for x, text in zip((100, 300, 450, 600), texts, strict=True):
            page.write(x, 108 + 35 * row, text)
    (table,), lines = page.found()
    assert table.texts() == [list(texts) for texts in rows]
    assert len(lines) == len(page.lines)


def test_a_heading_over_columns_is_one_cell(page: Page) -> None:
    for x, text in ((100, "Name"), (300, "头两年的全部结果以及去年的值"), (600, "all")):
        page.write(x, 108, text)
    for row, name in enumerate(("low", "mid", "high", "top")):
        for x, text in zip((100, 300, 450, 600), (name, "9", "22", "31"), strict=True):
            page.write(x, 143 + 35 * row, text)
    (table,), _ = page.found()
    assert [(c.text, c.column, c.column_span) for c in table.cells if c.row == 0] == [
        ("Name", 0, 1),
        ("头两年的全部结果以及去年的值", 1, 2),
        ("all", 3, 1),
    ]


def test_few_rows_or_two_columns_without_rulings_are_not_a_table(page: Page) -> None:
    for row in range(6):
        page.write(100, 108 + 35 * row, f"{row})")
        page.write(200, 108 + 35 * row, "entry")
    for row in range(2):
        for x in (100, 300, 450, 600):
            page.write(x, 500 + 35 * row, "word")
    assert not page.found()[0]


def test_numbers_in_a_second_column_are_a_borderless_table(page: Page) -> None:
    """Labels wrap and head groups; numbers are aligned on the right."""
    page.write(100, 40, PROSE[:60])
    page.write(100, 75, PROSE[61:90])
    rows = [
        ("in euro", "2024"),
        ("Income", ""),
        ("sales", "1,250"),
        ("rent", "(75)"),
        ("grants", "-"),
    ]
    rows += [("Costs", ""), ("wages", "12,805"), ("taxes", "9")]
    for row, (label, number) in enumerate(rows):
        if label:
            page.write(100, 130 + 30 * row, label)
        if number:
            page.write(600 - LETTER * len(number), 130 + 30 * row, number)
    (table,), _ = page.found()
    assert table.texts() == [list(row) for row in rows]


def test_a_contents_page_is_not_a_table(page: Page) -> None:
    for row, number in enumerate((1, 3, 8, 21, 40, 101)):
        page.write(100, 100 + 35 * row, PROSE[9 * row : 9 * row + 14].strip())
        page.write(700, 100 + 35 * row, str(number))
    assert not page.found()[0]


def test_labels_with_values_are_not_a_table(page: Page) -> None:
    for row, label in enumerate(("Date:", "Number:", "Phone:", "Room:", "Sum:")):
        page.write(100, 100 + 35 * row, label)
        page.write(300, 100 + 35 * row, str(12345 - 700 * row))
    assert not page.found()[0]


def test_numbered_entries_are_not_a_table(page: Page) -> None:
    for row in range(8):
        page.write(100, 100 + 35 * row, f"{row}.")
        page.write(160, 100 + 35 * row, PROSE[9 * row : 9 * row + 30].strip())
    assert not page.found()[0]


def test_lines_of_an_entry_are_nearer_to_each_other_than_rows_are(page: Page) -> None:
    for y, texts in (
        (100, ("Kind", "1994", "1997")),
        (150, ("men in", "5", "22")),
        (174, ("towns", "", "")),
        (224, ("women in", "25", "40")),
        (248, ("towns", "", "")),
        (298, ("all", "30", "62")),
    ):
        for x, text in zip((100, 350, 550), texts, strict=True):
            if text:
                page.write(x, y, text)
    (table,), _ = page.found()
    assert [[text.replace("\n", " ") for text in row] for row in table.texts()] == [
        ["Kind", "1994", "1997"],
        ["men in towns", "5", "22"],
        ["women in towns", "25", "40"],
        ["all", "30", "62"],
    ]


def test_an_entry_centered_beside_two_lines_is_in_their_row(page: Page) -> None:
    page.write(100, 100, "Kind")
    page.write(450, 100, "1994")
    page.write(600, 100, "1997")
    for y, label, number in ((150, "men", "5"), (230, "women", "25"), (310, "pupils", "30")):
        page.write(100, y, label)
        page.write(100, y + 28, "in towns")
        page.write(450, y + 14, number)
        page.write(600, y + 14, number)
    (table,), _ = page.found()
    assert [row[1:] for row in table.texts()] == [
        ["1994", "1997"],
        ["5"] * 2,
        ["25"] * 2,
        ["30"] * 2,
    ]


def test_a_number_that_wraps_behind_a_hyphen_stays_in_its_row(page: Page) -> None:
    for row, name in enumerate(("ann", "bob", "cem", "dan")):
        y = 100 + 90 * row
        page.write(100, y, name)
        for x, text in ((300, "2024-05-"), (450, "98-2504-"), (600, "7")):
            page.write(x, y, text)
        page.write(300, y + 28, "1" + str(row))
        page.write(450, y + 28, "94" + str(row))
    (table,), _ = page.found()
    assert table.rows == 4


def test_sentences_in_columns_are_not_a_table(page: Page) -> None:
    """Cards: titles with a sentence below each of them, in three columns."""
    for row in range(4):
        for column, x in enumerate((60, 330, 600)):
            page.write(x, 60 + 130 * row, PROSE[13 * row + 5 * column :][:10].strip())
            page.write(x, 95 + 130 * row, f"{PROSE[11 * row + 3 * column :][:17].strip()}.")
    assert not page.found()[0]


@pytest.mark.parametrize("pitch", [30, 36])
def test_no_table_reaches_into_the_next_column_of_the_page(page: Page, pitch: int) -> None:
    # The column of text beside it goes on above and below, at the same distance of lines.
    text = wrap(PROSE * 2, 34)[:18]
    for number, line in enumerate(text):
        page.write(430, 20 + number * pitch, line)
    beside = wrap(PROSE, 26)
    for number in (0, 1, 2, 3, 10, 11, 12, 13, 14):
        page.write(60, 20 + number * pitch, beside[number])
    sums = ["408.70", "128.02", "340.40", "207.93"]
    for number, name in enumerate(["capital", "expenses", "stock", "assets"]):
        page.write(60, 20 + (number + 5) * pitch, name)
        page.write(300, 20 + (number + 5) * pitch, sums[number])

    tables, lines = page.found()

    assert [[row[-1] for row in table.texts()] for table in tables] == [sums]
    assert [line.text for line in lines if line.box[0][0] == 430] == text


def test_two_tables_with_the_same_columns_keep_them(page: Page) -> None:
    for top in (60, 330):
        for number, name in enumerate(["alpha", "beta", "gamma", "delta", "omega"]):
            page.write(60, top + number * 36, name)
            page.write(430, top + number * 36, f"{number}1.50")
            page.write(700, top + number * 36, f"{number}3.25")

    tables, _ = page.found()

    assert [(table.rows, table.columns) for table in tables] == [(5, 3), (5, 3)]


def test_rulings_above_and_below_sums_do_not_cut_a_table(page: Page) -> None:
    for row, (label, *numbers) in enumerate(
        (("", "2024", "2023"), ("sales", "50", "41"), ("rent", "7", "9"), ("total", "57", "50"))
    ):
        if label:
            page.write(100, 100 + 40 * row, label)
        for x, number in zip((400, 600), numbers, strict=True):
            page.write(x, 100 + 40 * row, number)
    for y in (214, 252):
        page.ruling(380, y, 660, y)
    (table,), _ = page.found()
    assert table.texts()[-1] == ["total", "57", "50"]
    assert table.columns == 3


def test_a_frame_around_text_is_not_a_table(page: Page) -> None:
    page.grid([100, 700], [100, 300])
    for y in (110, 150, 190):
        page.write(110, y, "plain text goes on here")
    tables, lines = page.found()
    assert not tables
    assert lines == page.lines


@pytest.mark.parametrize(
    ("columns", "text"),
    [
        (2, "the fox ran back to its den where cubs had waited for the food she found in the wood"),
        (3, "the fox ran back to its den where cubs had waited for the food she found in the wood"),
        (2, "狐狸穿过树林回到洞里几只小狐狸已经等了很久它们很饿想吃母亲从河边磨坊带回来的东西" * 2),
    ],
)
def test_text_in_columns_between_rulings_is_not_a_table(
    page: Page, columns: int, text: str
) -> None:
    """As in a newspaper: each line ends where the next word does not fit."""
    for y in (60, 100, 600):
        page.ruling(60, y, 840, y)
    for column in range(columns):
        for row, line in enumerate(wrap(text, 48 // columns)):
            page.write(60 + column * 780 // columns, 110 + row * 32, line)
    tables, lines = page.found()
    assert not tables
    assert lines == page.lines


def test_spaced_out_letters_are_not_columns(page: Page) -> None:
    page.ruling(60, 60, 840, 60)
    page.ruling(60, 600, 840, 600)
    for row, word in enumerate(("announcement", "of the senate", "for all rooms")):
        page.write(80, 110 + row * 32, "  ".join(word))
    assert not page.found()[0]


@pytest.mark.parametrize("head", [90, 120])
def test_a_framed_listing_is_not_a_table(page: Page, head: int) -> None:
    """In a monospaced font some spaces are aligned from line to line."""
    page.grid([90, 700], sorted({90, head, 480}))
    page.write(110, 94, "Listing 1")
    for row, line in enumerate(
        ("int main(void) {", "    int n = 10;", "    if (n > 3)", "        n = n - 3;", "}")
    ):
        page.write(100 + LETTER * (len(line) - len(line.lstrip())), 130 + 28 * row, line.lstrip())
    assert not page.found()[0]


def test_a_page_without_lines_has_no_table() -> None:
    assert find_tables(np.full((50, 50, 3), 255, np.uint8), [], 0.0) == ([], [])


def test_boxes_are_in_pixels_of_the_page_whatever_its_size(page: Page) -> None:
    page.grid([100, 300, 500], [100, 140, 180])
    for x, y in ((110, 108), (310, 108), (110, 148), (310, 148)):
        page.write(x, y, "text")
    (small,), _ = page.found()
    picture = page.picture.resize((3600, 2800))
    grown = [
        Line(line.text, tuple((4 * x, 4 * y) for x, y in line.box), 1.0, line.chars)
        for line in page.lines
    ]
    (large,), _ = find_tables(np.asarray(picture), grown, 0.0)
    assert small.box is not None
    assert large.box is not None
    for (x, y), (left, top) in zip(large.box, small.box, strict=True):
        assert (x / 4, y / 4) == pytest.approx((left, top), abs=3)
    assert PageResult(3600, 2800, (), (large,)).tables[0].texts() == small.texts()


def test_squared_paper_is_not_a_table(page: Page) -> None:
    page.grid([*range(50, 851, 30)], [*range(50, 651, 30)])
    for row in range(8):
        page.write(60, 53 + 60 * row, PROSE[40 * row : 40 * row + 36].strip())
    tables, lines = page.found()
    assert tables == []
    assert len(lines) == 8


def test_the_part_of_a_line_beside_the_table_is_in_no_cell(page: Page) -> None:
    page.grid([100, 500, 600], [100, 140, 180, 220])
    for y in (108, 188):
        page.write(110, y, "one")
        page.write(510, y, "two")
    page.write(110, 148, PROSE[:61])
    (table,), lines = page.found()
    in_cells = "".join(cell.text for cell in table.cells)
    first, last = (line for line in lines if line.text not in ("one", "two"))
    assert first.text in in_cells
    assert last.text not in in_cells


def test_lined_paper_with_prose_in_columns_is_not_a_table(page: Page) -> None:
    for y in range(20, 690, 24):
        page.ruling(40, y, 860, y)
    rows = wrap(PROSE, 20)
    for row, y in enumerate(range(22, 660, 24)):
        for column, x in enumerate((50, 330, 610)):
            page.write(x, y, rows[(row + 9 * column) % len(rows)])
    assert page.found()[0] == []


@pytest.mark.parametrize("headings", [["Assets", "Results"], ["相关工作", "分析结果"]])
def test_headings_of_groups_are_rows_of_their_own(page: Page, headings: list[str]) -> None:
    """The rows are as far apart as each other, and as the headings between them."""
    group = [["Contributions", "9.910", "6,697"], ["Stock", "1.381", "3,202"]]
    rows = [["Item", "Before", "After"]]
    for heading in headings * 2:
        rows += [[heading, "", ""], *group]
    for number, texts in enumerate(rows):
        for x, text in zip((100, 400, 600), texts, strict=True):
            if text:
                page.write(x, 100 + 30 * number, text)
    (table,), _ = page.found()
    assert table.texts() == rows


def test_rows_of_numbers_that_lines_of_entries_separate_are_not_headings(page: Page) -> None:
    """The years are near the first row, as lines of an entry are, but no other numbers are."""
    rows = [["Item", "2023", "2024"]]
    for number in range(5):
        rows.append([f"Station {number} Upper Lane", f"{number}.910", f"{number},697"])
    rows.append(["Total", "9.110", "8,697"])
    y = 100
    for entry, *numbers in rows:
        lines = wrap(entry, 10)
        for number, text in enumerate(lines):
            page.write(100, y + 26 * number, text)
        for x, text in zip((400, 600), numbers, strict=True):
            page.write(x, y, text)
        y += 4 + 26 * len(lines)
    (table,), _ = page.found()
    assert [[" ".join(text.split()) for text in row] for row in table.texts()] == rows


REMARKS = (
    "the_fox_ran_back_to_its_den_where_cubs_waited.",
    "a_heron_stood_in_shallow_water.",
    "someone_on_the_bridge_dropped_a_bag_of_apples.",
    "they_went_bobbing_downstream.",
    "children_caught_most_of_them_with_a_net.",
)


def test_words_with_a_column_of_sentences_are_a_borderless_table(page: Page) -> None:
    rows = [(f"kind{n}", f"name{n * 7}", remark) for n, remark in enumerate(REMARKS)]
    for number, row in enumerate(rows):
        for x, text in zip((40, 160, 290), row, strict=True):
            page.write(x, 100 + 40 * number, text)
    (table,), _ = page.found()
    assert table.texts() == [list(row) for row in rows]


def test_sentences_in_several_columns_are_not_a_table(page: Page) -> None:
    for number, remark in enumerate(REMARKS):
        page.write(40, 100 + 40 * number, f"no{number}")
        page.write(140, 100 + 40 * number, f"{remark[:20]}.")
        page.write(480, 100 + 40 * number, remark[-22:])
    assert not page.found()[0]
