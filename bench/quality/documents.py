"""Generated documents: text with its order, tables and regions, for the tuning and the test part.

    python -m bench.quality.documents [--part tuning|test|both] [--kinds paper,form] [--pages 4]
        [--pdf] [--dump DIR] [--table docs/quality.md]

``bench/documents`` describes the documents and the two parts. ``--pdf`` takes the text from the
PDF files instead of reading pictures. ``--dump`` writes for each page its picture with the blocks
drawn over it, the true text and the text of the product, for documents of the tuning part only.

Needs Chromium and the fonts Noto CJK and URW (``fonts-urw-base35``). Documents and the outputs of
the neural networks are cached in ``build/``.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from statistics import mean

import django

from bench.document_table import report_table
from bench.documents.kinds import KINDS
from bench.documents.reading import ReadDocument, read_pdf, read_pictures
from bench.documents.samples import Sample, samples
from bench.documents.split import PARTS, Part
from bench.documents.variants import VARIANTS
from bench.network_cache import cached_networks
from bench.quality.measures.covered_text import COVERS, covered_lines, line_errors
from bench.quality.measures.dump import dump
from bench.quality.measures.found_tables import TableScores, compare_tables
from bench.quality.measures.order import order_distance, placed_blocks, text_errors
from bench.quality.measures.read_areas import READ, read_areas, without_area_texts
from bench.quality.measures.regions import Counts, compare, total
from bench.quality.measures.type_styles import compare_styles

TABLE = "generated documents"
PDF_TABLE = "generated PDF files"
PAGES = 4


@dataclass(frozen=True, slots=True)
class Measured:
    """The measures of one document."""

    kind: str
    part: Part
    variant: str
    errors: int
    characters: int
    moved: int
    """The edit distance of the order of its blocks."""
    blocks: int
    tables: TableScores
    regions: dict[str, Counts]
    styles: dict[str, Counts]
    """Characters of bold, italic and underlined type."""
    covered: dict[str, tuple[int, int]]
    """Character errors and characters of the lines below each kind of ``COVERS``."""
    read: dict[str, tuple[int, int, int]]
    """The areas of each kind of ``READ`` with a text, those read right, and those read wrong."""

    @property
    def text_error(self) -> float:
        return self.errors / max(1, self.characters)


def measure(sample: Sample, read: ReadDocument) -> Measured:
    """Compare a document as the product reads it with the truth."""
    blocks = placed_blocks(read.truth, read.pages)
    errors, characters = text_errors(blocks, without_area_texts(read.text, read.truth, read.pages))
    moved, running = order_distance(blocks)
    pairs = list(zip(read.truth, read.pages, strict=True))
    covered = {}
    for cover in COVERS:
        counts = [line_errors(list(covered_lines(truth, cover)), page) for truth, page in pairs]
        covered[cover] = (sum(errors for errors, _ in counts), sum(length for _, length in counts))
    return Measured(
        sample.kind,
        sample.part,
        sample.variant,
        errors,
        characters,
        moved,
        running,
        compare_tables(read.truth, read.pages),
        total([compare(*pair) for pair in pairs]),
        total([compare_styles(*pair) for pair in pairs]),
        covered,
        {kind: _sums(read_areas(*pair, kind) for pair in pairs) for kind in READ},
    )


def _sums(counts: Iterable[tuple[int, int, int]]) -> tuple[int, int, int]:
    areas, right, wrong = (sum(column) for column in zip(*counts, strict=True))
    return areas, right, wrong


def report(results: list[Measured], parts: list[Part], variants: Sequence[str]) -> str:
    """Markdown tables: by kind and variant, and by kind of region, for each part."""
    lines = [
        "| Kind | Part | Documents | Text error | Order | TEDS | Tables | Spurious |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for kind, of_kind in groupby(results, key=lambda result: result.kind):
        group = list(of_kind)
        for part in parts:
            lines += _row(kind, part, [result for result in group if result.part == part])
    for variant in variants:
        for part in parts:
            some = [r for r in results if (r.variant, r.part) == (variant, part)]
            lines += _row(f"*{variant}*", part, some)
    for part in parts:
        lines += _row("**all**", part, [result for result in results if result.part == part])
    lines += _counted("Region", results, parts, lambda result: result.regions)
    lines += _counted("Characters in type", results, parts, lambda result: result.styles)
    lines += ["", "| Special text and tables | " + " | ".join(parts) + " |"]
    lines.append("|---|" + "--:|" * len(parts))
    grouped = [[result for result in results if result.part == part] for part in parts]
    for cover in COVERS:
        cells = " | ".join(_covered(some, cover) for some in grouped)
        lines.append(f"| Characters below a {cover}: error | {cells} |")
    for kind in READ:
        cells = " | ".join(_read(some, kind) for some in grouped)
        lines.append(f"| Text of a {kind}: read (wrongly) | {cells} |")
    cells = " | ".join(map(_joined, grouped))
    lines.append(f"| Tables over pages joined (wrongly) | {cells} |")
    return "\n".join(lines)


def _counted(
    title: str,
    results: list[Measured],
    parts: list[Part],
    counts_of: Callable[[Measured], dict[str, Counts]],
) -> Iterable[str]:
    heads = " | ".join(f"{part}: true | found | precision | recall" for part in parts)
    yield from ("", f"| {title} | {heads} |", "|---|" + "--:|--:|--:|--:|" * len(parts))
    sums = {
        part: total([counts_of(result) for result in results if result.part == part])
        for part in parts
    }
    for kind in sorted({kind for counts in sums.values() for kind in counts}):
        cells = " | ".join(_counts(sums[part].get(kind, Counts())) for part in parts)
        yield f"| {kind.replace('_', ' ')} | {cells} |"


def _covered(results: list[Measured], cover: str) -> str:
    errors, length = (sum(r.covered[cover][index] for r in results) for index in (0, 1))
    return f"{errors / length:.3f} of {length}" if length else ""


def _read(results: list[Measured], kind: str) -> str:
    if not results:
        return ""
    areas, right, wrong = _sums(result.read[kind] for result in results)
    return f"{right} of {areas} ({wrong})"


def _joined(results: list[Measured]) -> str:
    joined, over_pages, wrong = (
        sum(getattr(result.tables, name) for result in results)
        for name in ("joined", "over_pages", "joined_wrongly")
    )
    return f"{joined} of {over_pages} ({wrong})"


def _row(kind: str, part: Part, results: list[Measured]) -> Iterable[str]:
    if not results:
        return
    errors = sum(r.errors for r in results) / max(1, sum(r.characters for r in results))
    moved = sum(r.moved for r in results) / max(1, sum(r.blocks for r in results))
    scores = [score for result in results for score in result.tables.teds]
    shown = f"{mean(scores):.3f}" if scores else ""
    spurious = sum(result.tables.spurious for result in results)
    yield (
        f"| {kind.replace('_', ' ')} | {part} | {len(results)} | {errors:.4f} | {moved:.3f} | "
        f"{shown} | {len(scores) or ''} | {spurious or ''} |"
    )


def _counts(counts: Counts) -> str:
    precision = f"{counts.right / counts.found:.2f}" if counts.found else ""
    recall = f"{counts.right / counts.true:.2f}" if counts.true else ""
    return f"{counts.true} | {counts.found} | {precision} | {recall}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", choices=(*PARTS, "both"), default="both")
    parser.add_argument("--kinds", help="names of kinds, separated by commas (default: all)")
    parser.add_argument("--pages", type=int, default=PAGES, help="documents of each kind and part")
    parser.add_argument("--pdf", action="store_true", help="take the text from the PDF files")
    parser.add_argument("--dump", type=Path, help="a folder for pictures and texts of each page")
    parser.add_argument("--table", type=Path, help="a document whose table is updated")
    options = parser.parse_args()
    kinds = options.kinds.split(",") if options.kinds else list(KINDS)
    if unknown := set(kinds) - set(KINDS):
        parser.error(f"unknown kinds: {', '.join(sorted(unknown))}; known: {', '.join(KINDS)}")
    parts: list[Part] = list(PARTS) if options.part == "both" else [options.part]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocrportal.settings")
    django.setup()
    read: Callable[[Sample], ReadDocument] = read_pdf if options.pdf else read_pictures
    results = []
    with ExitStack() as stack:
        stack.enter_context(cached_networks())
        for sample in samples(kinds, parts, options.pages):
            document = read(sample)
            result = measure(sample, document)
            results.append(result)
            scores = " ".join(f"{score:.2f}" for score in result.tables.teds)
            print(
                f"{sample.name:24} {sample.part:6} {sample.variant:12} "
                f"text {result.text_error:.4f}  order {result.moved}/{result.blocks}  "
                f"tables [{scores}] +{result.tables.spurious}",
                flush=True,
            )
            if options.dump and sample.part == "tuning":
                dump(options.dump, sample.name, document)
    # The PDF is the same whatever happens to its pictures.
    table = report(results, parts, () if options.pdf else VARIANTS)
    report_table(table, options.table, PDF_TABLE if options.pdf else TABLE)


if __name__ == "__main__":
    main()
