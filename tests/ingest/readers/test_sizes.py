import io
import struct

import pytest
from PIL import Image

from ocrportal.errors.ingest import DamagedFile, TooManyPages
from ocrportal.ingest.readers import sizes
from ocrportal.ingest.readers.sizes import gif_sizes, icon_sizes
from tests.ingest.sources import SAMPLES, saved


def test_each_frame_of_a_gif_is_found() -> None:
    frames = [Image.new("L", (40, 30), grey) for grey in (1, 100, 200)]
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], comment=b"c" * 600)
    assert list(gif_sizes(io.BytesIO(data))) == [(40, 30)] * 3


def test_a_frame_larger_than_its_canvas_extends_it() -> None:
    head = b"GIF89a" + struct.pack("<2H3B", 10, 20, 0, 0, 0)
    frame = b"," + struct.pack("<4HB", 5, 0, 30, 8, 0) + b"\2\1\0\0;"
    assert list(gif_sizes(io.BytesIO(head + frame))) == [(35, 20)]


def test_endless_frames_are_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "MAX_FRAMES", 2)
    head = b"GIF89a" + struct.pack("<2H3B", 10, 20, 0, 0, 0)
    frame = b"," + struct.pack("<4HB", 0, 0, 1, 1, 0) + b"\2\1\0\0"
    with pytest.raises(TooManyPages):
        list(gif_sizes(io.BytesIO(head + frame * 3)))


@pytest.mark.parametrize("data", [b"GIF89a", b"GIF89a" + bytes(7), b"GIF89a" + bytes(7) + b",12"])
def test_a_gif_without_a_frame_is_damaged(data: bytes) -> None:
    with pytest.raises(DamagedFile):
        list(gif_sizes(io.BytesIO(data)))


@pytest.mark.parametrize("options", [{}, {"bitmap_format": "bmp"}])
def test_each_picture_of_an_icon_is_found(options: dict) -> None:
    data = saved(Image.new("RGB", (64, 64)), "ICO", sizes=[(16, 16), (48, 48)], **options)
    assert sorted(icon_sizes(io.BytesIO(data))) == [(16, 16), (48, 48)]


def test_sizes_come_from_the_pictures_rather_than_the_directory() -> None:
    bomb = (SAMPLES / "pixel_bomb.png").read_bytes()
    head = struct.pack("<3H4B2H2L", 0, 1, 1, 16, 16, 0, 0, 1, 32, len(bomb), 22)
    assert list(icon_sizes(io.BytesIO(head + bomb))) == [(20_000, 20_000)]


def test_an_icon_without_its_directory_is_damaged() -> None:
    with pytest.raises(DamagedFile):
        list(icon_sizes(io.BytesIO(struct.pack("<3H", 0, 1, 3) + bytes(20))))
