"""The effect of each preprocessing step on the error rate: of pages that need it, and of all.

    python -m bench.quality.preprocessing --corpus DIR [--table docs/preprocessing.md]

The result of each image is cached in ``build/``, so that a second run is quick.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PIL import Image
from rapidfuzz.distance import Levenshtein

from bench.comparison import comparable
from bench.corpus import full_text_pages
from bench.document_table import report_table
from bench.transforms import facing, faint, huge, photographed, tilted, turned
from ocrportal.catalogue.spec import services
from ocrportal.engines import engine_for
from ocrportal.engines.base import AUTO_ROTATE
from ocrportal.exporters.text import write_text
from ocrportal.ingest.base import Preprocessing
from ocrportal.ingest.preprocessing.blank_page import is_blank
from ocrportal.ingest.preprocessing.preprocess import preprocess
from ocrportal.ingest.preprocessing.spreads import gutter
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.source import RecognisedDocument, RecognisedPage
from ocrportal.results import PageResult

KEPT = Path("build/preprocessing")
TABLE = "preprocessing table"
SOURCES = (
    "debmake_zh_p51.png",
    "debref_zhtw_p152.png",
    "ed_en-text-bitcoin.png",
    "mineru_p3_tuwen84_p1.jpg",
    "tess_eurotext.tif",
)
"""Single-column pages with a low error rate, from which the pages that need a step are made."""
NOTHING = Preprocessing(
    text_layer=False,
    all_frames=False,
    skip_blank=False,
    split=False,
    auto_rotate=True,
    deskew=False,
    correct_perspective=False,
    enhance_contrast=False,
    downscale=False,
)


@dataclass(frozen=True, slots=True)
class Case:
    """An image and its text."""

    name: str
    image: Image.Image
    text: str


@dataclass(slots=True)
class Tally:
    """Errors and processor seconds of some pages."""

    pages: int = 0
    length: int = 0
    errors: int = 0
    preparing: float = 0.0
    reading: float = 0.0

    @property
    def rate(self) -> float:
        return self.errors / self.length

    @property
    def seconds(self) -> float:
        return (self.preparing + self.reading) / self.pages


def read(image: Image.Image, *, auto_rotate: bool) -> PageResult:
    """The result of the built-in engine, cached by image."""
    key = f"{image.mode} {image.size} {auto_rotate}".encode() + image.tobytes()
    kept = KEPT / f"{hashlib.sha256(key).hexdigest()}.json"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        service, engine = services()["general-text"], engine_for("local")
        started = time.process_time()
        result = engine.recognise(image, service, {AUTO_ROTATE: auto_rotate})
        result = replace(result, seconds=time.process_time() - started)
        kept.write_text(json.dumps(result.to_dict()), "utf-8")
    return PageResult.from_dict(json.loads(kept.read_text("utf-8")))


def text_of(results: Sequence[PageResult]) -> str:
    """The TXT export of these pages."""
    pages = [RecognisedPage(number, result, bytes) for number, result in enumerate(results, 1)]
    out = io.BytesIO()
    document = RecognisedDocument("", len(pages), lambda: iter(pages))
    write_text(LaidOutDocument("", (document,)), out)
    return out.getvalue().decode()


def measured(cases: Iterable[Case], preprocessing: Preprocessing) -> Tally:
    """Preprocess, recognise and compare, as the portal does with these options."""
    tally = Tally()
    for case in cases:
        started = time.process_time()
        parts = [case.image]
        x = gutter(case.image) if preprocessing.split else None
        if x is not None:
            width, height = case.image.size
            parts = [case.image.crop((0, 0, x, height)), case.image.crop((x, 0, width, height))]
        shown = [preprocess(part, preprocessing) for part in parts]
        tally.preparing += time.process_time() - started
        results = [read(one.image, auto_rotate=preprocessing.auto_rotate) for one in shown]
        tally.reading += sum(result.seconds for result in results)
        restored = [one.restore(result) for one, result in zip(shown, results, strict=True)]
        truth = comparable(case.text)
        errors = Levenshtein.distance(comparable(text_of(restored)), truth)
        tally.pages += 1
        tally.length += len(truth)
        tally.errors += errors
        print(f"    {case.name}: {errors} of {len(truth)}", flush=True)
    return tally


def targets(sources: list[Case]) -> dict[str, tuple[str, list[Case]]]:
    """The pages that need each step, with a description."""

    def made(how: str, change: Callable[[Image.Image], Image.Image]) -> list[Case]:
        return [Case(f"{case.name}, {how}", change(case.image), case.text) for case in sources]

    pairs = [
        Case(
            f"{left.name} | {right.name}, {shade}",
            facing(left.image, right.image, shadow=shade == "shadow", degrees=degrees),
            f"{left.text}\n{right.text}",
        )
        for left, right in zip(sources, [*sources[1:], sources[0]], strict=True)
        for shade, degrees in (("plain", 0.0), ("shadow", 0.7))
    ]
    return {
        "auto_rotate": (
            "rotated by 90°, 180°",
            [*made("90°", lambda i: turned(i, 90)), *made("180°", lambda i: turned(i, 180))],
        ),
        **{
            f"deskew {degrees:g}°": (
                f"skewed by {degrees:g}°",
                made(f"{degrees:g}°", partial(tilted, degrees=degrees)),
            )
            for degrees in (1.0, 3.0, -7.0)
        },
        "correct_perspective, dark": (
            "photographed on a dark table",
            made("dark table", lambda i: photographed(i, busy=False)),
        ),
        "correct_perspective, busy": (
            "photographed on a busy table",
            made("busy table", lambda i: photographed(i, busy=True)),
        ),
        **{
            f"enhance_contrast {share:.0%}": (
                f"faint: {share:.0%} of the contrast",
                made(f"{share:.0%}", partial(faint, share=share)),
            )
            for share in (0.15, 0.3)
        },
        "split": ("two facing pages", pairs),
        "downscale": ("A4 at 600 dpi", made("600 dpi", huge)),
    }


def table(sources: list[Case], corpus: list[Case]) -> str:
    """A Markdown table: each step on its pages and on the corpus, without it and with it."""
    lines = [
        "| Step | Its pages | Pages | Error rate without | with | Seconds a page without | with "
        "| Corpus without | with |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    done: dict[str, tuple[Tally, Tally]] = {}
    for title, (meant_for, cases) in targets(sources).items():
        step = title.partition(" ")[0].strip(",")
        without, with_step = _choices(step)
        print(title, flush=True)
        before, after = measured(cases, without), measured(cases, with_step)
        if step not in done:
            print(f"{step} on the corpus", flush=True)
            done[step] = measured(corpus, without), measured(corpus, with_step)
        harm = done[step]
        lines.append(
            f"| {step} | {meant_for} | {before.pages} | {before.rate:.4f} | {after.rate:.4f} "
            f"| {before.seconds:.2f} | {after.seconds:.2f} "
            f"| {harm[0].rate:.4f} | {harm[1].rate:.4f} |"
        )
        print(lines[-1], flush=True)
    return "\n".join(lines)


def _choices(step: str) -> tuple[Preprocessing, Preprocessing]:
    """The options without the step, and with it."""
    chosen = NOTHING.to_dict()
    return (
        Preprocessing.from_dict({**chosen, step: False}),
        Preprocessing.from_dict({**chosen, step: True}),
    )


def blank_seconds(cases: list[Case]) -> float:
    """Seconds per page of the blank page detection; asserts that no page is reported as blank."""
    started = time.process_time()
    wrong = [case.name for case in cases if is_blank(case.image)]
    assert wrong == [], wrong
    return (time.process_time() - started) / len(cases)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=os.environ.get("OCRPORTAL_CORPUS"))
    parser.add_argument("--table", type=Path, help="a document whose table is updated")
    options = parser.parse_args()
    if options.corpus is None:
        parser.error("give --corpus DIR, or set OCRPORTAL_CORPUS")

    corpus = []
    for page in full_text_pages(options.corpus):
        with Image.open(page.path) as image:
            image.load()
            plain = image if image.mode in ("1", "L") else image.convert("RGB")
            corpus.append(Case(page.name, plain, page.text))
    sources = [case for case in corpus if case.name in SOURCES]
    print(f"detection of blank pages: {blank_seconds(corpus):.3f} s a page")
    made = table(sources, corpus)
    report_table(made, options.table, TABLE)


if __name__ == "__main__":
    main()
