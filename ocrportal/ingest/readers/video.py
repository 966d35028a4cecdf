"""Videos: a picture for each time something new to read is on the screen.

FFmpeg decodes them, as OpenCV carries it: a build under the LGPL, see docs/video.md.
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

from ocrportal.errors import (
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
"""What :func:`extract_frames` writes."""

_DEMUXERS = {"mp4": "mov", "mov": "mov", "mkv": "matroska", "webm": "matroska", "avi": "avi"}
"""FFmpeg's reader for each sniffed format. Left to itself it would choose one by content,
and some open other files and addresses: a playlist that calls itself MP4."""
_STEP = 0.25
"""Seconds between two looks at the picture."""
_JPEG_QUALITY = 90
_AV1 = b"av01"
"""The one codec in use that OpenCV's FFmpeg knows by name without a decoder for it."""
_PICTURE_TRACK = re.compile(rb"hdlr.{8}vide|strh.{4}vids|V_[A-Z]", re.DOTALL)
_SOUND_TRACK = re.compile(rb"hdlr.{8}soun|strh.{4}auds|A_[A-Z]", re.DOTALL)
_HEADER_BYTES = 8 * 2**20
"""Where tracks are told: so much from either end of the file."""
_INDEX = "frames.json"

_Picture = NDArray[Any]
"""Blue, green and red, as OpenCV has it."""


def extract_frames(
    source: Path,
    target: Path,
    fmt_key: str,
    *,
    max_seconds: int,
    max_pixels: int,
    max_frames: int,
) -> int:
    """Write the frames of a video worth reading to a ZIP of JPEGs, and say how many.

    Each is named by its time in milliseconds; ``frames.json`` tells the times in seconds and
    how long the video lasts. A cover picture of a piece of music is a video of one frame.

    Meant for a process of its own, with limits: FFmpeg is told by the environment what to
    open, and what a hostile video makes of it ends with the process. Raises DamagedFile,
    NoPictures, VideoCodecUnknown, PictureTooLarge, VideoTooLong, TooManyPages.
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
            for seconds, picture in _worth_reading(file, timeline, max_pixels):
                if len(kept) == max_frames:
                    raise TooManyPages(pages=max_frames + 1, limit=max_frames)
                frames.writestr(_frame_name(seconds), _as_jpeg(picture))
                kept.append(seconds)
            index = {"duration": timeline.duration, "times": kept}
            frames.writestr(_INDEX, json.dumps(index))
    return len(kept)


class FramePages:
    """The ZIP of frames that :func:`extract_frames` wrote, as a PageSource."""

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
    """When the frames are shown."""

    times: list[float]
    """Seconds, ascending."""
    rate: float
    """Frames a second, as the video claims."""
    is_counted: bool
    """Whether the frames tell no time, so that they are only counted."""

    @property
    def duration(self) -> float:
        return self.times[-1] + 1 / self.rate

    def span(self, number: int, told: float) -> tuple[float, float]:
        """When frame ``number``, from 0, is shown, and until when."""
        seconds = number / self.rate if self.is_counted else max(0.0, told)
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
    """When each frame is shown; nothing is decoded for it.

    Told by the frames, since what a video says of its own length may be a lie.
    """
    times: list[float] = []
    with _opened(file) as capture:
        rate = capture.get(cv2.CAP_PROP_FPS)
        rate = rate if 0.1 < rate < 1000 else 25.0
        claimed = capture.get(cv2.CAP_PROP_FRAME_COUNT) / rate
        capture.set(cv2.CAP_PROP_FORMAT, -1)  # packets, as they are
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


def _worth_reading(
    file: BinaryIO, timeline: _Timeline, max_pixels: int
) -> Iterator[tuple[float, _Picture]]:
    """The pictures to keep, each with the time since which it is seen."""
    changes = SceneChanges()
    last = -1.0
    looks = _looks(file, timeline, max_pixels)
    for look, following in itertools.pairwise(itertools.chain(looks, (None,))):
        assert look is not None  # only the one after the last is
        seconds, until, picture = look
        lasting = following is None or until - seconds > 2 * _STEP
        since = changes.see(picture, seconds, lasting=lasting)
        if since is not None:
            last = max(since, last + 0.001)  # names are times, so no two may be the same
            yield last, picture


def _looks(
    file: BinaryIO, timeline: _Timeline, max_pixels: int
) -> Iterator[tuple[float, float, _Picture]]:
    """The pictures that are on the screen every ``_STEP`` seconds, and the last one.

    Each comes once, with its own time and the next frame's: a screen recording has frames
    where something changes, and none for minutes where nothing does.
    """
    with _opened(file) as capture:
        pixels = capture.get(cv2.CAP_PROP_FRAME_WIDTH) * capture.get(cv2.CAP_PROP_FRAME_HEIGHT)
        if pixels > max_pixels:
            raise PictureTooLarge(megapixels=math.ceil(pixels / 1e6), limit=int(max_pixels / 1e6))
        stretch = _stretch(capture)
        decoded = looked = 0
        while capture.grab():
            seconds, until = timeline.span(decoded, capture.get(cv2.CAP_PROP_POS_MSEC) / 1000)
            decoded += 1
            if math.ceil(seconds / _STEP) * _STEP < until:
                # Only what is looked at is turned from the video's colours to these.
                is_whole, picture = capture.retrieve()
                if is_whole:
                    looked += 1
                    yield seconds, until, _stretched(picture, stretch)
        if looked == 0:
            codec = int(capture.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little")
            raise VideoCodecUnknown(codec="AV1") if codec.lower() == _AV1 else DamagedFile


def _stretch(capture: cv2.VideoCapture) -> tuple[float, float]:
    """Factors across and down that make the pixels of the turned picture square."""
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
