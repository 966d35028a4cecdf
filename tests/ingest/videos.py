"""Generates small videos frame by frame, with anti-aliased text as on a screen."""

import json
import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrportal.ingest.readers.video import extract_frames

Picture = NDArray[np.uint8]
RATE = 10
SIZE = (1280, 720)
LIMITS = {"max_seconds": 600, "max_pixels": 4_000_000, "max_frames": 100}


def slide(
    *rows: str, size: tuple[int, int] = SIZE, paper: int = 255, scale: float = 1.5
) -> Picture:
    """Rows of text on a plain background."""
    picture = np.full((size[1], size[0], 3), paper, np.uint8)
    for number, row in enumerate(rows, 1):
        write(picture, row, (60, number * int(45 * scale)), scale)
    return picture


def write(picture: Picture, text: str, at: tuple[int, int], scale: float, ink: int = 20) -> None:
    colour, thickness = (ink, ink, ink), max(1, round(2 * scale))
    cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, scale, colour, thickness, cv2.LINE_AA)


def film(path: Path, pictures: Iterable[Picture], codec: str = "mp4v") -> Path:
    """A video of ``RATE`` frames per second; the extension of the path selects the container."""
    writer = None
    for picture in pictures:
        if writer is None:
            height, width = picture.shape[:2]
            code = cv2.VideoWriter.fourcc(*codec)
            writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, code, RATE, (width, height))
            assert writer.isOpened()
        writer.write(picture)
    assert writer is not None
    writer.release()
    return path


def showing(*parts: tuple[float, Picture]) -> Iterable[Picture]:
    """Each picture, repeated for its number of seconds."""
    for seconds, picture in parts:
        yield from [picture] * round(seconds * RATE)


def extracted(
    source: Path, fmt_key: str = "mp4", **limits: int
) -> tuple[list[float], list[Picture]]:
    """The times and pictures of the frames, checked to be all that the archive holds."""
    target = source.with_suffix(".frames")
    count = extract_frames(source, target, fmt_key, **LIMITS | limits)
    with zipfile.ZipFile(target) as frames:
        index: dict[str, Any] = json.loads(frames.read("frames.json"))
        names = [name for name in frames.namelist() if name != "frames.json"]
        data = [np.frombuffer(frames.read(name), np.uint8) for name in names]
    assert names == [f"{round(seconds * 1000):09}.jpg" for seconds in index["times"]]
    assert count == len(names)
    assert index["duration"] >= index["times"][-1]
    return index["times"], [cv2.imdecode(frame, cv2.IMREAD_COLOR) for frame in data]


def turned(video: bytes) -> bytes:
    """An MP4 as recorded by an upright phone: its matrix rotates it by 90°."""
    level = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    where = video.index(level, video.index(b"tkhd"))
    quarter = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    return video[:where] + quarter + video[where + len(quarter) :]


def slowed(video: bytes, sample: int, factor: int) -> bytes:
    """An MP4 with a variable frame rate: one frame lasts longer."""
    where = video.index(b"stts")
    (entries,) = struct.unpack(">I", video[where + 8 : where + 12])
    assert entries == 1
    count, span = struct.unpack(">II", video[where + 12 : where + 20])
    runs = [(sample, span), (1, span * factor), (count - sample - 1, span)]
    table = b"stts" + bytes(4) + struct.pack(">I", len(runs))
    table += b"".join(struct.pack(">II", *run) for run in runs)
    grown = len(table) - 20
    # The enclosing boxes grow too. The movie header follows the pictures, so that their
    # offsets do not change.
    assert video.index(b"mdat") < where
    for name in (b"moov", b"trak", b"mdia", b"minf", b"stbl"):
        place = video.index(name, video.index(b"moov")) - 4
        (size,) = struct.unpack(">I", video[place : place + 4])
        video = video[:place] + struct.pack(">I", size + grown) + video[place + 4 :]
    header = struct.pack(">I", len(table) + 4)
    longer = video[: where - 4] + header + table + video[where + 20 :]
    return longer.replace(b"edts", b"free")  # it would cut the video to its previous length
