"""Reads videos: a picture for each time that the text on the screen changes.

The decoder is the FFmpeg in OpenCV, an LGPL build: see docs/video.md.
"""

from __future__ import annotations

import bisect
import io
import itertools
import json
import math
import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import cv2
from numpy.typing import NDArray

from ocrportal.errors.ingest import (
    DamagedFile,
    NoPictures,
    PictureTooLarge,
    TooManyPages,
    VideoCodecUnknown,
    VideoTooLong,
)
from ocrportal.ingest.base import Limits, PageImage, check_page_number
from ocrportal.ingest.readers.image import ImagePages
from ocrportal.ingest.readers.scenes import SceneChanges
from ocrportal.ingest.sniff.file_type import Format, sniff

FRAMES = Format("frames", "application/zip", "zip")
"""The format that :func:`extract_frames` writes."""

_DEMUXERS = {"mp4": "mov", "mov": "mov", "mkv": "matroska", "webm": "matroska", "avi": "avi"}
"""FFmpeg's demuxer for each sniffed format. By default FFmpeg selects one by content, and some
open other files and addresses, such as a playlist in an MP4 file."""
_STEP = 0.25
"""Seconds between two samples."""
_JPEG_QUALITY = 90
_AV1 = b"av01"
"""The only common codec without a decoder in OpenCV's FFmpeg."""
_PICTURE_TRACK = re.compile(rb"hdlr.{8}vide|strh.{4}vids|V_[A-Z]", re.DOTALL)
_SOUND_TRACK = re.compile(rb"hdlr.{8}soun|strh.{4}auds|A_[A-Z]", re.DOTALL)
_HEADER_BYTES = 8 * 2**20
"""Tracks are declared within this distance from the start or the end of the file."""
_INDEX = "frames.json"

_Picture = NDArray[Any]
"""Height x width x 3; blue, green and red, as in OpenCV."""


def extract_frames(
    source: Path,
    target: Path,
    fmt_key: str,
    *,
    max_seconds: int,
    max_pixels: int,
    max_frames: int,
) -> int:
    """Write the frames of a video with new text to a ZIP of JPEGs and return their number.

    Each is named by its time in milliseconds; ``frames.json`` holds the times and the duration
    in seconds. The cover picture of an audio file is a video of one frame.

    Called in an isolated process, since FFmpeg is configured by the environment and decodes
    hostile data. Raises DamagedFile, NoPictures, VideoCodecUnknown, PictureTooLarge,
    VideoTooLong, TooManyPages.
    """
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    os.environ["OPENCV_FFMPEG_LOGLEVEL"] = "-8"
    os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = (
        f"input_format;{_DEMUXERS[fmt_key]}|protocol_whitelist;file"
    )
    with source.open("rb") as file:
        timeline = _read_timeline(file, max_seconds)
        kept: list[float] = []
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as frames:
            for seconds, picture in _pictures_with_new_text(file, timeline, max_pixels):
                if len(kept) == max_frames:
                    raise TooManyPages(pages=max_frames + 1, limit=max_frames)
                frames.writestr(_frame_name(seconds), _as_jpeg(picture))
                kept.append(seconds)
            index = {"duration": timeline.duration, "times": kept}
            frames.writestr(_INDEX, json.dumps(index))
    return len(kept)


class FramePages:
    """The ZIP of frames written by :func:`extract_frames`, as a PageSource."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        """Raises DamagedFile."""
        self._limits = limits
        try:
            self._frames = zipfile.ZipFile(file)
            index = json.loads(self._frames.read(_INDEX))
        except (zipfile.BadZipFile, KeyError, ValueError) as error:
            raise DamagedFile from error
        self._times: list[float] = index["times"]
        self.page_count = len(self._times)

    def read_page(self, number: int) -> PageImage:
        check_page_number(number, self.page_count)
        seconds = self._times[number - 1]
        try:
            data = io.BytesIO(self._frames.read(_frame_name(seconds)))
        except (zipfile.BadZipFile, KeyError) as error:
            raise DamagedFile from error
        with ImagePages(data, sniff(data), self._limits) as picture:
            return replace(picture.read_page(1), seconds=seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._frames.close()


@dataclass(frozen=True, slots=True)
class _Timeline:
    """The times of all frames."""

    times: list[float]
    """Seconds, ascending."""
    rate: float
    """Frames per second, as the video declares."""
    is_counted: bool
    """True if the frames have no time, so that it is computed from their number."""

    @property
    def duration(self) -> float:
        return self.times[-1] + 1 / self.rate

    def span(self, number: int, decoded_at: float) -> tuple[float, float]:
        """The time of frame ``number`` (from 0) and the time of the next frame."""
        seconds = number / self.rate if self.is_counted else max(0.0, decoded_at)
        following = bisect.bisect_right(self.times, seconds + 0.0005)
        return seconds, self.times[following] if following < len(self.times) else math.inf


@contextmanager
def _opened(file: BinaryIO) -> Iterator[cv2.VideoCapture]:
    file.seek(0)
    threads = [cv2.CAP_PROP_N_THREADS, os.cpu_count() or 1]
    capture = cv2.VideoCapture(file, cv2.CAP_FFMPEG, threads)  # type: ignore[call-overload]  # it takes any binary file
    try:
        if not capture.isOpened():
            raise NoPictures if _is_sound_only(file) else DamagedFile
        yield capture
    finally:
        capture.release()


def _is_sound_only(file: BinaryIO) -> bool:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    headers = file.read(_HEADER_BYTES)
    file.seek(max(0, size - _HEADER_BYTES))
    headers += file.read(_HEADER_BYTES)
    return bool(_SOUND_TRACK.search(headers)) and not _PICTURE_TRACK.search(headers)


def _read_timeline(file: BinaryIO, max_seconds: int) -> _Timeline:
    """The times of all frames, read without decoding the pictures.

    The frames are counted, since the duration that a video declares can be wrong.
    """
    times: list[float] = []
    with _opened(file) as capture:
        rate = capture.get(cv2.CAP_PROP_FPS)
        rate = rate if 0.1 < rate < 1000 else 25.0
        claimed = capture.get(cv2.CAP_PROP_FRAME_COUNT) / rate
        capture.set(cv2.CAP_PROP_FORMAT, -1)  # undecoded packets
        while capture.grab():
            times.append(max(0.0, capture.get(cv2.CAP_PROP_POS_MSEC) / 1000))
            _check_length(times[-1], claimed, max_seconds)
    if not times:
        raise DamagedFile
    times.sort()
    is_counted = times[0] == times[-1]
    if is_counted:
        times = [number / rate for number in range(len(times))]
        _check_length(times[-1], claimed, max_seconds)
    return _Timeline(times, rate, is_counted)


def _check_length(seconds: float, claimed: float, max_seconds: int) -> None:
    if seconds > max_seconds:
        minutes = math.ceil(max(seconds, claimed) / 60)
        raise VideoTooLong(minutes=minutes, limit=max_seconds // 60)


def _pictures_with_new_text(
    file: BinaryIO, timeline: _Timeline, max_pixels: int
) -> Iterator[tuple[float, _Picture]]:
    """Yield the pictures to keep, each with the time at which it appeared."""
    changes = SceneChanges()
    last = -1.0
    samples = _samples(file, timeline, max_pixels)
    for sample, following in itertools.pairwise(itertools.chain(samples, (None,))):
        assert sample is not None  # only the padding after the last one is
        seconds, until, picture = sample
        lasting = following is None or until - seconds > 2 * _STEP
        since = changes.check(picture, seconds, lasting=lasting)
        if since is not None:
            last = max(since, last + 0.001)  # names are times, so no two may be the same
            yield last, picture


def _samples(
    file: BinaryIO, timeline: _Timeline, max_pixels: int
) -> Iterator[tuple[float, float, _Picture]]:
    """Yield the pictures that are visible every ``_STEP`` seconds, and the last one.

    Each is yielded once, with its time and that of the next frame: screen recordings have no
    frames while nothing changes.
    """
    with _opened(file) as capture:
        pixels = capture.get(cv2.CAP_PROP_FRAME_WIDTH) * capture.get(cv2.CAP_PROP_FRAME_HEIGHT)
        if pixels > max_pixels:
            raise PictureTooLarge(megapixels=math.ceil(pixels / 1e6), limit=int(max_pixels / 1e6))
        stretch = _stretch(capture)
        decoded = sampled = 0
        while capture.grab():
            seconds, until = timeline.span(decoded, capture.get(cv2.CAP_PROP_POS_MSEC) / 1000)
            decoded += 1
            if math.ceil(seconds / _STEP) * _STEP < until:
                # Only sampled frames are converted to BGR.
                is_whole, picture = capture.retrieve()
                if is_whole:
                    sampled += 1
                    yield seconds, until, _stretched(picture, stretch)
        if sampled == 0:
            codec = int(capture.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little")
            raise VideoCodecUnknown(codec="AV1") if codec.lower() == _AV1 else DamagedFile


def _stretch(capture: cv2.VideoCapture) -> tuple[float, float]:
    """The horizontal and vertical factors that make the pixels of the rotated picture square."""
    across, down = capture.get(cv2.CAP_PROP_SAR_NUM), capture.get(cv2.CAP_PROP_SAR_DEN)
    if not (across > 0 and down > 0 and 1.01 < max(across / down, down / across) < 4):
        return 1, 1
    if capture.get(cv2.CAP_PROP_ORIENTATION_META) % 180:
        across, down = down, across
    finer = max(across, down)
    return across / down if across == finer else 1, down / across if down == finer else 1


def _stretched(picture: _Picture, stretch: tuple[float, float]) -> _Picture:
    if stretch == (1, 1):
        return picture
    return cv2.resize(picture, None, fx=stretch[0], fy=stretch[1], interpolation=cv2.INTER_CUBIC)


def _frame_name(seconds: float) -> str:
    return f"{round(seconds * 1000):09}.jpg"


def _as_jpeg(picture: _Picture) -> bytes:
    _is_done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return data.tobytes()
