import struct

import pytest
from PIL import Image

from ocrportal.errors.ingest import DamagedFile, PictureTooLarge, TooManyPages
from ocrportal.ingest.readers import animation
from tests.ingest.sources import decoded, opened, read_only_page, saved


def film(kind: str, **options: object) -> bytes:
    """Three frames: grey, with a dark square on the left, with another one on the right."""
    first = Image.new("RGB", (60, 40), (200, 200, 200))
    second = first.copy()
    second.paste((20, 20, 20), (0, 0, 20, 20))
    third = second.copy()
    third.paste((20, 20, 20), (40, 0, 60, 20))
    return saved(first, kind, save_all=True, append_images=[second, third], **options)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_every_frame_is_a_page_composed_as_a_viewer_shows_it(kind: str) -> None:
    with opened(film(kind)) as pages:
        shown = [decoded(pages.read_page(number)).convert("L") for number in (1, 2, 3)]
        assert pages.page_count == 3
    # Whether the left and the right are dark. Files store only the differences of frames.
    assert [tuple(image.getpixel((x, 10)) < 60 for x in (10, 50)) for image in shown] == [
        (False, False),
        (True, False),
        (True, True),
    ]


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_frames_can_be_read_backwards_and_again(kind: str) -> None:
    with opened(film(kind)) as pages:
        forwards = [pages.read_page(number).data for number in (1, 2, 3)]
        assert [pages.read_page(number).data for number in (3, 2, 1)] == forwards[::-1]


def test_similar_frames_are_pages() -> None:
    head = b"GIF89a" + struct.pack("<2H3B", 1, 1, 0x80, 0, 0) + bytes(6)
    frame = b"," + struct.pack("<4HB", 0, 0, 1, 1, 0) + b"\2\2\x44\1\0"
    with opened(head + frame * 3 + b";") as pages:
        assert pages.page_count == 3
        assert pages.read_page(3).width == 1


def test_a_transparent_frame_gets_a_white_background() -> None:
    frames = [Image.new("RGBA", (40, 30), (0, 0, 0, 0)) for _ in range(2)]
    for frame, left in zip(frames, (0, 20), strict=True):
        frame.paste((10, 10, 10, 255), (left, 0, left + 10, 10))
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], disposal=2)
    with opened(data) as pages:
        second = decoded(pages.read_page(2)).convert("L")
    assert [second.getpixel((x, 5)) < 60 for x in (5, 25, 35)] == [False, True, False]


def test_the_default_image_of_a_png_is_not_a_frame() -> None:
    with opened(film("PNG", default_image=True)) as pages:
        assert pages.page_count == 2
        assert decoded(pages.read_page(1)).convert("L").getpixel((10, 10)) < 60


def test_a_gif_of_one_frame_is_one_page() -> None:
    assert read_only_page(saved(Image.new("L", (40, 30), 100), "GIF")).width == 40


def test_too_many_frames_are_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(animation, "MAX_FRAMES", 2)
    with pytest.raises(TooManyPages) as caught, opened(film("WEBP")):
        pass
    assert caught.value.params == {"pages": 3, "limit": 2}


def test_a_late_frame_over_the_pixel_limit_is_rejected_before_allocation() -> None:
    data = film("GIF")
    frame = b"," + struct.pack("<4HB", 0, 0, 65_535, 65_535, 0) + b"\2\1\0\0;"
    with pytest.raises(PictureTooLarge), opened(data[:-1] + frame):
        pass


def test_a_truncated_animation_has_its_complete_frames() -> None:
    noise = [Image.effect_noise((80, 80), 90) for _ in range(4)]
    data = saved(noise[0], "GIF", save_all=True, append_images=noise[1:])
    with opened(data[: len(data) * 5 // 8]) as pages:
        assert pages.page_count == 3
        assert pages.read_page(2).width == 80
        with pytest.raises(DamagedFile):
            pages.read_page(3)
