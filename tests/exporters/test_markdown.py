import base64
import io
import re
from dataclasses import replace
from html import unescape

import pytest
from markdown_it import MarkdownIt
from PIL import Image

from ocrportal.exporters.markdown import write_markdown
from ocrportal.exporters.options import ExportOptions
from ocrportal.results import Block, Cell, PageResult, Table

from .pages import answered, document, line, page_of, typed


def _written(*results, options=None, **about) -> str:
    out = io.BytesIO()
    write_markdown(document(*results, **about), out, options or ExportOptions())
    return out.getvalue().decode()


def _shown(markdown: str) -> str:
    """The text as GitHub's Markdown shows it."""
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown)


def test_paragraphs_are_separate_and_pages_begin_with_a_comment():
    zh, en = page_of([line("第一页", 0, 0, 60, 20)]), page_of([line("second", 0, 0, 60, 20)])
    assert _written(zh, page_of([]), en) == (
        "<!-- page 1 -->\n\n第一页\n\n<!-- page 2 -->\n\n<!-- page 3 -->\n\nsecond\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        *("# head", "#head", "- item", "+ item", "* item", "1. item", "2) item", "> quote"),
        *("---", "***", "___", "===", "- - -", "```", "~~~ x", "`code`", ": term"),
        *(
            "*a*",
            "__b__",
            "~~c~~",
            "[x](y)",
            "![x](y)",
            "[x]: y",
            "[^1]",
            "<script>alert(1)</script>",
        ),
        *("&lt;", "a | b", "a\\", "\\*", "<!-- x -->", "<https://a.b>", "$x$", "*", "-", "+"),
        *(
            "https://a.example/b_c_d",
            "www.a.example",
            "me@a.example",
            "=cmd|' /C calc'!A0",
            "-5",
            "1.5",
        ),
        *("א ב\u202eג", "他说“好”（甲）", "#"),
    ],
)
def test_markup_in_text_is_escaped(text):
    shown = _shown(_written(page_of([line(text, 0, 0, 90, 20)])))
    paragraphs = re.findall(r"<p>(.*?)</p>", shown)
    assert [unescape(paragraph) for paragraph in paragraphs] == [text]
    assert re.sub(r"<p>.*?</p>|<!-- page 1 -->|\s", "", shown) == ""


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("https://a.example", r"https\://a.example"),
        ("WWW.a.example", r"WWW\.a.example"),
        ("a@b.c", r"a\@b.c"),
    ],
)
def test_urls_do_not_become_links_on_github(text, written):
    assert _written(page_of([line(text, 0, 0, 90, 20)])) == f"<!-- page 1 -->\n\n{written}\n"


def test_control_characters_and_lone_surrogates_are_removed():
    page = page_of([line("a\x00\x1b\ud800b", 0, 0, 90, 20), line("\x00", 0, 100, 90, 120)])
    assert _written(page) == "<!-- page 1 -->\n\nab\n"


def test_simple_tables_are_pipe_tables_with_the_first_row_as_header():
    cells = (Cell("a|b", 0, 0), Cell("1.", 0, 1), Cell("two\n\nlines", 1, 0))
    written = _written(PageResult(100, 100, (), tables=(Table(2, 2, cells),)))
    assert written == "<!-- page 1 -->\n\n| a\\|b | 1\\. |\n| --- | --- |\n| two<br>lines |  |\n"
    shown = _shown(written)
    assert re.findall("<th>(.*?)</th>", shown) == ["a|b", "1."]
    assert re.findall("<td>(.*?)</td>", shown) == ["two<br>lines", ""]


def test_tables_with_merged_cells_are_html():
    shown = _shown(_written(answered("general-table.merged")))
    assert "<h2>销售统计表</h2>\n<table>\n<tr><td" in shown
    assert '<td dir="auto" rowspan="2">产品</td><td dir="auto" colspan="2">销量</td>' in shown
    assert shown.endswith("</table>\n<p>制表人：李四</p>\n")


def test_text_does_not_end_an_html_table():
    cells = (Cell("</table>\n\n# x <script>", 0, 0, column_span=2),)
    shown = _shown(_written(PageResult(100, 100, (), tables=(Table(1, 2, cells),))))
    assert "&lt;/table&gt;<br># x &lt;script&gt;</td></tr>\n</table>" in shown
    assert "<h1>" not in shown


def test_fields_are_a_table_of_labels_and_values_below_their_title():
    written = _written(answered("id-card.double"), service="id-card")
    assert (
        "**Front or main page**\n\n| Field | Value |\n| --- | --- |\n| Name | 张三 |\n" in written
    )
    invoice = _shown(_written(answered("vat-invoice"), service="vat-invoice"))
    assert "<strong>Items</strong>" in invoice
    assert "<td>食品A</td>" in invoice


def test_the_pages_of_a_video_have_their_time():
    assert "\n\\[00:01:05\\]\n" in _written(page_of([]), times=[65])


def test_headings_have_their_level_and_their_text_is_escaped():
    lines = [line("C #", 0, 100, 90, 140), *typed("一" * 40, "一" * 30 + "。", top=300)]
    written = _written(page_of(lines))
    assert "\n# C \\#\n" in written
    assert "<h1>C #</h1>" in _shown(written)


def test_the_options_for_lines_and_headers():
    printed = ExportOptions(lines="printed", headers_footers=False)
    text = typed("\u3000\u3000" + "甲" * 18, "乙" * 20, "丙" * 5, top=300)
    head = line("某某公司年度报告", 400, 20, 560, 40)
    pages = [page_of([head, *text])] * 3
    assert "某某公司年度报告" in _written(*pages)
    written = _written(*pages, options=printed)
    assert "某某公司年度报告" not in written
    assert f"\n{'甲' * 18}\\\n{'乙' * 20}\\\n{'丙' * 5}\n" in written
    assert _shown(written).count("<br />") == 6


def test_a_figure_is_a_reference_at_its_place_with_its_data_at_the_end():
    page = replace(
        page_of([line("above", 100, 100, 300, 140), line("a [sign]", 300, 400, 500, 440)]),
        blocks=(Block("figure", "", line("", 250, 300, 750, 800).box),),
    )
    text, definitions = _written(page, page).split("\n[figure-1]: ")
    assert text.index("above") < text.index(r"![a \[sign\]][figure-1]")
    assert text.index("[figure-1]") < text.index(r"![a \[sign\]][figure-2]")
    first, second = definitions.split("\n\n[figure-2]: ")
    for data in (first, second):
        kind, encoded = data.strip().split(",")
        assert kind == "data:image/png;base64"
        assert Image.open(io.BytesIO(base64.b64decode(encoded))).size == (500, 500)


def test_an_entry_of_the_contents_has_an_ellipsis_before_its_number():
    assert "\n第一章 总则 … 1\n" in _written(page_of(typed("第一章 总则…………1")))
