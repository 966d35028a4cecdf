"""PDF/A-2u, checked by a list of rules, since no validator can be distributed."""

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import ImageCms

from ocrportal.exporters.pdf.original import OriginalUnusable, write_into_original
from ocrportal.exporters.pdf.searchable import write_archival_pdf
from tests.exporters.pages import document, line, page_of, recorded
from tests.exporters.pdfs import link, read_as, saved, scan_pdf, script, with_text


def _archival(doc) -> Pdf:
    out = io.BytesIO()
    write_archival_pdf(doc, out)
    return pikepdf.open(out)


def _is_made_of_pictures(pdf: Pdf) -> bool:
    return "/Picture" in pdf.pages[0].obj.Resources.XObject


def _assert_rules_kept(pdf: Pdf, title: str) -> None:
    assert pdf.check_pdf_syntax() == []
    assert not pdf.is_encrypted
    assert len(pdf.trailer.ID) == 2
    with pdf.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "U")
        assert metadata["dc:title"] == title == str(pdf.docinfo["/Title"])
    assert "/Filter" not in pdf.Root.Metadata
    (intent,) = pdf.Root.OutputIntents
    assert intent.S == Name.GTS_PDFA1
    profile = ImageCms.getOpenProfile(io.BytesIO(intent.DestOutputProfile.read_bytes()))
    assert profile.profile.xcolor_space.strip() == "RGB"
    assert not {"/OpenAction", "/AA", "/AcroForm", "/OCProperties"} & set(pdf.Root.keys())
    for page in pdf.pages:
        for font in page.obj.Resources.Font.as_dict().values():
            assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor
            assert "/ToUnicode" in font
        for picture in page.obj.Resources.XObject.as_dict().values():
            assert str(picture.ColorSpace) in ("/DeviceGray", "/DeviceRGB")


def test_a_file_of_page_images_conforms():
    with _archival(document(recorded("page_zh"), title="报告 <1>")) as pdf:
        assert _is_made_of_pictures(pdf)
        _assert_rules_kept(pdf, "报告 <1>")


def test_no_code_is_mapped_to_a_noncharacter():
    with _archival(document(page_of([line("a︵！", 100, 100, 160, 120)]))) as pdf:
        font = next(iter(pdf.pages[0].obj.Resources.Font.as_dict().values()))
        rows = font.ToUnicode.read_bytes().decode()
    assert "<0001> <00FF>" in rows
    assert "<FE00> <FEFE>" in rows
    assert "<FF00> <FFFD>" in rows


def test_an_original_of_scans_is_kept_and_conforms():
    pdf = scan_pdf(2)
    pdf.docinfo["/Title"] = "Own"
    pdf.docinfo["/Company"] = "not in the metadata of PDF/A"
    pdf.Root.OpenAction = script("app.alert(1)")
    pdf.attachments["macro.exe"] = b"MZ"
    web = Dictionary(S=Name.URI, URI="https://example.org/")
    pdf.pages[0].obj.Annots = Array([link(pdf.pages[0].obj, web)])
    with _archival(read_as(saved(pdf), 1, 2)) as after:
        assert not _is_made_of_pictures(after)
        _assert_rules_kept(after, "Own")
        assert list(after.attachments) == []
        assert after.pages[0].Annots[0].F == 4


def _locked() -> bytes:
    return saved(scan_pdf(), encryption=pikepdf.Encryption(owner="o", user=""))


def test_an_original_with_permission_restrictions_is_written_without_encryption():
    with _archival(read_as(_locked())) as after:
        _assert_rules_kept(after, "scan")


def _with_font(pdf: Pdf) -> None:
    with_text(pdf, b"BT /F1 9 Tf 50 50 Td (Bates 1) Tj ET")


def _in_cmyk(pdf: Pdf) -> None:
    pdf.pages[0].obj.Resources.XObject.Im.ColorSpace = Name.DeviceCMYK


def _as_jpeg_2000(pdf: Pdf) -> None:
    pdf.pages[0].obj.Resources.XObject.Im.Filter = Name.JPXDecode


def _with_form(pdf: Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array([]))


def _with_note(pdf: Pdf) -> None:
    pdf.pages[0].obj.Annots = Array([Dictionary(Subtype=Name.Text, Rect=Array([0, 0, 9, 9]))])


def _with_layers(pdf: Pdf) -> None:
    pdf.Root.OCProperties = Dictionary()


def _blended(pdf: Pdf) -> None:
    state = Dictionary(BM=Name.Multiply)
    pdf.pages[0].obj.Resources.ExtGState = Dictionary(G=state)


@pytest.mark.parametrize(
    "spoil",
    [_with_font, _in_cmyk, _as_jpeg_2000, _with_form, _with_note, _with_layers, _blended],
)
def test_an_original_that_may_not_conform_is_written_as_page_images(spoil):
    pdf = scan_pdf()
    spoil(pdf)
    doc = read_as(saved(pdf))
    with pytest.raises(OriginalUnusable):
        write_into_original(doc, io.BytesIO(), archival=True)
    with _archival(doc) as after:
        assert _is_made_of_pictures(after)
        _assert_rules_kept(after, "scan")


def test_an_original_with_a_self_referencing_mask_is_written_as_page_images():
    pdf = scan_pdf()
    picture = next(iter(pdf.pages[0].obj.Resources.XObject.as_dict().values()))
    picture.SMask = picture
    with _archival(read_as(saved(pdf))) as written:
        assert _is_made_of_pictures(written)
