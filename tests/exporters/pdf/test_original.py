"""The text layer in an original PDF, and what is kept of the original."""

import io
import subprocess
from dataclasses import replace

import pikepdf
import pypdfium2
import pytest
from pdfminer.high_level import extract_text
from pikepdf import Array, Dictionary, Name, OutlineItem

from ocrportal.exporters.pdf.original import OriginalUnusable, write_into_original
from ocrportal.exporters.pdf.searchable import write_searchable_pdf
from ocrportal.results import PageResult
from tests.exporters.pages import SAMPLES, document_of, recognised_pages, verified
from tests.exporters.pdfs import WORDS, bookmark_names, link, read_as, saved, scan_pdf, with_text


def _written(document, *, archival: bool = False) -> bytes:
    out = io.BytesIO()
    write_into_original(document, out, archival=archival)
    return out.getvalue()


def _text(data: bytes, page: int = 0) -> str:
    with pypdfium2.PdfDocument(data) as pdf:
        return pdf[page].get_textpage().get_text_range()


def _score(document, data: bytes):
    return verified(document, "pdf", io.BytesIO(data))


def test_the_streams_of_the_original_are_unchanged():
    source = saved(scan_pdf(5))
    data = _written(read_as(source, 1, 2, 3, 4, 5, size=_shape(source)))
    with pikepdf.open(io.BytesIO(source)) as before, pikepdf.open(io.BytesIO(data)) as after:
        old = [entry.read_raw_bytes() for entry in before.objects if _is_stream(entry)]
        new = [entry.read_raw_bytes() for entry in after.objects if _is_stream(entry)]
    assert all(stream in new for stream in old)
    assert len(new) == len(old) + 5 + 3  # a layer each, and the font's three


def _shape(source: bytes) -> tuple[int, int]:
    with pypdfium2.PdfDocument(source) as pdf:
        width, height = pdf[0].get_size()
    return round(2 * width), round(2 * height)


def _is_stream(entry) -> bool:
    return isinstance(entry, pikepdf.Stream) and entry.get("/Type") != Name.XRef


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize(
    "box", [(0, 0, 420, 595), (-100, 50, 320, 645), (1000, 1000, 1042, 1059.5)]
)
def test_the_text_is_on_its_ink_for_every_rotation_and_crop_box(box, rotate):
    size = (840, 1190)
    if rotate in (90, 270):
        left, bottom, right, top = box
        box = (left, bottom, left + top - bottom, bottom + right - left)
    document = read_as(saved(scan_pdf(box=box, rotate=rotate)), size=size)
    data = _written(document)
    score = _score(document, data)
    assert (score.text, score.on_ink, score.problems) == (1.0, 1.0, ())


def test_a_crop_box_and_a_user_unit_do_not_move_text():
    pdf = scan_pdf(box=(50, 60, 470, 655))
    page = pdf.pages[0].obj
    page.MediaBox, page.CropBox, page.UserUnit = Array([0, 0, 900, 900]), page.MediaBox, 2.5
    document = read_as(saved(pdf))
    assert _score(document, _written(document)).on_ink == 1.0


def test_an_unbalanced_graphics_state_does_not_move_text():
    document = read_as(saved(scan_pdf(before=b"Q Q 1 0 0 1 0 0 cm q q")))
    data = _written(document)
    assert _score(document, data).on_ink == 1.0
    messy = read_as(saved(_left_scaled(scan_pdf())))
    assert _score(messy, _written(messy)).on_ink == 1.0


def _left_scaled(pdf: pikepdf.Pdf) -> pikepdf.Pdf:
    """Content after that of the page would be drawn small and displaced."""
    page = pdf.pages[0].obj
    page.Contents = Array([page.Contents, pdf.make_stream(b"q .1 0 0 .1 9 9 cm")])
    return pdf


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_page_is_rotated_without_a_change_of_its_contents(rotation):
    upright = rotation == 180
    box = (0, 0, 420, 595) if upright else (0, 0, 595, 420)
    pdf = scan_pdf(box=box, rotate=rotation)
    pdf.pages[0].obj.Rotate = 0
    document = read_as(saved(pdf), rotation=rotation)
    data = _written(document)
    with pikepdf.open(io.BytesIO(data)) as written:
        assert written.pages[0].obj.Rotate == rotation
    assert _score(document, data).on_ink == 1.0


def test_a_page_with_its_own_text_gets_no_text_layer():
    source = (SAMPLES / "born_digital_zh.pdf").read_bytes()
    data = _written(read_as(source, engine="pdf", size=_shape(source)))
    assert WORDS not in _text(data)
    with pikepdf.open(io.BytesIO(source)) as before, pikepdf.open(io.BytesIO(data)) as after:
        assert before.pages[0].Contents.read_raw_bytes() == after.pages[0].Contents.read_raw_bytes()


def test_bookmarks_links_labels_attachments_and_metadata_are_kept():
    pdf = scan_pdf(2)
    with pdf.open_outline() as outline:
        outline.root.append(OutlineItem("Second", 1))
    pdf.pages[0].obj.Annots = Array(
        [link(pdf.pages[0].obj, Dictionary(S=Name.URI, URI="https://example.org/"))]
    )
    pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.r)]))
    pdf.attachments["table.csv"] = b"1,2"
    pdf.docinfo["/Title"] = "Own title"
    pdf.docinfo["/Author"] = "Someone"
    with pikepdf.open(io.BytesIO(_written(read_as(saved(pdf), 1, 2)))) as after:
        assert bookmark_names(after) == ["Second"]
        assert str(after.pages[0].Annots[0].A.URI) == "https://example.org/"
        assert after.pages[1].label == "ii"
        assert after.attachments["table.csv"].get_file().read_bytes() == b"1,2"
        assert str(after.docinfo["/Title"]) == "Own title"
        assert str(after.docinfo["/Author"]) == "Someone"
        assert str(after.Root.Lang) == "en-US"


def test_a_missing_title_is_set():
    data = _written(read_as(saved(scan_pdf()), title="合同 7"))
    with pikepdf.open(io.BytesIO(data)) as after:
        assert str(after.docinfo["/Title"]) == "合同 7"


def test_only_recognised_pages_are_kept():
    data = _written(read_as(saved(scan_pdf(3)), 2))
    with pypdfium2.PdfDocument(data) as pdf:
        assert len(pdf) == 1
    assert _text(data) == WORDS


def test_an_original_without_a_user_password_is_written_without_encryption():
    locked = saved(scan_pdf(), encryption=pikepdf.Encryption(owner="o", user=""))
    assert _text(_written(read_as(locked))) == WORDS


@pytest.mark.parametrize(
    "source",
    [
        b"no PDF",
        (SAMPLES / "truncated.pdf").read_bytes(),
        (SAMPLES / "page_tree_loop.pdf").read_bytes(),
        (SAMPLES / "password_abc.pdf").read_bytes(),
    ],
    ids=["no PDF", "truncated", "loop", "locked"],
)
def test_an_unreadable_original_is_written_as_page_images(source):
    document = read_as(source)
    with pytest.raises(OriginalUnusable):
        _written(document)
    out = io.BytesIO()
    write_searchable_pdf(document, out)
    assert _text(out.getvalue()) == WORDS


def test_an_image_of_another_shape_than_the_page_is_rejected():
    with pytest.raises(OriginalUnusable):
        _written(read_as(saved(scan_pdf()), size=(840, 900)))
    with pytest.raises(OriginalUnusable):
        _written(read_as(saved(scan_pdf()), 1, 1))  # the two halves of a page
    with pytest.raises(OriginalUnusable):
        _written(read_as(saved(scan_pdf()), 2))


def test_an_earlier_text_layer_is_replaced():
    pdf = scan_pdf()
    with_text(pdf, b"q BT 3 Tr /F1 20 Tf 100 340 Td (OLDER) Tj ET Q BT /F1 9 Tf (SEEN) Tj ET")
    text = _text(_written(read_as(saved(pdf))))
    assert "OLDER" not in text
    assert "SEEN" in text
    assert WORDS in text


# Helvetica of this size is as wide as the printed words, from 25 to 75 % of 420 units.
_OVER_THE_INK = b"BT /F1 18.2 Tf 1 0 0 1 105 332 Tm (%b) Tj ET"


@pytest.mark.parametrize("rotate", [0, 90])
def test_visible_text_is_not_added_again(rotate):
    size = (840, 1190)
    box = (0, 0, 420, 595)
    shown = _OVER_THE_INK % WORDS.encode()
    if rotate:
        box = (0, 0, 595, 420)
        shown = b"q 0 1 -1 0 595 0 cm " + shown + b" Q"
    pdf = scan_pdf(box=box, rotate=rotate)
    with_text(pdf, shown)
    data = _written(read_as(saved(pdf), size=size))
    for text in _three_readers(data):
        assert text.count("SEARCHABLE") == text.count("WORDS") == 1


def test_words_that_are_not_visible_text_are_added_beside_it():
    pdf = scan_pdf()
    with_text(pdf, _OVER_THE_INK % b"SEARCHABLE")
    data = _written(read_as(saved(pdf)))
    for text in _three_readers(data):
        assert text.count("SEARCHABLE") == text.count("WORDS") == 1


@pytest.mark.parametrize("shown", [b"QXRYBWRVTX EPBFQ", b"SEARCHABLEWORDS"])
def test_words_are_added_over_other_text_at_their_place(shown):
    pdf = scan_pdf()
    with_text(pdf, _OVER_THE_INK % shown)
    assert WORDS in _text(_written(read_as(saved(pdf))))


def test_words_are_added_if_the_page_shows_them_only_elsewhere():
    pdf = scan_pdf()
    with_text(pdf, b"BT /F1 18 Tf 1 0 0 1 105 200 Tm (%b) Tj ET" % WORDS.encode())
    assert _text(_written(read_as(saved(pdf)))).count(WORDS) == 2


def _three_readers(data: bytes) -> list[str]:
    """The text of a file in PDFium, pdfminer and Poppler."""
    poppler = subprocess.run(
        ["pdftotext", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    return [_text(data), extract_text(io.BytesIO(data)), poppler]


@pytest.mark.parametrize(("engine", "kept"), [("local", "OLDER"), ("blank", "")])
def test_an_earlier_text_layer_is_kept_on_pages_without_result_but_not_on_blank_pages(engine, kept):
    pdf = scan_pdf()
    with_text(pdf, b"BT 3 Tr /F1 20 Tf 100 340 Td (OLDER) Tj ET")
    document = read_as(saved(pdf))
    (page,) = recognised_pages(document)
    silent = replace(page, result=PageResult(840, 1190, (), engine=engine))
    data = _written(document_of(silent, open_pdf=document.documents[0].open_pdf))
    assert _text(data).strip() == kept


def test_a_declaration_of_pdf_a_is_removed():
    pdf = scan_pdf()
    with pdf.open_metadata() as metadata:
        metadata["pdfaid:part"] = "1"
        metadata["dc:title"] = "Kept"
    data = io.BytesIO(_written(read_as(saved(pdf))))
    with pikepdf.open(data) as after, after.open_metadata() as metadata:
        assert "pdfaid:part" not in metadata
        assert metadata["dc:title"] == "Kept"
