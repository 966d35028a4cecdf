import io
from dataclasses import replace

from django.utils.translation import override

from ocrportal.catalogue.spec import services
from ocrportal.exporters.options import ExportOptions
from ocrportal.exporters.text import write_text
from ocrportal.layout.plain_text import page_text
from ocrportal.results import Block
from tests.exporters.pages import joined_text, laid_out

from .pages import answered, document, line, page_of, typed

VAT_INVOICE = services()["vat-invoice"]


def _written(*results) -> bytes:
    out = io.BytesIO()
    write_text(document(*results), out)
    return out.getvalue()


def test_text_has_a_line_per_paragraph_and_an_empty_line_between_pages():
    first = page_of([line("第一页𠮷", 100, 100, 300, 140), line("second", 100, 400, 300, 440)])
    last = page_of([line("第二页", 100, 100, 300, 140)])
    assert _written(first, last) == "第一页𠮷\nsecond\n\n第二页\n".encode()


def test_a_formula_of_which_there_is_a_picture_is_marked_as_such():
    place = line("", 100, 300, 500, 400).box
    page = page_of([line("x = y", 120, 310, 200, 340), line("2", 130, 350, 190, 380)])
    read = replace(page, blocks=(Block("formula", "", place),))
    assert _written(read) == b"[Formula: x = y 2]\n"
    unread = replace(read, lines=())
    assert _written(unread).decode() == "[Formula: 〓]\n"
    with override("zh-hans"):
        assert _written(read).decode() == "〔公式：x = y 2〕\n"


def test_pages_without_text_are_left_out():
    empty, full = page_of([]), page_of([line("text", 0, 0, 50, 20)])
    assert _written(empty, full, empty) == b"text\n"
    assert _written(empty) == b""


def test_fields_are_lines_with_labels_and_items_are_rows_with_tabs():
    text = page_text(laid_out(answered("vat-invoice"), "vat-invoice"))
    number, name = VAT_INVOICE.label_of("number"), VAT_INVOICE.label_of("item_list", "name")
    assert f"\n{number}: 60543XXX\n" in text
    assert f"\n{name}\t" in text
    assert text.endswith("\n食品A\t200g/盒\t盒\t300\t28.00\t8400.00\t17%\t1428.00")


def test_labels_are_in_the_active_language():
    with override("zh-hans"):
        assert "发票号码" in page_text(laid_out(answered("vat-invoice"), "vat-invoice"))


def test_tables_are_rows_with_tabs_at_their_place():
    assert joined_text(answered("general-table.merged")) == (
        "销售统计表\n产品\t销量\t\n\t上半年\t下半年\n显示器\t120\t135\n合计：255\t\t\n制表人：李四"
    )


def test_a_page_of_an_unknown_service_is_written():
    assert "Card number: XXXX" in joined_text(answered("bankcard"))


def test_the_pages_of_a_video_have_their_time():
    text, out = page_of([line("text", 0, 0, 50, 20)]), io.BytesIO()
    write_text(document(text, page_of([]), text, times=[0, 60.5, 3683.9]), out)
    assert out.getvalue() == b"[00:00:00]\ntext\n\n[01:01:23]\ntext\n"


def _with(options: ExportOptions) -> str:
    out = io.BytesIO()
    rows = typed("正文的一行总是写到右边为止这样才能", "看出段落。")
    write_text(document(page_of(rows)), out, options)
    return out.getvalue().decode()


def test_lines_can_be_printed_lines_or_one_per_page():
    assert _with(ExportOptions(lines="printed")).count("\n") == 2
    assert _with(ExportOptions(lines="page")) == "正文的一行总是写到右边为止这样才能看出段落。\n"


def test_a_lone_surrogate_is_removed():
    assert _written(page_of([line("a\ud83db", 100, 100, 300, 140)])) == b"ab\n"


def test_an_entry_of_the_contents_has_a_tab_instead_of_leaders():
    assert _written(page_of(typed("第一章 总则…………1"))) == "第一章 总则\t1\n".encode()
