"""Active content of a submitted PDF is not part of the exported one."""

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, Stream, String

from ocrportal.exporters.pdf.active_content import remove_active_content
from tests.exporters.pdfs import link, saved, scan_pdf, script

LAUNCH = Dictionary(S=Name.Launch, F=String("calc.exe"))


def _disarmed(pdf: Pdf) -> bytes:
    remove_active_content(pdf)
    return saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.disable)


def test_actions_on_opening_printing_and_turning_pages_are_removed():
    pdf = scan_pdf()
    pdf.Root.OpenAction = pdf.make_indirect(script("app.alert(1)"))
    pdf.Root.AA = Dictionary(WP=script("app.alert(2)"))
    pdf.pages[0].obj.AA = Dictionary(O=script("app.alert(3)"))
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["a", script("app.alert(4)")])))
    assert b"app.alert" in saved(pdf)
    data = _disarmed(pdf)
    assert b"app.alert" not in data
    assert b"JavaScript" not in data


@pytest.mark.parametrize(
    "action",
    [
        LAUNCH,
        script("app.alert(1)"),
        Dictionary(S=Name.SubmitForm, F=String("https://example.org/")),
        Dictionary(S=Name.ImportData, F=String("x.fdf")),
        Dictionary(S=Name.GoToR, F=String("other.pdf")),
        Dictionary(S=Name.URI, URI=String("javascript:alert(1)")),
        Dictionary(S=Name.URI, URI=String("file:///etc/passwd")),
    ],
    ids=lambda action: str(action.S)[1:],
)
def test_actions_that_launch_or_submit_are_removed(action):
    pdf = scan_pdf()
    page = pdf.pages[0].obj
    page.Annots = Array([pdf.make_indirect(link(page, action))])
    with pdf.open_outline() as outline:
        outline.root.append(OutlineItem("Chapter", action=action))
    remove_active_content(pdf)
    assert "/A" not in page.Annots[0]
    assert "/A" not in pdf.Root.Outlines.First


def test_links_to_pages_and_to_the_web_are_kept_without_further_actions():
    pdf = scan_pdf()
    page = pdf.pages[0].obj
    web = Dictionary(S=Name.URI, URI=String("HTTPS://example.org/"), Next=LAUNCH)
    inside = Dictionary(S=Name.GoTo, D=Array([page, Name.Fit]), Next=Array([LAUNCH]))
    page.Annots = Array([link(page, web), link(page, inside)])
    remove_active_content(pdf)
    assert [str(note.A.S) for note in page.Annots] == ["/URI", "/GoTo"]
    assert all("/Next" not in note.A for note in page.Annots)


def test_streams_in_place_of_dictionaries_are_cleaned():
    pdf = scan_pdf()
    page = pdf.pages[0].obj
    action = Stream(pdf, b"", script("app.alert(1)"))
    note = Stream(pdf, b"", Dictionary(Subtype=Name.Link, A=script("app.alert(2)")))
    page.Annots = Array([link(page, pdf.make_indirect(action)), pdf.make_indirect(note)])
    assert _disarmed(pdf).count(b"app.alert") == 0


def test_a_base_uri_cannot_turn_links_into_scripts():
    pdf = scan_pdf()
    pdf.Root.URI = Dictionary(Base=String("javascript:"))
    remove_active_content(pdf)
    assert "/URI" not in pdf.Root


def test_media_annotations_scripted_forms_and_invalid_signatures_are_removed():
    pdf = scan_pdf()
    page = pdf.pages[0].obj
    page.Annots = Array([Dictionary(Subtype=Name.RichMedia), Dictionary(Subtype=Name.Text)])
    signature = pdf.make_indirect(Dictionary(FT=Name.Sig, V=Dictionary(Type=Name.Sig), T="s"))
    pdf.Root.AcroForm = Dictionary(Fields=Array([signature]), XFA=Array([]), SigFlags=3)
    remove_active_content(pdf)
    assert [str(note.Subtype) for note in page.Annots] == ["/Text"]
    assert set(pdf.Root.AcroForm.keys()) == {"/Fields"}
    assert "/V" not in pdf.Root.AcroForm.Fields[0]


def test_the_result_is_valid_and_looks_the_same():
    pdf = scan_pdf()
    contents = pdf.pages[0].obj.Contents.read_raw_bytes()
    with pikepdf.open(io.BytesIO(_disarmed(pdf))) as after:
        assert after.pages[0].obj.Contents.read_raw_bytes() == contents
        assert after.check_pdf_syntax() == []
