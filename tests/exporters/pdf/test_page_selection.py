"""Selected pages of a PDF are kept, and no content of the removed pages."""

import io

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, String

from ocrportal.exporters.pdf.page_selection import keep_pages
from tests.exporters.pdfs import bookmark_names, saved, scan_pdf


def _kept(pdf: pikepdf.Pdf, *numbers: int) -> pikepdf.Pdf:
    keep_pages(pdf, numbers)
    return pikepdf.open(io.BytesIO(saved(pdf)))


def test_the_images_of_removed_pages_are_removed():
    pdf = scan_pdf(4)
    with pdf.open_outline() as outline:
        outline.root += [OutlineItem("One", 0), OutlineItem("Three", 2)]
    with _kept(pdf, 3) as after:
        assert len(after.pages) == 1
        pictures = [entry for entry in after.objects if isinstance(entry, pikepdf.Stream)]
        assert sum(entry.get("/Subtype") == Name.Image for entry in pictures) == 1


def test_bookmarks_to_removed_pages_are_dropped_unless_they_have_kept_children():
    pdf = scan_pdf(3)
    named = Dictionary(Names=Array(["two", Array([pdf.pages[1].obj, Name.Fit])]))
    pdf.Root.Names = Dictionary(Dests=named)
    with pdf.open_outline() as outline:
        part = OutlineItem("Part", 0)
        part.children.append(OutlineItem("Chapter", 2))
        target = Dictionary(S=Name.GoTo, D=Array([pdf.pages[0].obj, Name.Fit]))
        outline.root += [
            part,
            OutlineItem("Removed", 1),
            OutlineItem("Removed by action", action=target),
            OutlineItem("Removed by name", String("two")),
        ]
    with _kept(pdf, 3) as after:
        assert bookmark_names(after) == ["Part"]
        with after.open_outline() as outline:
            assert [item.title for item in outline.root[0].children] == ["Chapter"]


def test_pages_keep_their_labels():
    pdf = scan_pdf(6)
    labels = [0, Dictionary(S=Name.r), 2, Dictionary(S=Name.D, P=String("A-"), St=5)]
    pdf.Root.PageLabels = Dictionary(Nums=Array(labels))
    before = [page.label for page in pdf.pages]
    assert before == ["i", "ii", "A-5", "A-6", "A-7", "A-8"]
    with _kept(pdf, 2, 4, 5) as after:
        assert [page.label for page in after.pages] == ["ii", "A-6", "A-7"]


def test_form_fields_of_removed_pages_are_dropped_with_their_values():
    pdf = scan_pdf(2)
    fields = []
    for number, page in enumerate(pdf.pages):
        field = Dictionary(
            Subtype=Name.Widget, FT=Name.Tx, T=f"f{number}", V=String(f"value {number}")
        )
        fields.append(pdf.make_indirect(field))
        page.obj.Annots = Array([fields[-1]])
    pdf.Root.AcroForm = Dictionary(Fields=Array(fields))
    pdf.Root.StructTreeRoot = Dictionary(K=Dictionary(ActualText=String("value 0")))
    with _kept(pdf, 2) as after:
        assert [str(field.V) for field in after.Root.AcroForm.Fields] == ["value 1"]
        assert b"value 0" not in saved(after)
