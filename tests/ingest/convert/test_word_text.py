"""Passages of Word files that their PDF does not show."""

from __future__ import annotations

from pathlib import Path

from ocrportal.ingest.convert.office import convert_office
from ocrportal.ingest.convert.word_text import Passage
from ocrportal.ingest.sniff.file_type import Format
from tests.ingest.word_files import word_file


def passages_of(source: Path, folder: Path) -> tuple[Passage, ...]:
    return convert_office(
        source,
        Format("docx", "", "docx"),
        folder,
        seconds=120,
        memory_mb=1024,
        max_unpacked_bytes=100 * 2**20,
    ).passages


def test_the_end_of_a_full_text_box_is_found(tmp_path: Path) -> None:
    box = ("First inform the kindergarten", "Then wash the hands", "最后通知监护人带孩子离开")
    source = word_file(tmp_path / "a.docx", *["A page of text."] * 60, box=box)
    found = passages_of(source, tmp_path)
    assert [passage.text for passage in found] == list(box[-len(found) :])
    assert box[-1] in [passage.text for passage in found]


def test_a_file_that_is_printed_as_a_whole_has_none(tmp_path: Path) -> None:
    source = word_file(tmp_path / "a.docx", "A sentence that runs over its line. " * 80, "短", "x")
    assert passages_of(source, tmp_path) == ()
