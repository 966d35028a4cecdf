"""SubRip subtitles (.srt): the text of a video at the times at which it is visible.

Lines end with CRLF, as in the original format. The file starts with a byte order mark: without
it, players on Chinese Windows decode UTF-8 as GBK.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from ocrportal.errors.export import NoTimeCodes
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.plain_text import page_text

_LAST_SECONDS = 3.0
"""Duration of the last subtitle."""
_TAG = re.compile(r"<(?=[A-Za-z/!])")
_OVERRIDE = re.compile(r"\{(?=[\\A-Za-z])")


@dataclass(frozen=True, slots=True)
class _Cue:
    begin: float
    """In seconds, as is ``end``."""
    end: float
    text: str


def write_subtitles(document: LaidOutDocument, out: BinaryIO) -> None:
    """Write the text of a video as subtitles.

    Raises NoTimeCodes for a document that is not a video.
    """
    cues = _cues(_shown(document))
    out.write(codecs.BOM_UTF8)
    for number, cue in enumerate(cues, 1):
        rows = [str(number), f"{_time(cue.begin)} --> {_time(cue.end)}", *cue.text.split("\n"), ""]
        lines = "".join(f"{row}\r\n" for row in rows)
        out.write(lines.encode(errors="ignore"))  # a lone surrogate has no UTF-8


def _shown(document: LaidOutDocument) -> Iterator[tuple[float, str]]:
    """The time in seconds at which each page appears, and its text."""
    for page in document.pages():
        if page.source.seconds is None:
            raise NoTimeCodes
        yield page.source.seconds, _harmless(page_text(page))


def _cues(shown: Iterator[tuple[float, str]]) -> Iterator[_Cue]:
    """A cue per text, until the next text; a page without text ends the cue before."""
    begin, text = 0.0, ""
    for seconds, following in shown:
        if following == text:
            continue
        if text:
            yield _Cue(begin, seconds, text)
        begin, text = seconds, following
    if text:
        yield _Cue(begin, begin + _LAST_SECONDS, text)


def _harmless(text: str) -> str:
    """Text without empty lines, which end a cue, and without markup.

    The format has no escapes, so characters that start markup become full-width ones.
    """
    text = "\n".join(row for row in text.splitlines() if row.strip())
    return _OVERRIDE.sub("｛", _TAG.sub("＜", text.replace("-->", "--＞")))


def _time(seconds: float) -> str:
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    hours, minutes = divmod(minutes, 60)
    whole, milliseconds = divmod(milliseconds, 1000)
    return f"{hours:02}:{minutes:02}:{whole:02},{milliseconds:03}"
