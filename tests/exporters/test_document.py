"""Several documents as one file, in each format that supports it."""

import io
import json

import docx
import openpyxl
import pypdfium2
import pytest
from lxml import etree

from ocrportal.exporters.formats import FORMATS
from ocrportal.exporters.options import ExportOptions
from ocrportal.exporters.writing import write_document
from ocrportal.layout.document import LaidOutDocument
from tests.exporters.pages import merged, recognised_pages

from .pages import document, line, page_of, typed


@pytest.fixture
def whole() -> LaidOutDocument:
    """Two documents of one page each, whose text would continue in the other on one document."""
    open_end = page_of(typed(*["甲" * 20] * 4, top=300))
    goes_on = page_of(typed("乙" * 20, "乙" * 5, top=100))
    parts = [
        document(open_end, title="合同 *一*"),
        document(title="unread"),
        document(goes_on, title='附件 "二"; b'),
    ]
    return merged("全部", parts)


def _written(whole: LaidOutDocument, key: str, **options: str) -> bytes:
    out = io.BytesIO()
    write_document(whole, FORMATS[key], out, ExportOptions(**options))
    return out.getvalue()


def test_no_paragraph_continues_in_the_next_document(whole):
    alone = document(*(page.result for page in recognised_pages(whole)))
    assert "甲乙" in _written(alone, "txt").decode()
    assert _written(whole, "txt").decode() == (
        f'=== 合同 *一* ===\n{"甲" * 80}\n\n=== 附件 "二"; b ===\n{"乙" * 25}\n'
    )


def test_text_repeated_by_another_document_is_not_a_header():
    page = page_of([line("某某公司年度报告", 400, 20, 560, 40), *typed("甲" * 20, top=300)])
    apart = merged("x", [document(page, title="a"), document(page, title="b")])
    text = _written(apart, "txt", headers_footers=False).decode()
    assert text.count("某某公司年度报告") == 2


def test_markdown_and_html_have_a_heading_per_document(whole):
    markdown = _written(whole, "md").decode()
    assert markdown.startswith("# 合同 \\*一\\*\n\n<!-- page 1 -->")
    page = etree.HTML(_written(whole, "html"))
    assert page.xpath("//h1/text()") == ["合同 *一*", '附件 "二"; b']
    assert page.xpath("//section/@aria-label")[1] == '附件 "二"; b – Page 1'


def test_json_and_hocr_name_the_document_of_each_page(whole):
    pages = json.loads(_written(whole, "json"))["pages"]
    assert [page["document"] for page in pages] == ["合同 *一*", '附件 "二"; b']
    titles = etree.fromstring(_written(whole, "hocr")).xpath("//*[@class='ocr_page']/@title")
    assert 'ppageno 0; x_source "合同 *一*";' in titles[0]
    assert "ppageno 1; x_source \"附件 '二', b\";" in titles[1]


def test_each_document_begins_a_word_section_with_its_title_as_heading(whole):
    word = docx.Document(io.BytesIO(_written(whole, "docx")))
    headings = [p.text for p in word.paragraphs if p.style.name == "Heading 1"]
    assert headings == ["合同 *一*", '附件 "二"; b']
    assert len(word.sections) == 2
    assert word.core_properties.title == "全部"


def test_each_document_has_a_bookmark_in_word_with_fixed_layout(whole):
    word = docx.Document(io.BytesIO(_written(whole, "docx", layout="fixed")))
    names = word.element.xpath("//w:bookmarkStart/@w:name")
    assert names == ["D1_合同__一_", "D2_附件__二___b"]
    assert not [p for p in word.paragraphs if p.style.name == "Heading 1"]


def test_each_sheet_and_each_row_of_text_names_its_document(whole):
    tables = _written(whole, "xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(tables))["Text"].values)
    assert rows[0] == ("Document", "Page", "Text")
    assert [row[0] for row in rows[1:]] == ["合同 *一*", '附件 "二"; b']
    by_page = openpyxl.load_workbook(io.BytesIO(_written(whole, "xlsx", sheets="pages")))
    assert by_page.sheetnames == ["合同  一 Page 1", '附件 "二"; b Page 1']


@pytest.mark.parametrize("key", ["pdf", "pdfa"])
def test_each_document_has_a_bookmark_in_a_pdf_of_page_images(whole, key):
    with pypdfium2.PdfDocument(_written(whole, key)) as pdf:
        found = [(mark.get_title(), mark.get_dest().get_index()) for mark in pdf.get_toc()]
        assert found == [("合同 *一*", 0), ('附件 "二"; b', 1)]
        assert "乙乙" in pdf[1].get_textpage().get_text_range()
