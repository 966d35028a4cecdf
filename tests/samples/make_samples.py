"""Make the derived samples again from their sources: ``make_samples.py FOLDER``.

FOLDER holds the source pictures under the names used below; README.md says where each
comes from. The result is the same, byte for byte, with the pinned Pillow and reportlab.
"""

import io
import sys
import zlib
from pathlib import Path

from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

HERE = Path(__file__).parent

# Name of the picture, its resolution, the resolution it gets in the PDF.
SCANNED_PAGES = [
    ("debmake_zh_p43.png", 200, 150),
    ("debmake_zh_p50_skew.jpg", 200, 150),
    ("debmake_zh_p58_rot90.jpg", 200, 150),
    ("tess_phototest.tif", 100, 100),
    ("tess_eurotext.tif", 120, 120),
]


def scans_pdf(sources: Path) -> None:
    """Five pages, each one grey JPEG that fills the page, as a scanner writes them."""
    canvas = Canvas(str(HERE / "scans.pdf"), invariant=True)
    for name, dpi, kept_dpi in SCANNED_PAGES:
        picture = Image.open(sources / name).convert("L")
        if dpi != kept_dpi:
            size = [round(side * kept_dpi / dpi) for side in picture.size]
            picture = picture.resize(size, Image.Resampling.LANCZOS)
        jpeg = io.BytesIO()
        picture.save(jpeg, "JPEG", quality=60, optimize=True)
        width, height = (side * 72 / kept_dpi for side in picture.size)
        canvas.setPageSize((width, height))
        canvas.drawImage(ImageReader(jpeg), 0, 0, width, height)
        canvas.showPage()
    canvas.save()


def frames_tif(sources: Path) -> None:
    """Three pictures of three kinds: fax black-and-white, grey, colour."""
    first = Image.open(sources / "tess_phototest.tif").convert("1")
    second = Image.open(sources / "cnocr_multi-line_cn1.png").convert("L")
    third = Image.open(sources / "ro_ch_en_num.jpg").reduce(2)
    second.encoderinfo = {"compression": "tiff_lzw"}
    third.encoderinfo = {"compression": "jpeg", "quality": 75}
    first.save(
        HERE / "frames.tif",
        save_all=True,
        append_images=[second, third],
        compression="group4",
        dpi=(200, 200),
    )


def screenshots(sources: Path) -> None:
    shown = Image.open(sources / "cnocr_multi-line_cn1.png").convert("RGB")
    shown.convert("L").save(HERE / "screenshot_zh.bmp")
    shown.save(HERE / "screenshot_zh.webp", quality=85)


def two_heic() -> None:
    """Two pictures, the second the main one. Needs `pip install pillow-heif`, to write it."""
    import pillow_heif

    pictures = Image.new("RGB", (120, 80), "white"), Image.new("RGB", (90, 140), (200, 30, 30))
    for picture, word, ink in zip(pictures, ("ONE", "TWO"), ("black", "white"), strict=True):
        ImageDraw.Draw(picture).text((10, 10), word, fill=ink)
    file = pillow_heif.from_pillow(pictures[0])
    file.add_from_pillow(pictures[1])
    file.save(HERE / "two.heic", quality=60, primary_index=1)


def damaged(sources: Path) -> None:
    whole = (sources / "sroie_000.jpg").read_bytes()
    (HERE / "truncated.jpg").write_bytes(whole[: len(whole) // 4])
    whole = (HERE / "born_digital_zh.pdf").read_bytes()
    (HERE / "truncated.pdf").write_bytes(whole[: len(whole) // 2])
    (HERE / "empty.jpg").write_bytes(b"")
    (HERE / "html.jpg").write_text("<!DOCTYPE html><html><title>Not a picture</title></html>\n")
    (HERE / "text.pdf").write_text("这只是纯文本。This is only text.\n", encoding="utf-8")


def no_pages_pdf() -> None:
    """A sound PDF whose page tree is empty."""
    parts = [
        b"%PDF-1.4\n",
        b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n",
        b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n",
    ]
    first = len(parts[0])
    second = first + len(parts[1])
    start = second + len(parts[2])
    parts.append(
        b"xref\n0 3\n0000000000 65535 f \n%010d 00000 n \n%010d 00000 n \n"
        b"trailer\n<< /Size 3 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (first, second, start)
    )
    (HERE / "no_pages.pdf").write_bytes(b"".join(parts))


def pixel_bomb() -> None:
    """400 million black pixels in 50 kB, a valid PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return len(data).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)

    side = 20_000
    header = side.to_bytes(4) * 2 + bytes([1, 0, 0, 0, 0])
    rows = zlib.compress(bytes((side // 8 + 1) * side), 9)
    (HERE / "pixel_bomb.png").write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    scans_pdf(folder)
    frames_tif(folder)
    screenshots(folder)
    two_heic()
    damaged(folder)
    no_pages_pdf()
    pixel_bomb()
