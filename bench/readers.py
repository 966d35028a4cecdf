"""Three ways from a page picture to text: ours, and the two we compare ourselves with."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

from bench.corpus import CorpusPage
from bench.recognised import recognised
from ocrportal.exporters.document import ExportDocument, ExportPage
from ocrportal.exporters.text import write_text

Reader = Callable[[CorpusPage], str]

RAPIDOCR_DEFAULTS = """
import json, sys
from rapidocr import RapidOCR
engine = RapidOCR(params={"Global.log_level": "error"})
for path in sys.stdin:
    print(json.dumps("\\n".join(engine(path.rstrip("\\n")).txts or ())), flush=True)
"""


def portal_text(page: CorpusPage) -> str:
    """What our TXT export holds for this page."""
    result = recognised(page.path)
    document = ExportDocument(
        title=page.name,
        iter_pages=lambda: iter([ExportPage(1, result, page.path.read_bytes)]),
    )
    out = io.BytesIO()
    write_text(document, out)
    return out.getvalue().decode()


def tesseract_text(page: CorpusPage) -> str:
    """What Tesseract prints, told the languages of the page."""
    languages = "eng" if page.language.startswith("en") else "chi_sim+eng"
    command = ["tesseract", str(page.path), "-", "-l", languages]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def rapidocr_reader(python: Path) -> Reader:
    """RapidOCR with its own defaults, in the Python that has it with ONNX Runtime."""

    @cache
    def started() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [python, "-c", RAPIDOCR_DEFAULTS],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def read(page: CorpusPage) -> str:
        process = started()
        assert process.stdin is not None
        assert process.stdout is not None
        print(page.path, file=process.stdin, flush=True)
        text: str = json.loads(process.stdout.readline())
        return text

    return read


def remembered(name: str, reader: Reader, folder: Path) -> Reader:
    """The same reader, which reads a picture only once and keeps the text in ``folder``."""

    def read(page: CorpusPage) -> str:
        digest = hashlib.sha256(page.path.read_bytes()).hexdigest()
        kept = folder / name / f"{digest}.txt"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(reader(page), "utf-8")
        return kept.read_text("utf-8")

    return read
