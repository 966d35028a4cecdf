import base64
import io
import re
from dataclasses import replace
from html.parser import HTMLParser

from lxml import html
from PIL import Image

from ocrportal.exporters.html import write_html
from ocrportal.exporters.options import ExportOptions
from ocrportal.results import Block, Cell, PageResult, Table, Type, TypeRun

from .pages import answered, document, line, page_of, typed

HOSTILE = "<script>alert(1)</script><img src=x onerror=y> =cmd|calc \x00\x1b\ud800 &lt; \u202eאבג"
SHOWN = "<script>alert(1)</script><img src=x onerror=y> =cmd|calc  &lt; \u202eאבג"


def _written(*results, options=None, **about) -> str:
    out = io.BytesIO()
    write_html(document(*results, **about), out, options or ExportOptions())
    return out.getvalue().decode()


class _Balance(HTMLParser):
    """Fails unless the elements are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag, attrs) -> None:
        self.seen.add(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag


def test_each_page_is_a_section_with_its_paragraphs_and_language():
    zh, en = page_of([line("中文", 0, 0, 40, 20)]), page_of([line("text", 0, 0, 40, 20)])
    root = html.document_fromstring(_written(zh, page_of([]), en, title="扫描 <1>"))
    assert root.get("lang") == "zh-CN"
    assert root.findtext("head/title") == "扫描 <1>"
    assert [
        (part.get("lang"), part.get("aria-label"), [p.text for p in part.iter("p")])
        for part in root.iter("section")
    ] == [
        ("zh-CN", "Page 1", ["中文"]),
        ("en-US", "Page 2", []),
        ("en-US", "Page 3", ["text"]),
    ]


def test_merged_cells_are_merged_in_html():
    root = html.document_fromstring(_written(answered("general-table.merged")))
    (section,) = root.iter("section")
    assert [child.tag for child in section] == ["h2", "table", "p"]
    assert [
        [(cell.text, cell.get("rowspan"), cell.get("colspan")) for cell in row]
        for row in section.iter("tr")
    ] == [
        [("产品", "2", None), ("销量", None, "2")],
        [("上半年", None, None), ("下半年", None, None)],
        [("显示器", None, None), ("120", None, None), ("135", None, None)],
        [("合计：255", None, "3")],
    ]


def test_fields_are_tables_with_header_cells():
    page = _written(answered("id-card.double"), service="id-card")
    root = html.document_fromstring(page)
    assert [title.text for title in root.iter("h3")] == [
        "Front or main page",
        "Back or second page",
    ]
    first = next(root.iter("tr"))
    assert [(cell.tag, cell.text) for cell in first] == [("th", "Name"), ("td", "张三")]
    items = html.document_fromstring(_written(answered("vat-invoice"), service="vat-invoice"))
    assert len(items.findall(".//th[@scope='col']")) == 8


def test_markup_in_text_is_escaped_and_scripts_are_forbidden():
    table = Table(1, 1, (Cell(HOSTILE, 0, 0),))
    page = PageResult(100, 100, (line(HOSTILE, 0, 0, 90, 20),), tables=(table,))
    written = _written(page, title=HOSTILE)
    root = html.document_fromstring(written)
    assert root.findtext(".//p") == root.findtext(".//td") == SHOWN
    assert root.findtext("head/title") == SHOWN
    parser = _Balance()
    parser.feed(written)
    assert parser.open == []
    assert not parser.seen & {"script", "img"}
    assert "script-src" not in written
    assert "default-src 'none'" in written


def test_the_pages_of_a_video_have_their_time():
    assert "<h2>00:01:05</h2>" in _written(page_of([]), times=[65])


def test_the_options_for_lines_and_headers():
    printed = ExportOptions(lines="printed", headers_footers=False)
    text = typed("\u3000\u3000" + "甲" * 18, "乙" * 20, "丙" * 5, top=300)
    pages = [page_of([line("某某公司年度报告", 400, 20, 560, 40), *text])] * 3
    assert "某某公司年度报告" in _written(*pages)
    written = _written(*pages, options=printed)
    assert "某某公司年度报告" not in written
    assert f"{'甲' * 18}<br>{'乙' * 20}<br>{'丙' * 5}</p>" in written


def test_a_figure_is_a_picture_within_the_file_at_its_place():
    page = replace(
        page_of([line("above", 100, 100, 300, 140), line("sign <b>", 300, 400, 500, 440)]),
        blocks=(Block("figure", "", line("", 250, 300, 750, 800).box),),
    )
    written = _written(page)
    assert written.index("above") < written.index("<figure>")
    found = re.findall(r'<img src="data:image/png;base64,([^"]+)" alt="sign &lt;b&gt;"', written)
    assert Image.open(io.BytesIO(base64.b64decode(found[0]))).size == (500, 500)
    assert 'style="width: 50%"' in written
    assert "img-src data:" in written


def test_a_figure_of_a_rotated_page_is_as_wide_as_in_print():
    """Wherever an engine starts the corners of a box: upright it is 200 wide and 600 high."""
    box = line("", 100, 300, 700, 500).box
    for corners in (box, box[1:] + box[:1]):
        page = replace(page_of([]), rotation=90, blocks=(Block("figure", "", corners),))
        share = 200 / page.height
        assert f'style="width: {share:.0%}"' in _written(page)


def test_entries_of_the_contents_and_footnotes_have_elements_of_their_own():
    full = "正文的一行总是写到右边为止这样才能看出段落在哪里结束下一行呢"
    rows = [*typed("第一章 总则…………1"), *typed(full, full, "短。", top=900)]
    html = _written(page_of([*rows, *typed("① 见年度报告。", top=1200, em=16)]))
    assert '<p class="contents" dir="auto"><span>第一章 总则</span> <span>1</span></p>' in html
    assert '<p class="footnote" dir="auto">① 见年度报告。</p>' in html


def test_an_entry_of_the_contents_is_written_as_printed_if_lines_are_kept():
    page = page_of(typed("第一章 总则…………1"))
    assert "<span>1</span>" in _written(page)
    assert "总则…………1</p>" in _written(page, options=ExportOptions(lines="printed"))


def test_bold_italic_and_underlined_text_is_marked():
    runs = (TypeRun(0, 0.5, Type(20, bold=True, italic=True)), TypeRun(0.5, 1, Type(20)))
    text = "<bold> and plain"
    written = _written(page_of([replace(line(text, 100, 100, 300, 130), runs=runs)]))
    assert '<p dir="auto"><i><b>&lt;bold&gt; a</b></i>nd plain</p>' in written
