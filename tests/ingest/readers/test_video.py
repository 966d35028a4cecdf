import io
from pathlib import Path

import numpy as np
import pytest

from ocrportal.errors import (
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
    """Whether each is found no later than the picture is next looked at."""
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


def test_a_screen_that_was_filmed_gives_its_slides_and_not_its_noise(tmp_path: Path) -> None:
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


def test_the_last_frame_counts_even_if_it_is_short(tmp_path: Path) -> None:
    path = film(tmp_path / "v.mp4", [*showing((2, ONE)), TWO])
    times, _pictures = extracted(path)
    assert near(times, [0, 2])


def test_a_screen_recording_without_frames_where_nothing_changes(tmp_path: Path) -> None:
    path = film(tmp_path / "v.mp4", [ONE, ONE, TWO, THREE, THREE])
    path.write_bytes(slowed(path.read_bytes(), 2, 300))
    times, _pictures = extracted(path)
    assert times == pytest.approx([0.2, 30.2])  # nobody reads what is there for 0.2 seconds


def test_a_phone_held_upright_gives_upright_frames(tmp_path: Path) -> None:
    path = film(tmp_path / "v.mp4", showing((1, ONE)))
    path.write_bytes(turned(path.read_bytes()))
    _times, (picture,) = extracted(path)
    expected = np.rot90(ONE, -1)
    assert picture.shape == expected.shape
    assert same_ink(picture, expected)


def test_a_playlist_that_calls_itself_mp4_opens_nothing(tmp_path: Path) -> None:
    film(tmp_path / "secret.mp4", showing((1, ONE)))
    playlist = tmp_path / "playlist.mp4"
    playlist.write_text(f"#EXTM3U\n#EXTINF:10.0,\nfile://{tmp_path}/secret.mp4\n#EXT-X-ENDLIST\n")
    with pytest.raises(DamagedFile):
        extracted(playlist)


@pytest.mark.parametrize("extension", ["mp4", "mkv", "avi"])
def test_a_video_that_calls_itself_another_is_not_opened_as_what_it_is(
    extension: str, tmp_path: Path
) -> None:
    others = {"mp4": "avi", "mkv": "mp4", "avi": "mkv"}
    codec = "MJPG" if others[extension] == "avi" else "mp4v"
    path = film(tmp_path / f"video.{others[extension]}", showing((1, ONE)), codec)
    with pytest.raises(DamagedFile):
        extracted(path, extension)


def test_a_video_cut_short_gives_what_is_there(tmp_path: Path) -> None:
    path = film(tmp_path / "v.avi", showing((2, ONE), (2, TWO)), "MJPG")
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 4])
    times, _pictures = extracted(path, "avi")
    assert near(times, [0, 2])


def test_a_video_whose_last_frames_are_lost_still_gives_what_was_seen_last(tmp_path: Path) -> None:
    path = film(tmp_path / "v.mkv", showing((1, ONE)), "mp4v")
    data = path.read_bytes()
    first = data.index(b"\x00\x00\x01\xb6")  # where MPEG-4 begins a picture
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
    path, told = film(tmp_path / "v.mkv", showing((1, ONE))), b"V_MPEG4/ISO/ASP"
    path.write_bytes(path.read_bytes().replace(told, b"V_AV1".ljust(len(told), b"\0")))
    with pytest.raises(VideoCodecUnknown) as caught:
        extracted(path, "mkv")
    assert caught.value.params == {"codec": "AV1"}


def test_a_video_that_is_too_long_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = film(tmp_path / "v.mp4", showing((70, slide(size=(64, 64)))))
    with pytest.raises(VideoTooLong) as caught:
        extracted(path, max_seconds=60)
    assert caught.value.params == {"minutes": 2, "limit": 1}


def test_a_video_with_too_many_pixels_is_refused(tmp_path: Path) -> None:
    path = film(tmp_path / "v.mp4", showing((1, ONE)))
    with pytest.raises(PictureTooLarge) as caught:
        extracted(path, max_pixels=500_000)
    assert caught.value.params == {"megapixels": 1, "limit": 0}


def test_more_frames_than_permitted_are_refused(tmp_path: Path) -> None:
    path = film(tmp_path / "v.mp4", showing((1, ONE), (1, TWO), (1, THREE)))
    assert len(extracted(path, max_frames=3)[0]) == 3
    with pytest.raises(TooManyPages) as caught:
        extracted(path, max_frames=2)
    assert caught.value.params == {"pages": 3, "limit": 2}


def test_frames_are_pages_that_know_their_times(tmp_path: Path) -> None:
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


def test_what_is_no_archive_of_frames_is_damaged(tmp_path: Path) -> None:
    limits = Limits(max_bytes=10_000_000, max_pixels=4_000_000, max_pages=10)
    for data in (b"no archive", (SAMPLES / "zip_slip.zip").read_bytes()):
        with pytest.raises(DamagedFile):
            open_pages(io.BytesIO(data), FRAMES, limits)
