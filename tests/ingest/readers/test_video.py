import io
from pathlib import Path

import numpy as np
import pytest

from ocrportal.errors.ingest import (
    DamagedFile,
    NoPictures,
    PictureTooLarge,
    TooManyPages,
    VideoCodecUnknown,
    VideoTooLong,
)
from ocrportal.ingest.base import Limits
from ocrportal.ingest.pages import open_pages
from ocrportal.ingest.readers.video import FRAMES
from tests.ingest.sources import SAMPLES, decoded
from tests.ingest.videos import Picture, extracted, film, showing, slide, slowed, turned

ONE, TWO, THREE = slide("Slide one"), slide("The second", "slide"), slide("", "", "And a third")
CODECS = [("mp4", "mp4v"), ("mov", "mjpg"), ("mkv", "VP80"), ("webm", "VP90"), ("avi", "MJPG")]


def near(times: list[float], expected: list[float]) -> bool:
    """True if each is at most one sample late."""
    return len(times) == len(expected) and all(
        0 <= found - true <= 0.25 for found, true in zip(times, expected, strict=True)
    )


def same_ink(picture: Picture, other: Picture) -> bool:
    one, two = picture < 128, other < 128
    return float((one & two).sum() / (one | two).sum()) > 0.9


@pytest.mark.parametrize(("extension", "codec"), CODECS)
def test_each_slide_is_found_with_its_time(extension: str, codec: str, tmp_path: Path) -> None:
    path = tmp_path / f"video.{extension}"
    film(path, showing((2, ONE), (1.6, TWO), (2, THREE)), codec)
    times, pictures = extracted(path, extension)
    assert near(times, [0, 2, 3.6])
    for picture, slide_ in zip(pictures, (ONE, TWO, THREE), strict=True):
        assert same_ink(picture, slide_)


def test_a_still_video_gives_one_frame(tmp_path: Path) -> None:
    times, _pictures = extracted(film(tmp_path / "v.mp4", showing((30, ONE))))
    assert times == [0]


def test_a_filmed_screen_gives_its_slides_without_noise(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    pictures = [
        np.clip(picture + random.normal(0, 6, picture.shape), 0, 255).astype(np.uint8)
        for picture in showing((3, ONE), (3, TWO))
    ]
    times, _pictures = extracted(film(tmp_path / "v.mp4", pictures))
    assert near(times, [0, 3])


def test_a_single_frame_is_a_video_too(tmp_path: Path) -> None:
    times, _pictures = extracted(film(tmp_path / "v.mp4", [ONE]))
    assert times == [0]


def test_a_short_last_frame_is_read(tmp_path: Path) -> None:
    path = film(tmp_path / "v.mp4", [*showing((2, ONE)), TWO])
    times, _pictures = extracted(path)
    assert near(times, [0, 2])


def test_a_screen_recording_has_no_frames_while_nothing_changes(tmp_path: Path) -> None:
    path = film(tmp_path / "v.mp4", [ONE, ONE, TWO, THREE, THREE])
    path.write_bytes(slowed(path.read_bytes(), 2, 300))
    times, _pictures = extracted(path)
    assert times == pytest.approx([0.2, 30.2])  # 0.2 seconds are too short to be kept


def test_frames_of_an_upright_phone_are_rotated(tmp_path: Path) -> None:
    path = film(tmp_path / "v.mp4", showing((1, ONE)))
    path.write_bytes(turned(path.read_bytes()))
    _times, (picture,) = extracted(path)
    expected = np.rot90(ONE, -1)
    assert picture.shape == expected.shape
    assert same_ink(picture, expected)


def test_a_playlist_named_mp4_opens_no_other_file(tmp_path: Path) -> None:
    film(tmp_path / "secret.mp4", showing((1, ONE)))
    playlist = tmp_path / "playlist.mp4"
    playlist.write_text(f"#EXTM3U\n#EXTINF:10.0,\nfile://{tmp_path}/secret.mp4\n#EXT-X-ENDLIST\n")
    with pytest.raises(DamagedFile):
        extracted(playlist)


@pytest.mark.parametrize("extension", ["mp4", "mkv", "avi"])
def test_a_video_of_another_format_than_sniffed_is_not_opened(
    extension: str, tmp_path: Path
) -> None:
    renamed = {"mp4": "avi", "mkv": "mp4", "avi": "mkv"}
    codec = "MJPG" if renamed[extension] == "avi" else "mp4v"
    path = film(tmp_path / f"video.{renamed[extension]}", showing((1, ONE)), codec)
    with pytest.raises(DamagedFile):
        extracted(path, extension)


def test_a_truncated_video_gives_its_complete_frames(tmp_path: Path) -> None:
    path = film(tmp_path / "v.avi", showing((2, ONE), (2, TWO)), "MJPG")
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 4])
    times, _pictures = extracted(path, "avi")
    assert near(times, [0, 2])


def test_a_video_without_its_last_frames_gives_its_last_picture(tmp_path: Path) -> None:
    path = film(tmp_path / "v.mkv", showing((1, ONE)), "mp4v")
    data = path.read_bytes()
    first = data.index(b"\x00\x00\x01\xb6")  # the start code of a picture in MPEG-4
    path.write_bytes(
        data[: first + 1000] + data[first + 1000 :].replace(b"\0\0\1\xb6", b"\0\0\1\0")
    )
    times, _pictures = extracted(path, "mkv")
    assert times == [0]


def test_an_mp4_without_its_end_is_damaged(tmp_path: Path) -> None:
    path = film(tmp_path / "v.mp4", showing((2, ONE)))
    path.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(DamagedFile):
        extracted(path)


def test_sound_alone_has_no_pictures(tmp_path: Path) -> None:
    path = film(tmp_path / "v.mp4", showing((1, ONE)))
    path.write_bytes(path.read_bytes().replace(b"vide", b"soun"))
    with pytest.raises(NoPictures):
        extracted(path)


def test_a_codec_without_decoder_is_named(tmp_path: Path) -> None:
    path, codec_id = film(tmp_path / "v.mkv", showing((1, ONE))), b"V_MPEG4/ISO/ASP"
    path.write_bytes(path.read_bytes().replace(codec_id, b"V_AV1".ljust(len(codec_id), b"\0")))
    with pytest.raises(VideoCodecUnknown) as caught:
        extracted(path, "mkv")
    assert caught.value.params == {"codec": "AV1"}


def test_a_video_that_is_too_long_is_rejected_before_it_is_decoded(tmp_path: Path) -> None:
    path = film(tmp_path / "v.mp4", showing((70, slide(size=(64, 64)))))
    with pytest.raises(VideoTooLong) as caught:
        extracted(path, max_seconds=60)
    assert caught.value.params == {"minutes": 2, "limit": 1}


def test_a_video_with_too_many_pixels_is_rejected(tmp_path: Path) -> None:
    path = film(tmp_path / "v.mp4", showing((1, ONE)))
    with pytest.raises(PictureTooLarge) as caught:
        extracted(path, max_pixels=500_000)
    assert caught.value.params == {"megapixels": 1, "limit": 0}


def test_too_many_frames_are_rejected(tmp_path: Path) -> None:
    path = film(tmp_path / "v.mp4", showing((1, ONE), (1, TWO), (1, THREE)))
    assert len(extracted(path, max_frames=3)[0]) == 3
    with pytest.raises(TooManyPages) as caught:
        extracted(path, max_frames=2)
    assert caught.value.params == {"pages": 3, "limit": 2}


def test_frames_are_pages_with_their_times(tmp_path: Path) -> None:
    path = film(tmp_path / "v.mp4", showing((1, ONE), (1, TWO)))
    times, _pictures = extracted(path)
    limits = Limits(max_bytes=10_000_000, max_pixels=4_000_000, max_pages=10)
    with (
        path.with_suffix(".frames").open("rb") as file,
        open_pages(file, FRAMES, limits) as pages,
    ):
        assert pages.page_count == 2
        second, first = pages.read_page(2), pages.read_page(1)
        with pytest.raises(IndexError):
            pages.read_page(3)
    assert [first.seconds, second.seconds] == times
    assert decoded(second).size == (1280, 720)


def test_another_file_than_an_archive_of_frames_is_damaged(tmp_path: Path) -> None:
    limits = Limits(max_bytes=10_000_000, max_pixels=4_000_000, max_pages=10)
    for data in (b"no archive", (SAMPLES / "zip_slip.zip").read_bytes()):
        with pytest.raises(DamagedFile):
            open_pages(io.BytesIO(data), FRAMES, limits)
