from pathlib import Path

import pypdfium2 as pdfium
import pytest

from ocrportal.errors.ingest import ArchiveTooLarge, DamagedFile, IngestError, NoPages
from ocrportal.ingest.convert.ofd import convert_ofd
from ocrportal.ingest.sandbox.isolation import call_isolated
from tests.ingest.ofds import BOX, element, ofd, page, part, path, text
from tests.ingest.sources import SAMPLES

MAX_BYTES = 100 * 2**20
MM = 72 / 25.4
HELLO = page(text("您好", 10, 20))


def pdf_of(source: Path) -> pdfium.PdfDocument:
    target = source.with_suffix(".pdf")
    convert_ofd(source, target, max_unpacked_bytes=MAX_BYTES)
    return pdfium.PdfDocument(target.read_bytes())


def text_of(pdf: pdfium.PdfDocument, number: int = 0) -> str:
    return pdf[number].get_textpage().get_text_bounded().replace("\r\n", "\n")


def test_the_size_of_a_page_overrides_that_of_its_document(tmp_path: Path) -> None:
    area = element("Area", element("PhysicalBox", "0 0 100 50"))
    pdf = pdf_of(ofd(tmp_path / "a.ofd", HELLO, page(text("大家好", 10, 20), area)))
    assert [(round(w / MM), round(h / MM)) for w, h in (page.get_size() for page in pdf)] == [
        (210, 140),
        (100, 50),
    ]
    assert [text_of(pdf, number) for number in range(2)] == ["您好", "大家好"]


def test_the_default_size_is_a4(tmp_path: Path) -> None:
    pdf = pdf_of(ofd(tmp_path / "a.ofd", HELLO, common=""))
    assert [round(side / MM) for side in pdf[0].get_size()] == [210, 297]


def test_templates_are_drawn_below_and_above_a_page(tmp_path: Path) -> None:
    common = BOX + "".join(
        element("TemplatePage", ID=number, BaseLoc=f"Tpls/{number}.xml") for number in (70, 71)
    )
    uses = element("Template", TemplateID=71, ZOrder="Foreground")
    uses += element("Template", TemplateID=70)
    parts = {
        "Doc_0/Tpls/70.xml": page(text("电子发票", 10, 10)),
        "Doc_0/Tpls/71.xml": page(text("监制章", 10, 30)),
    }
    pdf = pdf_of(
        ofd(tmp_path / "a.ofd", page(text("内容", 10, 20), uses), common=common, parts=parts)
    )
    assert text_of(pdf).split() == ["电子发票", "内容", "监制章"]


def test_stamp_annotations_are_drawn(tmp_path: Path) -> None:
    shown = element("Appearance", text("专用章", 0, 5), Boundary="100 50 40 40")
    hidden = element("Appearance", text("不可见", 0, 5), Boundary="10 50 40 40")
    pdf = pdf_of(
        ofd(
            tmp_path / "a.ofd",
            HELLO,
            after=element("Annotations", "Annots/Annotations.xml"),
            parts={
                "Doc_0/Annots/Annotations.xml": part(
                    "Annotations", element("Page", element("FileLoc", "Page_0/A.xml"), PageID=0)
                ),
                "Doc_0/Annots/Page_0/A.xml": part(
                    "PageAnnot",
                    element("Annot", shown, Type="Stamp")
                    + element("Annot", hidden, Type="Stamp", Visible="false"),
                ),
            },
        )
    )
    assert "".join(text_of(pdf).split()) == "您好专用章"
    shown_text = pdf[0].get_textpage()
    left, bottom, _, _ = shown_text.get_charbox(shown_text.get_text_range().index("专"))
    assert left / MM == pytest.approx(100, abs=1)
    assert 140 - bottom / MM == pytest.approx(55, abs=1.5)


def test_paths_are_absolute_or_relative_to_the_referring_part(tmp_path: Path) -> None:
    package = part("OFD", element("DocBody", element("DocRoot", "/Doc_0/./Document.xml")))
    assert text_of(pdf_of(ofd(tmp_path / "a.ofd", HELLO, parts={"OFD.xml": package}))) == "您好"


@pytest.mark.parametrize("place", ["../../../../etc/passwd", "/etc/passwd", "..\\..\\etc\\passwd"])
def test_a_path_outside_of_the_package_is_damage(place: str, tmp_path: Path) -> None:
    package = part("OFD", element("DocBody", element("DocRoot", place)))
    with pytest.raises(DamagedFile):
        pdf_of(ofd(tmp_path / "a.ofd", HELLO, parts={"OFD.xml": package}))


@pytest.mark.parametrize(
    ("parts", "error"),
    [
        ({"OFD.xml": b""}, DamagedFile),
        ({"OFD.xml": b"<"}, DamagedFile),
        ({"OFD.xml": b"\x89PNG"}, DamagedFile),
        ({"OFD.xml": part("OFD", "")}, NoPages),
        ({"Doc_0/Document.xml": part("Document", "")}, NoPages),
        ({"Doc_0/Pages/Page_0/Content.xml": b""}, DamagedFile),
        ({"Doc_0/PublicRes.xml": b"<a><b></a>"}, DamagedFile),
        ({"OFD.xml": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'},
         DamagedFile),
        ({"bomb": bytes(60 * 2**20)}, ArchiveTooLarge),
    ],
)  # fmt: skip
def test_a_bad_part_is_reported(
    parts: dict[str, bytes], error: type[IngestError], tmp_path: Path
) -> None:
    with pytest.raises(error):
        pdf_of(ofd(tmp_path / "a.ofd", HELLO, parts=parts))


def test_a_missing_page_is_damage(tmp_path: Path) -> None:
    pages = element("Pages", element("Page", ID=1, BaseLoc="Pages/none.xml"))
    with pytest.raises(DamagedFile):
        pdf_of(ofd(tmp_path / "a.ofd", parts={"Doc_0/Document.xml": part("Document", pages)}))


@pytest.mark.parametrize(
    "box",
    ["0 0 1e7 10", "0 0 0 10", "0 0 -5 10", "0 0 nan 10", "0 0 inf 1", "0 0 1", "a b c d", ""],
)
def test_a_page_of_absurd_size_is_damage(box: str, tmp_path: Path) -> None:
    area = element("Area", element("PhysicalBox", box))
    with pytest.raises(DamagedFile):
        pdf_of(ofd(tmp_path / "a.ofd", page("", area)))


@pytest.mark.parametrize(
    "objects",
    [
        text("您好", "x", 1),
        text("您好", 1, 1, Size="1 2"),
        text("您好", 1, 1, DeltaX="g 3"),
        text("您好", 1, 1, CTM="1 0 0"),
        path("M 0 0 L"),
        path("X 1 2"),
        path("M 1e300 0"),
        "<ofd:PageBlock>" * 40 + "</ofd:PageBlock>" * 40,
    ],
)
def test_an_invalid_object_is_damage(objects: str, tmp_path: Path) -> None:
    with pytest.raises(DamagedFile):
        pdf_of(ofd(tmp_path / "a.ofd", page(objects)))


def test_a_file_other_than_a_package_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile):
        convert_ofd(SAMPLES / "text.pdf", tmp_path / "a.pdf", max_unpacked_bytes=MAX_BYTES)


def test_it_can_be_converted_in_an_isolated_process(tmp_path: Path) -> None:
    from functools import partial

    source = ofd(tmp_path / "a.ofd", HELLO)
    convert = partial(convert_ofd, max_unpacked_bytes=MAX_BYTES)
    call_isolated(convert, source, tmp_path / "b.pdf", memory_mb=300, seconds=30)
    assert text_of(pdfium.PdfDocument(tmp_path / "b.pdf")) == "您好"
