import io
import struct

import numpy as np
import pytest
from PIL import Image, ImageChops, PngImagePlugin

from ocrportal.errors.ingest import DamagedFile, PictureTooLarge
from ocrportal.ingest.base import Preprocessing
from tests.ingest.sources import SAMPLES, decoded, opened, read_only_page, saved


@pytest.mark.parametrize("name", ["receipt_en.jpg", "page_zh.png", "png.jpg"])
def test_an_upright_jpeg_or_png_is_kept_byte_for_byte(name: str) -> None:
    assert read_only_page(name).data == (SAMPLES / name).read_bytes()


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_png_of_every_opaque_mode_is_kept(mode: str) -> None:
    data = saved(Image.new(mode, (40, 30), 1), "PNG")
    page = read_only_page(data)
    assert (page.data, page.extension) == (data, "png")


def test_an_opaque_alpha_channel_does_not_cause_reencoding() -> None:
    data = saved(Image.new("RGBA", (40, 30), (10, 20, 30, 255)), "PNG")
    assert read_only_page(data).data == data


def test_a_picture_has_its_size_and_resolution() -> None:
    page = read_only_page(saved(Image.new("L", (600, 400)), "JPEG", dpi=(300, 300)))
    assert (page.width, page.height, page.dpi) == (600, 400, 300)


def test_a_resolution_that_implies_paper_larger_than_a0_is_ignored() -> None:
    assert read_only_page(saved(Image.new("L", (4000, 3000)), "JPEG", dpi=(72, 72))).dpi is None


def test_a_missing_resolution_is_unknown() -> None:
    assert read_only_page(saved(Image.new("L", (40, 30)), "PNG")).dpi is None


def test_a_thumbnail_is_a_small_jpeg_of_the_same_shape() -> None:
    thumbnail = Image.open(io.BytesIO(read_only_page("page_zh.png").thumbnail))
    assert (thumbnail.format, thumbnail.size) == ("JPEG", (226, 320))


def test_a_small_picture_is_not_enlarged_for_its_thumbnail() -> None:
    page = read_only_page(saved(Image.new("L", (40, 30)), "PNG"))
    assert Image.open(io.BytesIO(page.thumbnail)).size == (40, 30)


def test_a_very_long_screenshot_has_a_thumbnail_too() -> None:
    page = read_only_page(saved(Image.new("L", (20, 20_000), 255), "PNG"))
    assert Image.open(io.BytesIO(page.thumbnail)).size == (1, 320)


def test_the_thumbnail_of_a_large_jpeg_shows_all_of_it() -> None:
    image = Image.new("L", (2400, 3200), 255)
    image.paste(0, (0, 1600, 2400, 3200))
    thumbnail = Image.open(io.BytesIO(read_only_page(saved(image, "JPEG")).thumbnail))
    assert thumbnail.size == (240, 320)
    assert thumbnail.getpixel((120, 40)) > 250
    assert thumbnail.getpixel((120, 280)) < 5


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "black_corner"),
    [(2, (1, 0)), (3, (1, 1)), (4, (0, 1)), (5, (0, 0)), (6, (1, 0)), (7, (1, 1)), (8, (0, 1))],
)
def test_a_picture_is_rotated_by_its_orientation_tag(
    kind: str, orientation: int, black_corner: tuple[int, int]
) -> None:
    image = Image.new("L", (60, 40), 255)
    image.paste(0, (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright = decoded(read_only_page(saved(image, kind, exif=exif)))
    assert upright.size == ((60, 40) if orientation < 5 else (40, 60))
    corners = {
        (across, down): upright.convert("L").getpixel(
            (across * (upright.width - 1), down * (upright.height - 1))
        )
        for across in (0, 1)
        for down in (0, 1)
    }
    assert [corner for corner, value in corners.items() if value < 128] == [black_corner]


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\0\0not exif at all",
        b"Exif\0\0II",
        b"Exif\0\0II*\0\x08",
        # The directory declares 65535 missing entries, for which Pillow warns.
        b"Exif\0\0II*\0\x08\0\0\0\xff\xff",
    ],
)
def test_garbage_in_the_metadata_is_ignored(kind: str, exif: bytes) -> None:
    data = saved(Image.new("L", (40, 30), 200), kind, exif=exif)
    assert read_only_page(data).data == data


def test_only_the_first_frame_of_an_animation_can_be_chosen() -> None:
    frames = [Image.new("L", (40, 30), 100), Image.new("L", (40, 30), 200)]
    for kind in ("PNG", "GIF", "WEBP", "AVIF"):
        data = saved(frames[0], kind, save_all=True, append_images=frames[1:])
        with opened(data, preprocessing=Preprocessing(all_frames=False)) as pages:
            assert pages.page_count == 1
            image = decoded(pages.read_page(1))
        assert image.format == "JPEG"
        assert abs(image.convert("L").getpixel((20, 15)) - 100) < 4


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG2000", {}),
        ("JPEG2000", {"no_jp2": True}),
        ("AVIF", {"quality": 95}),
        ("PCX", {}),
        ("ICO", {"sizes": [(16, 16), (96, 64)]}),
        ("GIF", {}),
        ("WEBP", {"lossless": True}),
        ("BMP", {}),
        ("JPEG", {"progressive": True}),
    ],
)
def test_a_picture_of_every_kind_keeps_its_appearance(kind: str, options: dict) -> None:
    image = Image.linear_gradient("L").resize((96, 64)).convert("RGB")
    page = read_only_page(saved(image, kind, **options))
    shown = decoded(page).convert("RGB")
    assert shown.size == (96, 64)
    assert ImageChops.difference(shown, image).convert("L").getextrema()[1] < 8


def test_the_largest_picture_of_an_icon_is_read() -> None:
    image = Image.new("RGB", (200, 200), "red")
    page = read_only_page(saved(image, "ICO", sizes=[(16, 16), (128, 128), (32, 32)]))
    assert (page.width, page.height) == (128, 128)


def test_the_merged_picture_of_a_photoshop_file_is_read() -> None:
    planes = b"".join(bytes([value]) * 12 for value in (250, 20, 10))
    head = b"8BPS\0\1" + bytes(6) + struct.pack(">HLLHH", 3, 3, 4, 8, 3)
    page = read_only_page(head + bytes(12) + b"\0\0" + planes)
    red, green, blue = decoded(page).getpixel((1, 1))
    assert (page.width, page.height) == (4, 3)
    assert (red > 240, green < 30, blue < 30) == (True, True, True)


def test_sixteen_bits_of_grey_become_eight() -> None:
    depths = np.full((30, 40), 60_000, np.uint16)
    depths[:, :20] = 30_000
    image = Image.fromarray(depths)
    shown = decoded(read_only_page(saved(image, "TIFF")))
    assert shown.mode == "L"
    assert [shown.getpixel((x, 15)) for x in (5, 35)] == [127, 255]


def test_an_icon_larger_than_its_directory_states_is_rejected_before_it_is_decoded() -> None:
    bomb = (SAMPLES / "pixel_bomb.png").read_bytes()
    head = struct.pack("<3H4B2H2L", 0, 1, 1, 16, 16, 0, 0, 1, 32, len(bomb), 22)
    with pytest.raises(PictureTooLarge) as caught, opened(head + bomb):
        pass
    assert caught.value.params == {"megapixels": 400, "limit": 30}


def test_a_truncated_jpeg_is_damaged() -> None:
    whole = (SAMPLES / "receipt_en.jpg").read_bytes()
    with pytest.raises(DamagedFile), opened(whole[:-2000]) as pages:
        pages.read_page(1)


@pytest.mark.parametrize("kept", [slice(-1), slice(-2)], ids=["half an end", "no end"])
def test_a_jpeg_without_its_end_marker_is_read_with_a_note(kept: slice) -> None:
    whole = (SAMPLES / "receipt_en.jpg").read_bytes()
    page = read_only_page(whole[kept])
    assert page.notes == ("end-damaged",)
    assert ImageChops.difference(decoded(page), decoded(read_only_page(whole))).getbbox() is None
    assert read_only_page(whole).notes == ()


def test_a_progressive_jpeg_without_its_end_is_damaged() -> None:
    whole = saved(Image.open(SAMPLES / "receipt_en.jpg"), "JPEG", progressive=True)
    with pytest.raises(DamagedFile), opened(whole[:-2]) as pages:
        pages.read_page(1)


_PICTURE = Image.effect_noise((60, 40), 90)
_DAMAGED_CHUNK = b"\x7f\xff\xff\xffzTXtrest"
"""It claims to be longer than the file."""


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "LA", "RGBA", "I;16"])
def test_a_png_with_a_damaged_chunk_after_its_pixels_is_read_with_a_note(mode: str) -> None:
    whole = saved(_PICTURE.convert("I" if mode == "I;16" else mode).convert(mode), "PNG")
    page = read_only_page(whole[: whole.rindex(b"IEND") - 4] + _DAMAGED_CHUNK)
    assert page.notes == ("end-damaged",)
    assert ImageChops.difference(decoded(page), decoded(read_only_page(whole))).getbbox() is None


def test_a_png_without_its_last_pixels_is_damaged() -> None:
    whole = saved(_PICTURE, "PNG")
    with pytest.raises(DamagedFile), opened(whole[:-300]) as pages:
        pages.read_page(1)


def test_an_avif_with_garbage_at_its_end_is_damaged() -> None:
    picture = saved(Image.new("RGB", (40, 30), "red"), "AVIF")
    with pytest.raises(DamagedFile):
        read_only_page(picture[:-10] + b"\xff" * 10)


def test_a_text_chunk_that_inflates_without_limit_is_damage() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "x" * 10_000_000, zip=True)
    with pytest.raises(DamagedFile), opened(saved(Image.new("L", (4, 3)), "PNG", pnginfo=notes)):
        pass
