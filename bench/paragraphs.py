"""Paragraphs of typeset documents after a scan: how many are found again, as TXT and Word.

    python -m bench.paragraphs [--table docs/quality.md]

Needs LibreOffice, Poppler and the fonts Noto CJK and URW (``fonts-urw-base35``). Sets and
reads six documents the first time; keeps them in ``build/``.
"""

from __future__ import annotations

import argparse
import io
import subprocess
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import docx
from rapidfuzz.distance import Levenshtein

from bench.accuracy import bare
from bench.recognised import recognised
from bench.typeset import DPI, STYLES, Typeset, typeset
from ocrportal.exporters.document import ExportDocument, ExportPage
from ocrportal.exporters.flow import flow_of
from ocrportal.exporters.options import ExportOptions
from ocrportal.exporters.text import write_text
from ocrportal.exporters.word.document import write_word
from ocrportal.layout.page import Paragraph

FOLDER = Path("build/typeset")
BEGIN, END = "<!-- paragraphs table: begin -->", "<!-- paragraphs table: end -->"
WITHOUT_FURNITURE = ExportOptions(furniture=False)


@dataclass(frozen=True, slots=True)
class Boundaries:
    """How many paragraph ends are true, told, and both."""

    true: int
    told: int
    met: int

    def __str__(self) -> str:
        recall, precision = self.met / self.true, self.met / max(self.told, 1)
        return f"{recall:.1%} | {precision:.1%}".replace("%", " %")


def boundaries(truth: list[str], told: list[str]) -> Boundaries:
    """Compare where paragraphs end, whatever characters were read wrongly."""
    truth, told = [bare(text) for text in truth], [bare(text) for text in told]
    true_ends = set(list(accumulate(map(len, truth)))[:-1])
    ends = list(accumulate(map(len, told)))[:-1]
    moved = _moved(Levenshtein.opcodes("".join(told), "".join(truth)), ends)
    met = {min(true_ends, key=lambda true: abs(true - end)) for end in moved}
    close = {true for true in met if min(abs(true - end) for end in moved) <= 2}
    return Boundaries(len(true_ends), len(ends), len(close))


def _moved(steps: Levenshtein, ends: list[int]) -> list[int]:  # type: ignore[valid-type]  # untyped
    places = []
    for end in ends:
        for step in steps:
            if step.src_start <= end <= step.src_end:
                along = min(end - step.src_start, step.dest_end - step.dest_start)
                places.append(step.dest_start + along)
                break
    return places


def document_of(sample: Typeset) -> ExportDocument:
    """The typeset document as it comes from recognition."""

    def pages():  # type: ignore[no-untyped-def]  # of ExportPage
        for number, path in enumerate(sample.pages, 1):
            yield ExportPage(number, recognised(path), path.read_bytes, DPI)

    return ExportDocument(sample.style.name, pages)


def row(sample: Typeset) -> str:
    """What was found again of one document, as a row of the table."""
    document = document_of(sample)
    text, word = io.BytesIO(), io.BytesIO()
    write_text(document, text, WITHOUT_FURNITURE)
    write_word(document, word, WITHOUT_FURNITURE)
    as_text = [line for line in text.getvalue().decode().split("\n") if line]
    opened = docx.Document(word)
    as_word = [paragraph.text for paragraph in opened.paragraphs if paragraph.text]
    truth = list(sample.paragraphs)
    parts = [
        part
        for page in flow_of(document, WITHOUT_FURNITURE)
        for part in page.parts
        if isinstance(part, Paragraph)
    ]
    heads = _found(sample.headings, [part.text for part in parts if part.kind == "heading"])
    items = _found(sample.items, [part.text for part in parts if part.kind == "item"])
    pages, told = printed(word.getvalue(), sample.style.name)
    wanted = bare("".join(paragraph.text for paragraph in opened.paragraphs))
    same = Levenshtein.distance(bare(told), wanted) / len(wanted)
    return (
        f"| {sample.style.name} | {len(truth)} | {boundaries(truth, as_text)} | "
        f"{boundaries(_unmarked(sample, truth), as_word)} | {heads} | {items} | "
        f"{len(sample.pages)} → {pages} | {same:.4f} |"
    )


def _found(truth: tuple[str, ...], told: list[str]) -> str:
    names = {bare(text) for text in truth}
    right = sum(min(Levenshtein.distance(bare(t), name) for name in names) < 3 for t in told)
    return f"{right} / {len(truth)} (+{len(told) - right})" if told else f"0 / {len(truth)}"


def _unmarked(sample: Typeset, truth: list[str]) -> list[str]:
    """Word counts the items itself."""
    return [text.lstrip("•（一二三四）1234) ") if text in sample.items else text for text in truth]


def printed(word: bytes, name: str) -> tuple[int, str]:
    """The pages and the text of the PDF that LibreOffice makes of a Word document."""
    folder = FOLDER / "printed"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.docx").write_bytes(word)
    profile = f"-env:UserInstallation={(FOLDER / 'profile').absolute().as_uri()}"
    convert = ["soffice", profile, "--headless", "--convert-to", "pdf", f"{name}.docx"]
    subprocess.run(convert, cwd=folder, check=True, capture_output=True)
    read = ["pdftotext", "-raw", f"{name}.pdf", "-"]
    text = subprocess.run(read, cwd=folder, check=True, capture_output=True, text=True).stdout
    return text.count("\f"), text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--table", type=Path, help="a document whose table is renewed")
    options = parser.parse_args()
    lines = [
        "| Document | Paragraphs | TXT: ends found | of those told | Word: ends found "
        "| of those told | Headings (+wrong) | Items (+wrong) | Pages | Word → PDF text |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        *(row(typeset(style, FOLDER)) for style in STYLES),
    ]
    table = "\n".join(lines)
    print(table)
    if options.table:
        before, _, rest = options.table.read_text("utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        options.table.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
