from dataclasses import replace
from itertools import groupby

import pytest

from ocrportal.layout.blocks import FieldGroup, Figure, Formula, Paragraph, TableBlock
from ocrportal.results import Block, Cell, Field, Table
from tests.exporters.pages import answered, laid_out, line, page_of, typed


def _box(left, top, right, bottom):
    return line("", left, top, right, bottom).box


def _shown(page) -> list:
    return [
        part.text if isinstance(part, Paragraph | Formula) else type(part)
        for part in laid_out(page).blocks
    ]


TABLE = Table(1, 2, (Cell("品名", 0, 0), Cell("数量", 0, 1)), box=_box(100, 300, 900, 400))


def test_a_table_is_between_the_text_above_and_below_it():
    page = replace(
        page_of([line("above", 100, 100, 300, 140), line("below", 100, 600, 300, 640)]),
        tables=(TABLE,),
    )
    assert _shown(page) == ["above", TableBlock, "below"]


def test_a_table_in_a_column_stays_in_its_column():
    left = typed(*["左栏的文字写满了整整一行的宽度。"] * 8, left=100)
    right = typed(*["右栏的文字写满了整整一行的宽度。"] * 8, left=600)
    table = replace(TABLE, box=_box(100, 400, 400, 500))
    shown = _shown(replace(page_of([*left, *right]), tables=(table,)))
    kinds = [part if part is TableBlock else part[0] for part in shown]
    assert [kind for kind, _ in groupby(kinds)] == ["左", TableBlock, "右"]


def test_a_paragraph_continues_below_a_table_in_its_column():
    above = typed(*["左栏的文字写满了整整一行而且没有完"] * 6, left=100)
    below = typed(*["左栏的文字写满了整整一行而且没有完"] * 6, left=100, top=500)
    table = replace(TABLE, box=_box(100, 300, 440, 480))
    shown = _shown(replace(page_of([*above, *below]), tables=(table,)))
    assert shown == ["左栏的文字写满了整整一行而且没有完" * 12, TableBlock]


def test_text_below_a_table_does_not_continue_a_short_row_above_it():
    wide = "正文的一行总是写到右边为止这样才能看出段落在哪里结束下一行呢"
    above = typed(wide, wide, wide[:17], "表1 与上一行一样长的图书馆题注文", left=100)
    below = typed(wide, wide, wide, left=100, top=500)
    table = replace(TABLE, box=_box(100, 300, 700, 480))
    shown = _shown(replace(page_of([*above, *below]), tables=(table,)))
    assert shown[-2:] == [TableBlock, wide * 3]


def test_an_area_that_reaches_into_the_next_column_does_not_divide_it():
    left = typed(*["左栏的文字写满了整整一行的宽度。"] * 8, left=100)
    right = typed(*["右栏的文字写满了整整一行的宽度。"] * 16, left=500)
    table = replace(TABLE, box=_box(100, 360, 560, 560))
    shown = _shown(replace(page_of([*left, *right]), tables=(table,)))
    kinds = [part if part is TableBlock else part[0] for part in shown]
    assert [kind for kind, _ in groupby(kinds)] == ["左", TableBlock, "右"]


def test_text_on_a_table_does_not_move_the_table():
    lines = [
        line("above", 100, 100, 300, 140),
        line("stamp", 120, 305, 880, 335),
        line("below", 100, 600, 300, 640),
    ]
    shown = _shown(replace(page_of(lines), tables=(TABLE,)))
    assert shown.index("above") < shown.index(TableBlock) < shown.index("below")


def test_the_text_of_a_table_is_not_repeated_but_other_text_on_it_is_kept():
    lines = [line("品 名", 150, 320, 250, 360), line("stamp", 500, 320, 600, 360)]
    page = replace(page_of(lines), tables=(TABLE,))
    assert _shown(page) == ["stamp", TableBlock]


def test_a_field_and_its_key_are_not_repeated():
    lines = [line("姓名：", 100, 100, 200, 140), line("小明", 210, 100, 300, 140)]
    lines.append(line("小明在这里", 100, 300, 300, 340))
    page = replace(page_of(lines), fields=(Field(("姓名",), "小明", None, _box(90, 90, 310, 150)),))
    assert _shown(page) == [FieldGroup, "小明在这里"]


def test_a_formula_replaces_the_lines_at_its_place():
    page = replace(
        page_of([line("f x2", 100, 100, 300, 140), line("after", 100, 300, 300, 340)]),
        blocks=(Block("formula", "x^2", _box(90, 90, 310, 150)),),
    )
    assert _shown(page) == ["x^2", "after"]


def test_a_table_within_a_form_is_not_repeated():
    form = replace(TABLE, box=_box(90, 290, 910, 600))
    assert _shown(replace(page_of([]), tables=(form, TABLE))) == [TableBlock]


def test_text_and_tables_without_a_place_keep_the_order_of_the_response():
    assert _shown(answered("general-table")) == ["文字区域识别文字块1", TableBlock]


def test_a_table_without_a_place_is_kept():
    assert _shown(replace(page_of([]), tables=(replace(TABLE, box=None),))) == [TableBlock]


def test_the_blocks_of_a_rotated_page_are_in_reading_order():
    lines = [line("below", 600, 100, 640, 300), line("above", 900, 100, 940, 300)]
    turned = [replace(entry, box=(b, c, d, a)) for entry in lines for a, b, c, d in [entry.box]]
    table = replace(TABLE, box=_box(700, 100, 800, 900))
    page = replace(page_of(turned), rotation=270, tables=(table,))
    assert _shown(page) == ["above", TableBlock, "below"]


def test_a_line_beside_a_skewed_table_is_not_in_the_table():
    """Its text is that of a cell, and it is within the bounds of the table."""
    skewed = ((100, 400), (900, 300), (920, 500), (120, 600))
    cells = (Cell("10", 0, 0), Cell("20", 0, 1))
    page = replace(
        page_of([line("10", 150, 310, 200, 340), line("20", 500, 430, 550, 460)]),
        tables=(Table(1, 2, cells, box=skewed),),
    )
    assert _shown(page) == ["10", TableBlock]


PHOTO = Block("figure", "", _box(100, 300, 900, 800))


def test_a_figure_is_between_the_text_above_and_below_it_and_its_words_are_its_own():
    lines = [line("above", 100, 100, 300, 140), line("in the picture", 200, 400, 500, 440)]
    page = replace(page_of([*lines, line("below", 100, 900, 300, 940)]), blocks=(PHOTO,))
    above, figure, below = laid_out(page).blocks
    assert (above.text, figure.text, below.text) == ("above", "in the picture", "below")
    assert (figure.kind, figure.box) == ("figure", PHOTO.box)
    assert [printed.text for printed in figure.lines] == ["in the picture"]


def test_printed_rows_that_the_own_text_of_a_figure_lacks_are_kept_with_it():
    lines = [line("Sales 2023", 200, 400, 500, 440), line("Source: survey", 200, 600, 500, 640)]
    page = replace(page_of(lines), blocks=(replace(PHOTO, text="Sales2023: a chart"),))
    (figure,) = laid_out(page).blocks
    assert figure.text == "Sales2023: a chart\nSource: survey"
    assert [printed.text for printed in figure.lines] == ["Sales 2023", "Source: survey"]


@pytest.mark.parametrize("kind", ["figure", "table"])
def test_a_low_wide_area_beside_running_text_is_a_column_without_rows(kind):
    text = "右栏的文字写满了整整一行而且没有完"
    box = _box(100, 200, 560, 240)
    areas = {
        "figure": {"blocks": (replace(PHOTO, box=box),)},
        "table": {"tables": (replace(TABLE, box=box),)},
    }
    shown = _shown(replace(page_of(typed(*[text] * 12, left=600)), **areas[kind]))
    assert shown == [Figure if kind == "figure" else TableBlock, text * 12]


def test_vertical_text_beside_a_figure_is_not_a_label_before_it():
    axis = replace(
        line("Frequency", 0, 0, 0, 0), box=((90, 700), (90, 450), (130, 450), (130, 700))
    )
    year = line("1990", 250, 740, 330, 780)
    chart = Block("figure", "", _box(150, 350, 900, 800))
    (figure,) = (
        block
        for block in laid_out(replace(page_of([axis, year]), blocks=(chart,))).blocks
        if isinstance(block, Figure)
    )
    assert figure.text == "1990"


def test_a_signature_behind_its_label_follows_it_and_divides_no_column():
    left = typed(*["左栏的文字写满了整整一行的宽度。"] * 3, left=100)
    right = typed(*["右栏的文字写满了整整一行的宽度。"] * 8, left=700)
    label = line("Signed by:", 100, 240, 220, 270)
    below = line("Date: 3 May", 100, 330, 240, 360)
    signature = Block("figure", "", _box(250, 225, 560, 290))
    shown = _shown(replace(page_of([*left, label, below, *right]), blocks=(signature,)))
    signed = shown.index(Figure)
    assert shown[signed - 1].endswith("Signed by:")
    assert shown[signed + 1].startswith("Date")
    assert shown[-1].startswith("右栏")


def test_text_under_a_seal_stays_text():
    page = replace(
        page_of([line("company", 200, 400, 500, 440)]),
        blocks=(replace(PHOTO, kind="seal", text="公章"),),
    )
    blocks = laid_out(page).blocks
    assert [block.text for block in blocks if isinstance(block, Paragraph)] == ["company"]
    assert [block.text for block in blocks if isinstance(block, Figure)] == ["公章"]


def test_a_figure_within_another_one_or_a_table_is_not_repeated():
    inner = replace(PHOTO, box=_box(150, 350, 400, 600))
    assert _shown(replace(page_of([]), blocks=(inner, PHOTO))) == [Figure]
    table = replace(TABLE, box=_box(90, 290, 910, 810))
    assert _shown(replace(page_of([]), blocks=(PHOTO,), tables=(table,))) == [TableBlock]


def test_a_seal_or_a_figure_over_a_picture_behind_text_keeps_its_text():
    seal, inner = (
        Block("seal", "公章", _box(150, 350, 300, 450)),
        replace(PHOTO, text="a chart", box=_box(400, 350, 600, 450)),
    )
    for kind in ("backdrop", "formula"):
        around = replace(PHOTO, kind=kind)
        shown = laid_out(replace(page_of([]), blocks=(around, seal, inner))).blocks
        assert {"公章", "a chart"} <= {figure.text for figure in shown}
    over_photo = laid_out(replace(page_of([]), blocks=(PHOTO, seal))).blocks
    assert "公章" in {figure.text for figure in over_photo}


def test_a_code_in_a_table_or_a_figure_keeps_its_text():
    code = Block("code", "https://example.org", _box(800, 320, 860, 380))
    page = replace(page_of([line("above", 100, 100, 300, 140)]), blocks=(code,))
    for around in ({"tables": (TABLE,)}, {"blocks": (Block("figure", "", TABLE.box), code)}):
        shown = laid_out(replace(page, **around))
        assert [part.text for part in shown.blocks if isinstance(part, Figure)][-1] == code.text


def test_a_picture_in_a_cell_is_kept_beside_its_table():
    table = replace(TABLE, box=_box(90, 290, 910, 810))
    photo = replace(PHOTO, box=_box(600, 500, 800, 700))
    assert _shown(replace(page_of([]), blocks=(photo,), tables=(table,))) == [TableBlock, Figure]


def test_text_over_a_picture_stays_text():
    page = replace(
        page_of([line("title", 200, 400, 500, 440)]), blocks=(replace(PHOTO, kind="backdrop"),)
    )
    assert [type(block) for block in laid_out(page).blocks] == [Paragraph, Figure]


def test_a_formula_without_its_notation_is_a_picture():
    page = replace(
        page_of([line("x = y", 200, 400, 500, 440)]), blocks=(replace(PHOTO, kind="formula"),)
    )
    (formula,) = laid_out(page).blocks
    assert isinstance(formula, Figure)
    assert (formula.kind, formula.text) == ("formula", "x = y")


def test_an_area_of_another_kind_is_not_a_figure():
    assert _shown(replace(page_of([]), blocks=(replace(PHOTO, kind="title"),))) == []


CAPTIONED = Block("figure", "", line("", 200, 300, 800, 800).box)


def _kinds(*lines):
    page = replace(page_of(lines), blocks=(CAPTIONED,))
    return [b.kind for b in laid_out(page).blocks if not isinstance(b, Figure)]


@pytest.mark.parametrize(
    "text", ["图1主厂区外景", "图 1 主厂区", "Fig. 3. The plant", "Figure 2 Gate"]
)
def test_a_numbered_line_below_or_above_a_figure_is_its_caption(text):
    assert _kinds(line(text, 300, 820, 700, 850)) == ["caption"]
    assert _kinds(line(text, 300, 250, 700, 280)) == ["caption"]


def test_a_line_without_a_number_or_far_from_the_figure_is_not_a_caption():
    assert _kinds(line("图书馆的主厂区外景", 300, 820, 700, 850)) == ["body"]
    assert _kinds(line("图1是主厂区外景", 300, 1000, 700, 1030)) == ["body"]
    assert _kinds(line("Photography in the old town", 300, 820, 700, 850)) == ["body"]


def test_a_level_caption_on_a_page_of_vertical_columns_is_one():
    columns = [
        replace(line("馆藏的书籍由各部门共同采购和整理", 0, 0, 0, 0), box=_column(x))
        for x in range(860, 1200, 60)
    ]
    caption = line("图1是主厂区外景", 300, 820, 700, 850)
    page = replace(page_of([*columns, caption]), blocks=(CAPTIONED,))
    kinds = {b.text: b.kind for b in laid_out(page).blocks if not isinstance(b, Figure)}
    assert kinds["图1是主厂区外景"] == "caption"


def _column(x):
    """The box of a vertical line: its first side runs down the page."""
    return ((x + 40, 200), (x + 40, 900), (x, 900), (x, 200))


@pytest.mark.parametrize(("bottom", "kind"), [(800, "caption"), (360, "body")])
def test_smaller_type_below_a_figure_is_its_caption_unless_it_is_a_logo(bottom, kind):
    body = [line("馆藏的书籍由各部门共同采购和整理。", 100, y, 780, y + 40) for y in (1200, 1260)]
    label = line("主厂区外景", 300, bottom + 20, 450, bottom + 50)
    figure = Block("figure", "", line("", 200, 300, 800, bottom).box)
    page = replace(page_of([label, *body]), blocks=(figure,))
    kinds = [b.kind for b in laid_out(page).blocks if not isinstance(b, Figure)]
    assert kinds[0] == kind


def test_a_caption_in_the_middle_of_its_figure_is_centred():
    def alignment(left, right):
        page = page_of([line("图1主厂区外景", left, 820, right, 850)])
        (caption,) = [
            block
            for block in laid_out(replace(page, blocks=(CAPTIONED,))).blocks
            if not isinstance(block, Figure)
        ]
        return caption.style.alignment

    assert alignment(350, 650) == "centre"
    assert alignment(200, 400) == "left"


def test_a_caption_follows_its_figure():
    lines = [
        line("text above", 100, 100, 900, 130),
        line("图1主厂区外景", 300, 820, 700, 850),
        line("text below", 100, 1000, 900, 1030),
    ]
    blocks = laid_out(replace(page_of(lines), blocks=(CAPTIONED,))).blocks
    assert [block.text for block in blocks] == ["text above", "", "图1主厂区外景", "text below"]
