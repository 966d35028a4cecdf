"""Passages of Word files that their PDF does not show."""

from __future__ import annotations

from pathlib import Path

from ocrportal.ingest.convert.office import ConvertedOffice, convert_office
from ocrportal.ingest.convert.word_text import Passage, missing_passages
from ocrportal.ingest.sniff.file_type import Format
from tests.ingest.word_files import word_file


def convert(source: Path, folder: Path) -> ConvertedOffice:
    return convert_office(
        source,
        Format("docx", "", "docx"),
        folder,
        seconds=120,
        memory_mb=1024,
        max_unpacked_bytes=100 * 2**20,
    )


def passages_of(source: Path, folder: Path) -> tuple[Passage, ...]:
    return convert(source, folder).passages


def test_the_end_of_a_full_text_box_is_found(tmp_path: Path) -> None:
    box = ("First inform the kindergarten", "Then wash the hands", "最后通知监护人带孩子离开")
    source = word_file(tmp_path / "a.docx", *["A page of text."] * 60, box=box)
    found = passages_of(source, tmp_path)
    assert [passage.text for passage in found] == list(box[-len(found) :])
    assert box[-1] in [passage.text for passage in found]


def test_a_file_that_is_printed_as_a_whole_has_none(tmp_path: Path) -> None:
    source = word_file(tmp_path / "a.docx", "A sentence that runs over its line. " * 80, "短", "x")
    assert passages_of(source, tmp_path) == ()


def test_arabic_letters_that_a_pdf_has_in_another_order_are_printed(tmp_path: Path) -> None:
    texts = (
        "الإسلام والسلام والأخلاق هي من الأسس التي لا غنى عنها في الحياة الاجتماعية للإنسان",
        "الاسلام",
        "لا إله إلا الله ولا حول ولا قوة إلا بالله",
    )
    source = word_file(tmp_path / "a.docx", *texts)
    made = convert(source, tmp_path)
    assert made.passages == ()
    other = word_file(tmp_path / "b.docx", *texts, "كتاب جديد")
    assert [passage.text for passage in missing_passages(other, made.pdf)] == ["كتاب جديد"]


def test_several_short_differences_are_no_passage(tmp_path: Path) -> None:
    # As of fields that are updated: each is shorter than what the end of a text box lacks.
    text = "Printed on {} March and checked on {} March by the office of the town on {} March"
    made = convert(word_file(tmp_path / "a.docx", text.format("1st", "2nd", "3rd")), tmp_path)
    other = word_file(tmp_path / "b.docx", text.format("14th", "15th", "16th"))
    assert missing_passages(other, made.pdf) == ()
