import io

import pytest
from PIL import Image

from ocrportal.errors.ingest import DamagedFile, PictureTooLarge, TooManyPages
from ocrportal.ingest.base import Limits
from ocrportal.ingest.readers import tiff
from tests.ingest.sources import SAMPLES, decoded, opened, saved


def test_every_frame_is_a_page_with_its_own_mode() -> None:
    with opened("frames.tif") as pages:
        kinds = [
            (page.extension, decoded(page).mode, page.width, page.height, page.dpi)
            for page in (pages.read_page(number) for number in (1, 2, 3))
        ]
        assert pages.page_count == 3
    assert kinds == [
        ("png", "1", 640, 480, 200),
        ("jpg", "L", 300, 187, 200),
        ("jpg", "RGB", 162, 215, 200),
    ]


def test_a_fax_frame_is_exact() -> None:
    with opened("page_en.tif") as pages:
        shown = decoded(pages.read_page(1))
    original = Image.open(SAMPLES / "page_en.tif")
    assert shown.convert("L").tobytes() == original.convert("L").tobytes()


def test_a_frame_is_rotated_by_its_orientation_tag() -> None:
    image = Image.new("L", (60, 40), 255)
    image.paste(0, (0, 0, 20, 20))
    with opened(saved(image, "TIFF", tiffinfo={274: 6})) as pages:
        upright = decoded(pages.read_page(1))
    assert upright.size == (40, 60)
    assert upright.convert("L").getpixel((35, 5)) < 50


def test_a_cyclic_chain_of_frames_ends() -> None:
    with opened("frame_loop.tif") as pages:
        assert pages.page_count == 2
        assert pages.read_page(2).width == 10


def test_an_endless_chain_of_frames_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiff, "_MAX_FRAMES", 2)
    with pytest.raises(TooManyPages) as caught, opened("frames.tif"):
        pass
    assert caught.value.params == {"pages": 3, "limit": 2}


def test_a_huge_frame_does_not_affect_other_frames() -> None:
    frames = [Image.new("1", (side, side), 1) for side in (50, 300, 60)]
    data = saved(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    limits = Limits(max_bytes=10**6, max_pixels=10_000, max_pages=10)
    with opened(data, limits=limits) as pages:
        with pytest.raises(PictureTooLarge):
            pages.read_page(2)
        assert [pages.read_page(number).width for number in (3, 1)] == [60, 50]


def test_a_damaged_frame_does_not_affect_other_frames() -> None:
    noise = [Image.effect_noise((64, 64), 90) for _ in range(3)]
    data = bytearray(
        saved(noise[0], "TIFF", save_all=True, append_images=noise[1:], compression="tiff_lzw")
    )
    second = Image.open(io.BytesIO(data))
    second.seek(1)
    start, length = second.tag_v2[273][0], second.tag_v2[279][0]
    data[start : start + length] = bytes([255]) * length
    with opened(bytes(data)) as pages:
        with pytest.raises(DamagedFile):
            pages.read_page(2)
        assert decoded(pages.read_page(3)).size == (64, 64)
        assert decoded(pages.read_page(1)).size == (64, 64)
