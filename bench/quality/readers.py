"""The text of a page image as the portal and three other programs recognise it."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from PIL import Image

from bench.corpus import CorpusPage
from bench.recognised import recognised
from ocrportal.exporters.text import write_text
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.source import RecognisedDocument, RecognisedPage

Reader = Callable[[CorpusPage], str]

DEFAULT_DPI = 200
"""The resolution given to OCRmyPDF for all images."""

RAPIDOCR_DEFAULTS = """
import json, sys
from rapidocr import RapidOCR
engine = RapidOCR(params={"Global.log_level": "error"})
for path in sys.stdin:
    print(json.dumps("\\n".join(engine(path.rstrip("\\n")).txts or ())), flush=True)
"""


def portal_text(page: CorpusPage) -> str:
    """The TXT export of this page."""
    result = recognised(page.path)
    source = RecognisedPage(1, result, page.path.read_bytes)
    document = RecognisedDocument(page.name, 1, lambda: iter([source]))
    out = io.BytesIO()
    write_text(LaidOutDocument(page.name, (document,)), out)
    return out.getvalue().decode()


def tesseract_text(page: CorpusPage) -> str:
    """The output of Tesseract with the languages of the page."""
    command = ["tesseract", str(page.path), "-", "-l", _languages(page)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def sidecar_reader(program: Path) -> Reader:
    """A reader for the output of ``ocrmypdf --sidecar`` with the languages of the page."""

    def read(page: CorpusPage) -> str:
        with tempfile.TemporaryDirectory() as folder:
            picture, text = Path(folder) / "page.png", Path(folder) / "page.txt"
            with Image.open(page.path) as image:  # OCRmyPDF takes no transparency
                image.convert("RGB").save(picture)
            command = [program, "--force-ocr", "--output-type", "pdf", "-O0"]
            command += ["--image-dpi", str(DEFAULT_DPI), "-l", _languages(page)]
            command += ["--sidecar", text, picture, Path(folder) / "page.pdf"]
            subprocess.run(
                command,
                check=True,
                capture_output=True,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            )
            return text.read_text("utf-8")

    return read


def _languages(page: CorpusPage) -> str:
    return "eng" if page.language.startswith("en") else "chi_sim+eng"


def rapidocr_reader(python: Path) -> Reader:
    """A reader for RapidOCR with its defaults, run by a Python that has ONNX Runtime."""

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
    """The same reader with a cache in ``folder``."""

    def read(page: CorpusPage) -> str:
        digest = hashlib.sha256(page.path.read_bytes()).hexdigest()
        kept = folder / name / f"{digest}.txt"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(reader(page), "utf-8")
        return kept.read_text("utf-8")

    return read
