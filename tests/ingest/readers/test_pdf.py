import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ocrportal.errors.ingest import DamagedFile, DynamicForm, NoPages, PasswordNeeded, PasswordWrong
from ocrportal.ingest.base import Limits
from ocrportal.ingest.pages import open_pages
from ocrportal.ingest.readers.pdf import notes_of_pdf
from ocrportal.ingest.sniff.file_type import sniff
from tests.ingest.pdfs import assembled, drawn, scanned, with_image_stream
from tests.ingest.sources import LIMITS, SAMPLES, decoded, opened, read_only_page, saved

CHEQUERED = Image.effect_noise((160, 120), 200).point(lambda value: 255 * (value > 128))


def words(canvas: Canvas) -> None:
    canvas.drawString(100, 700, "Invoice")


def test_a_page_without_a_scan_is_rendered_at_200_dpi() -> None:
    page = read_only_page(drawn(words, size=(612, 792)))
    assert (page.width, page.height, round(page.dpi)) == (1700, 2200, 200)
    assert (page.extension, decoded(page).mode) == ("jpg", "L")


def test_the_size_of_the_paper_follows_from_pixels_and_resolution() -> None:
    page = read_only_page("born_digital_zh.pdf")
    assert page.width / page.dpi * 72 == pytest.approx(462.6, abs=0.2)
    assert page.height / page.dpi * 72 == pytest.approx(626, abs=0.2)


def test_colour_is_preserved() -> None:
    def stamp(canvas: Canvas) -> None:
        canvas.setFillColorRGB(1, 0, 0)
        canvas.rect(100, 100, 20, 20, fill=1, stroke=0)

    image = decoded(read_only_page(drawn(stamp)))
    assert image.mode == "RGB"
    red, green, blue = image.getpixel((305, 2034))
    assert (red > 245, green < 10, blue < 10) == (True, True, True)


@pytest.mark.parametrize("size", [(595.2, 841.92), (595, 842), (595.32, 841.8)])
def test_a_scan_is_rendered_pixel_for_pixel(size: tuple[float, float]) -> None:
    scan = Image.effect_noise((1240, 1754), 60).point(lambda value: 255 * (value > 128))
    page = read_only_page(scanned(scan, size))
    assert ImageChops.difference(decoded(page).convert("L"), scan).getbbox() is None
    assert page.dpi == pytest.approx(150, abs=0.06)


def test_scans_keep_their_resolution() -> None:
    with opened("scans.pdf") as pages:
        found = [
            (page.width, page.height, round(page.dpi))
            for page in (pages.read_page(number) for number in range(1, 6))
        ]
    # The last two are below the minimum resolution.
    assert found == [
        (1240, 1754, 150), (1240, 1754, 150), (1754, 1240, 150), (960, 720, 150), (1280, 1000, 150),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pixels", "dpi"), [(40, 150), (400, 400), (2000, 2000), (10_000, 5000)]
)  # fmt: skip
def test_the_resolution_of_a_scan_is_limited(pixels: int, dpi: int) -> None:
    page = read_only_page(scanned(Image.new("L", (pixels, pixels), 200), (72, 72)))
    assert round(page.dpi) == dpi


def test_a_scan_with_non_square_pixels_is_not_distorted() -> None:
    page = read_only_page(scanned(Image.radial_gradient("L").resize((600, 300)), (216, 216)))
    assert (page.width, page.height) == (600, 600)


def test_a_scan_with_a_text_layer_is_a_scan() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(Image.radial_gradient("L").resize((510, 510))), 0, 0, 216, 216)
        text = canvas.beginText(10, 10)
        text.setTextRenderMode(3)
        text.textOut("recognised before")
        canvas.drawText(text)

    assert read_only_page(drawn(draw, (216, 216))).width == 510


def test_text_on_a_coarse_picture_is_rendered_at_the_default_resolution() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(Image.radial_gradient("L")), 0, 0, 216, 216)
        canvas.drawString(10, 10, "caption")

    assert round(read_only_page(drawn(draw, (216, 216))).dpi) == 200


def test_a_scan_in_strips_or_in_a_form_is_a_scan() -> None:
    def draw(canvas: Canvas) -> None:
        strip = ImageReader(Image.radial_gradient("L").resize((900, 300)))
        canvas.beginForm("page")
        for bottom in (0, 72, 144):
            canvas.drawImage(strip, 0, bottom / 2, 108, 36)
        canvas.endForm()
        canvas.scale(2, 2)
        canvas.doForm("page")

    assert read_only_page(drawn(draw, (216, 216))).width == 900


def test_a_sharp_stamp_does_not_raise_the_resolution_of_a_scan() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(Image.radial_gradient("L").resize((510, 510))), 0, 0, 216, 216)
        canvas.drawImage(ImageReader(Image.radial_gradient("L")), 20, 20, 20, 20)

    assert read_only_page(drawn(draw, (216, 216))).width == 510


def test_a_picture_on_part_of_the_page_is_not_a_scan() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(Image.radial_gradient("L").resize((900, 300))), 0, 0, 216, 72)

    assert round(read_only_page(drawn(draw, (216, 216))).dpi) == 200


def test_a_page_of_absurd_size_is_rendered_small() -> None:
    page = read_only_page("giant_page.pdf")
    assert (page.width, page.height) == (5000, 5000)


def test_a_page_does_not_exceed_the_pixel_limit() -> None:
    limits = Limits(max_bytes=10**7, max_pixels=10_000, max_pages=1)
    with opened("born_digital_zh.pdf", limits=limits) as pages:
        page = pages.read_page(1)
    assert (page.width, page.height) == (85, 116)


def test_rotated_pages_have_the_displayed_shape() -> None:
    with opened("rotated.pdf") as pages:
        page = pages.read_page(1)
    assert (page.width, page.height) == (2200, 1700)


@pytest.mark.parametrize("clockwise", [0, 90, 180, 270])
def test_a_scan_on_a_rotated_page_is_rendered_pixel_for_pixel(clockwise: int) -> None:
    scan = CHEQUERED.resize((1600, 1200), Image.Resampling.NEAREST)
    file = with_image_stream(
        scan.tobytes(),
        "/ColorSpace /DeviceGray /BitsPerComponent 8",
        pixels=scan.size,
        # The ratio differs slightly from the scan: page sizes are often rounded.
        size=(600, 451),
        rotate=clockwise,
    )
    shown = decoded(read_only_page(file)).convert("L")
    expected = scan.rotate(-clockwise, expand=True)
    assert shown.size == expected.size
    assert ImageChops.difference(shown, expected).getbbox() is None


def test_form_fields_are_rendered_with_their_values() -> None:
    def form(canvas: Canvas) -> None:
        canvas.acroForm.textfield(name="n", value="MMMM", x=100, y=700, width=200, height=30)

    field = decoded(read_only_page(drawn(form))).crop((300, 320, 450, 390)).convert("L")
    assert sum(field.histogram()[:100]) > 500


@pytest.mark.parametrize(
    ("kind", "options", "entries"),
    [
        ("JPEG2000", {}, "/Filter /JPXDecode"),
        ("JPEG", {}, "/Filter /DCTDecode /ColorSpace /DeviceGray /BitsPerComponent 8"),
    ],
)
def test_encoded_pictures_are_decoded(kind: str, options: dict, entries: str) -> None:
    image = Image.radial_gradient("L")
    file = with_image_stream(saved(image, kind, **options), entries, image.size, (96, 96))
    shown = decoded(read_only_page(file)).convert("L")
    assert ImageChops.difference(shown, image).getextrema()[1] < 12


def test_a_fax_in_a_pdf_stays_black_and_white() -> None:
    fax = saved(CHEQUERED.convert("1"), "TIFF", compression="group4")
    tags = Image.open(io.BytesIO(fax)).tag_v2
    data = fax[tags[273][0] : tags[273][0] + tags[279][0]]
    entries = (
        "/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 160 /Rows 120 /BlackIs1 true >>"
        " /ColorSpace /DeviceGray /BitsPerComponent 1"
    )
    page = read_only_page(with_image_stream(data, entries, CHEQUERED.size, (60, 45)))
    assert page.extension == "png"
    assert ImageChops.difference(decoded(page).convert("L"), CHEQUERED).getbbox() is None


def test_a_password_is_requested() -> None:
    with pytest.raises(PasswordNeeded), opened("password_abc.pdf"):
        pass


def test_an_empty_password_is_a_missing_password() -> None:
    with pytest.raises(PasswordNeeded), opened("password_abc.pdf", password=""):
        pass


def test_a_wrong_password_is_reported() -> None:
    with pytest.raises(PasswordWrong), opened("password_abc.pdf", password="nonsense"):
        pass


@pytest.mark.parametrize(
    ("name", "password"), [("password_abc.pdf", "abc"), ("password_unicode.pdf", "æøå")]
)
def test_the_right_password_opens_the_file(name: str, password: str) -> None:
    with opened(name, password=password) as pages:
        assert pages.read_page(1).width > 100


@pytest.mark.parametrize("password", ["reader", "owner"])
def test_user_and_owner_password_open_the_file(password: str) -> None:
    buffer = io.BytesIO()
    lock = StandardEncryption("reader", ownerPassword="owner", strength=128)
    canvas = Canvas(buffer, encrypt=lock)
    words(canvas)
    canvas.showPage()
    canvas.save()
    with opened(buffer.getvalue(), password=password) as pages:
        result = pages.read_page(1).own_text
    assert result is not None
    assert [line.text for line in result.lines] == ["Invoice"]


@pytest.mark.parametrize(
    ("boxes", "size"),
    [
        (b"/MediaBox [-100 -50 44 22]", (400, 200)),
        (b"/MediaBox [144 72 0 0]", (400, 200)),
        (b"/MediaBox [0 0 400 400] /CropBox [36 36 180 108]", (400, 200)),
        (b"/MediaBox [0 0 2384 3370]", (3537, 5000)),
    ],
)
def test_page_boxes_of_every_kind_give_the_displayed_page(
    boxes: bytes, size: tuple[int, int]
) -> None:
    page = read_only_page(
        assembled(
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R %s >>" % boxes,
        )
    )
    assert (page.width, page.height) == size


def test_open_actions_are_not_run() -> None:
    source = assembled(
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (while\\(1\\){}) >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 72]"
        b" /AA << /O << /S /Launch /F (/bin/false) >> >> >>",
    )
    assert read_only_page(source).width == 200


def test_an_unneeded_password_is_ignored() -> None:
    with opened("scans.pdf", password="abc") as pages:
        assert pages.page_count == 5


def test_a_pdf_without_pages_is_reported_also_after_another_failure() -> None:
    with pytest.raises(PasswordNeeded), opened("password_abc.pdf"):
        pass
    with pytest.raises(NoPages), opened("no_pages.pdf"):
        pass


def test_a_pdf_cut_in_half_is_damaged() -> None:
    with pytest.raises(DamagedFile), opened("truncated.pdf"):
        pass


def test_a_page_tree_that_contains_itself_ends() -> None:
    with opened("page_tree_loop.pdf") as pages:
        assert decoded(pages.read_page(1)).size == (1652, 2338)
        with pytest.raises(DamagedFile):
            pages.read_page(2)


def test_a_missing_page_does_not_affect_other_pages() -> None:
    source = assembled(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [9 0 R 3 0 R] /Count 2 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] >>",
    )
    with opened(source) as pages:
        with pytest.raises(DamagedFile):
            pages.read_page(1)
        assert pages.read_page(2).width == 200


def test_the_file_is_not_read_as_a_whole() -> None:
    class Counting(io.BytesIO):
        taken = 0

        def readinto(self, buffer: object) -> int:
            taken = super().readinto(buffer)
            self.taken += taken
            return taken

    content = (SAMPLES / "scans.pdf").read_bytes()
    file = Counting(content)
    with open_pages(file, sniff(file), LIMITS) as pages:
        pages.read_page(5)
    assert file.taken < len(content) / 3


def form(*entries: bytes) -> bytes:
    """A PDF with these entries in its catalog; object 5 is a signature."""
    return assembled(
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % b" ".join(entries),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
        b"<< /FT /Sig /T (Signature) /V 5 0 R >>",
        b"<< /Type /Sig /Filter /Adobe.PPKLite /ByteRange [0 9 9 9] /Contents <00> >>",
        b"<< /Length 2 >>\nstream\n<>\nendstream",
    )


def test_a_dynamic_form_is_refused() -> None:
    fields = b"/AcroForm << /Fields [] /XFA 6 0 R >>"
    with pytest.raises(DynamicForm), opened(form(fields, b"/NeedsRendering true")):
        pass
    with opened(form(fields)) as pages:
        assert pages.page_count == 1


def test_a_signature_is_noted(tmp_path: Path) -> None:
    signed, other = tmp_path / "signed.pdf", tmp_path / "other.pdf"
    signed.write_bytes(form(b"/AcroForm << /Fields [4 0 R] /SigFlags 3 >>"))
    other.write_bytes(form())
    assert (notes_of_pdf(signed), notes_of_pdf(other)) == (["signed"], [])
