"""What each step of preprocessing does to the error rate: on its own pages, and on others.

    python -m bench.preprocessing --corpus DIR [--table docs/preprocessing.md]

What the engine said of a picture is kept in ``build/``, so that a second run is quick.
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
from pathlib import Path

from PIL import Image
from rapidfuzz.distance import Levenshtein

from bench.accuracy import bare
from bench.corpus import full_text_pages
from bench.transforms import facing, faint, huge, photographed, tilted, turned
from ocrportal.catalogue.spec import services
from ocrportal.engines import engine_for
from ocrportal.engines.base import AUTO_ROTATE
from ocrportal.exporters.document import ExportDocument, ExportPage
from ocrportal.exporters.text import write_text
from ocrportal.ingest.base import Preprocessing
from ocrportal.ingest.preprocessing.blank_page import is_blank
from ocrportal.ingest.preprocessing.preprocess import preprocess
from ocrportal.ingest.preprocessing.spreads import gutter
from ocrportal.results import PageResult

KEPT = Path("build/preprocessing")
BEGIN, END = "<!-- preprocessing table: begin -->", "<!-- preprocessing table: end -->"
SOURCES = (
    "debmake_zh_p51.png",
    "debref_zhtw_p152.png",
    "ed_en-text-bitcoin.png",
    "mineru_p3_tuwen84_p1.jpg",
    "tess_eurotext.tif",
)
"""From these the pages are made that a step is meant for: one column, read well as they are."""
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
    """A picture and what stands on it."""

    name: str
    image: Image.Image
    text: str


@dataclass(slots=True)
class Tally:
    """Errors, and seconds of one processor, over some pages."""

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
    """What the embedded engine says, from an earlier run if it was shown this picture then."""
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
    """What our TXT export holds for these pages."""
    pages = [ExportPage(number, result, bytes) for number, result in enumerate(results, 1)]
    out = io.BytesIO()
    write_text(ExportDocument(title="", iter_pages=lambda: iter(pages)), out)
    return out.getvalue().decode()


def measured(cases: Iterable[Case], preprocessing: Preprocessing) -> Tally:
    """Prepare, read and compare, as the portal would with these choices."""
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
        said = [read(one.image, auto_rotate=preprocessing.auto_rotate) for one in shown]
        tally.reading += sum(result.seconds for result in said)
        restored = [one.restore(result) for one, result in zip(shown, said, strict=True)]
        truth = bare(case.text)
        errors = Levenshtein.distance(bare(text_of(restored)), truth)
        tally.pages += 1
        tally.length += len(truth)
        tally.errors += errors
        print(f"    {case.name}: {errors} of {len(truth)}", flush=True)
    return tally


def targets(sources: list[Case]) -> dict[str, tuple[str, list[Case]]]:
    """For each step what it is meant for: in words, and as pages."""

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
            "lying on the side, upside down",
            [*made("90°", lambda i: turned(i, 90)), *made("180°", lambda i: turned(i, 180))],
        ),
        **{
            f"deskew {degrees:g}°": (
                f"askew by {degrees:g}°",
                made(f"{degrees:g}°", lambda i, degrees=degrees: tilted(i, degrees)),  # type: ignore[misc]  # mypy knows no defaults of lambdas
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
                made(f"{share:.0%}", lambda i, share=share: faint(i, share)),  # type: ignore[misc]  # see above
            )
            for share in (0.15, 0.3)
        },
        "split": ("two facing pages", pairs),
        "downscale": ("A4 at 600 dpi", made("600 dpi", huge)),
    }


def table(sources: list[Case], others: list[Case]) -> str:
    """A Markdown table: each step on its pages and on the others, without it and with it."""
    lines = [
        "| Step | Its pages | Pages | Error rate without | with | Seconds a page without | with "
        "| Others without | with |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    done: dict[str, tuple[Tally, Tally]] = {}
    for title, (meant_for, cases) in targets(sources).items():
        step = title.partition(" ")[0].strip(",")
        without, with_step = _choices(step)
        print(title, flush=True)
        before, after = measured(cases, without), measured(cases, with_step)
        if step not in done:
            print(f"{step} on others", flush=True)
            done[step] = measured(others, without), measured(others, with_step)
        harm = done[step]
        lines.append(
            f"| {step} | {meant_for} | {before.pages} | {before.rate:.4f} | {after.rate:.4f} "
            f"| {before.seconds:.2f} | {after.seconds:.2f} "
            f"| {harm[0].rate:.4f} | {harm[1].rate:.4f} |"
        )
        print(lines[-1], flush=True)
    return "\n".join(lines)


def _choices(step: str) -> tuple[Preprocessing, Preprocessing]:
    """Nothing but auto_rotate, and the same with this step."""
    chosen = NOTHING.to_dict()
    return (
        Preprocessing.from_dict({**chosen, step: False}),
        Preprocessing.from_dict({**chosen, step: True}),
    )


def blank_seconds(cases: list[Case]) -> float:
    """How long it takes to see that a page is not blank; fails if one is taken for blank."""
    started = time.process_time()
    wrong = [case.name for case in cases if is_blank(case.image)]
    assert wrong == [], wrong
    return (time.process_time() - started) / len(cases)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=os.environ.get("OCRPORTAL_CORPUS"))
    parser.add_argument("--table", type=Path, help="a document whose table is renewed")
    options = parser.parse_args()
    if options.corpus is None:
        parser.error("give --corpus DIR, or set OCRPORTAL_CORPUS")

    others = []
    for page in full_text_pages(options.corpus):
        with Image.open(page.path) as image:
            image.load()
            plain = image if image.mode in ("1", "L") else image.convert("RGB")
            others.append(Case(page.name, plain, page.text))
    sources = [case for case in others if case.name in SOURCES]
    print(f"looking for blank pages: {blank_seconds(others):.3f} s a page")
    made = table(sources, others)
    print(made)
    if options.table:
        before, _, rest = options.table.read_text("utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        options.table.write_text(f"{before}{BEGIN}\n{made}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
