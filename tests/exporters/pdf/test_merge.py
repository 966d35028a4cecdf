"""PDF files and images as one PDF."""

import io

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf

from ocrportal.exporters.formats import FORMATS
from ocrportal.exporters.options import ExportOptions
from ocrportal.exporters.pdf import merge
from ocrportal.exporters.writing import write_document
from tests.exporters.pages import document, line, merged, page_of
from tests.exporters.pdfs import WORDS, read_as, saved, scan_pdf


def _book() -> Pdf:
    """Two scans, with a bookmark and links to the second by page and by name."""
    pdf = scan_pdf(2)
    last = pdf.pages[1].obj
    pdf.Root.Dests = Dictionary(end=Array([last, Name.Fit]))
    links = [
        Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), **to)
        for to in (
            {"Dest": Array([last, Name.XYZ, 0, 100, None])},
            {"A": Dictionary(S=Name.GoTo, D=Name.end)},
            {"A": Dictionary(S=Name.URI, URI="https://example.org/")},
        )
    ]
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link) for link in links])
    with pdf.open_outline() as outline:
        outline.root.append(OutlineItem("End", 1))
    return pdf


def _merged(*parts, key: str = "pdf") -> bytes:
    out = io.BytesIO()
    write_document(merged("全部", parts), FORMATS[key], out, ExportOptions())
    return out.getvalue()


@pytest.fixture
def parts():
    book = saved(_book())
    picture = page_of([line("a photo", 100, 100, 300, 130)])
    return [
        document(picture, title="photo"),
        read_as(book, 1, 2, title="book"),
        document(title="unread"),
    ]


def test_originals_and_images_are_one_file_with_a_bookmark_per_document(parts):
    data = _merged(*parts)
    with pypdfium2.PdfDocument(data) as pdf:
        marks = [(m.level, m.get_title(), m.get_dest().get_index()) for m in pdf.get_toc()]
        assert marks == [(0, "photo", 0), (0, "book", 1), (1, "End", 2)]
        texts = [page.get_textpage().get_text_range() for page in pdf]
        assert texts == ["a photo", WORDS, WORDS]
        assert pdf.get_metadata_value("Title") == "全部"


def test_the_pages_of_originals_are_unchanged(parts):
    original = parts[1].documents[0].open_pdf().read()
    begin = original.index(b"\xff\xd8\xff")
    assert original[begin : begin + 2000] in _merged(*parts)


def test_links_lead_to_the_same_pages(parts):
    with pikepdf.open(io.BytesIO(_merged(*parts))) as pdf:
        by_place, by_name, to_the_web = pdf.pages[1].obj.Annots
        last = pdf.pages[2].obj.objgen
        assert by_place.Dest[0].objgen == by_name.Dest[0].objgen == last
        assert (by_place.Dest[1], by_name.Dest[1]) == (Name.XYZ, Name.Fit)
        assert to_the_web.A.URI == "https://example.org/"


def test_the_merged_file_declares_pdf_a(parts):
    with pikepdf.open(io.BytesIO(_merged(*parts, key="pdfa"))) as pdf:
        assert len(pdf.pages) == 3
        assert pdf.open_metadata()["pdfaid:part"] == "2"
        assert len(pdf.Root.OutputIntents) == 1


def test_many_files_are_merged_in_steps(parts, monkeypatch):
    monkeypatch.setattr(merge, "_MAX_OPEN", 2)
    book = parts[1]
    data = _merged(book, book, book, parts[0])
    with pypdfium2.PdfDocument(data) as pdf:
        marks = [(m.level, m.get_title(), m.get_dest().get_index()) for m in pdf.get_toc()]
    assert marks == [
        *((0, "book", 0), (1, "End", 1), (0, "book", 2), (1, "End", 3)),
        *((0, "book", 4), (1, "End", 5), (0, "photo", 6)),
    ]


@pytest.mark.parametrize(("name", "inner"), [("/Outlines", "/First"), ("/Names", "/Dests")])
def test_malformed_bookmarks_do_not_prevent_a_merge(name, inner):
    book = _book()
    book.Root[name] = Dictionary({inner: 5})
    damaged, sound = saved(book), saved(_book())
    data = _merged(read_as(damaged, 1, 2, title="book"), read_as(sound, 1, 2, title="sound"))
    with pypdfium2.PdfDocument(data) as pdf:
        assert len(pdf) == 4
