"""The choice between two readings of the lines that overprints cross."""

from types import SimpleNamespace

import numpy as np
import pytest

from ocrportal.engines.local.detection import Corners
from ocrportal.engines.local.overprints.lines import better_lines, without_tilted_watermark
from ocrportal.engines.local.recognition import Reading, TextRegion
from ocrportal.geometry import Rect

SEAL = Rect(400, 0, 600, 200)


def region(text: str, confidence: float, left: float, top: float, tilt: float = 0) -> TextRegion:
    """A line of 20 pixels a character and 40 pixels height."""
    right = left + 20 * len(text)
    corners = [[left, top], [right, top + tilt], [right, top + tilt + 40], [left, top + 40]]
    return TextRegion(np.array(corners, np.float32), Reading(text, confidence, ()))


def chosen(
    printed: list[TextRegion],
    clean: list[TextRegion],
    *,
    overprinted: str = "",
    watermark: str | None = None,
    is_frame: bool = False,
) -> list[str]:
    """The texts kept; ``overprinted`` are the texts of lines that vanish with the overprint."""
    contained = [line.corners for line in printed if line.reading.text in overprinted.split("|")]

    def contain(corners: Corners) -> bool:
        return any(corners is one for one in contained)

    seals = [] if watermark else [SEAL]
    overprints = SimpleNamespace(
        seals=seals, frames=seals if is_frame else [], watermark=watermark, contain=contain
    )
    kept = better_lines(printed, clean, overprints)  # type: ignore[arg-type]  # a stand-in
    return sorted(line.reading.text for line in kept)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (("Mi|| Street", 0.7), ("Mill Street", 0.99), "Mill Street"),
        (("Mill Street", 0.99), ("Mi Strt", 0.6), "Mill Street"),
        (("Mill Street", 0.98), ("Mill Street 9", 0.97), "Mill Street 9"),
    ],
)
def test_the_better_reading_is_kept(
    before: tuple[str, float], after: tuple[str, float], expected: str
) -> None:
    assert chosen([region(*before, 0, 0)], [region(*after, 0, 2)]) == [expected]


def test_a_line_found_without_the_overprint_only_is_added() -> None:
    assert chosen([region("above", 1, 0, 0)], [region("hidden", 1, 0, 90)]) == ["above", "hidden"]


def test_parts_of_a_line_become_the_whole_line() -> None:
    parts = [region("left", 1, 0, 0), region("right", 1, 160, 0)]
    assert chosen(parts, [region("left of right", 1, 0, 0)]) == ["left of right"]


def test_a_reading_that_lost_coloured_text_does_not_replace_the_line() -> None:
    printed = [region("Name: Anna in blue", 0.95, 0, 0)]
    assert chosen(printed, [region("Name:", 1, 0, 0)]) == ["Name: Anna in blue"]


def test_the_text_of_a_seal_is_dropped_and_a_coloured_heading_is_not() -> None:
    printed = [region("SEAL", 1, 450, 50), region("HEADING", 1, 0, 500)]
    assert chosen(printed, [], overprinted="SEAL|HEADING") == ["HEADING"]


def test_what_is_legible_in_a_rectangular_frame_is_kept() -> None:
    printed = [
        region("PAID IN FULL", 0.97, 400, 20),
        region("之印", 0.97, 450, 60),
        region("tsrif", 0.6, 450, 90),
        region("用〓务", 0.9, 450, 90),
        region("APPROVED", 0.97, 420, 120, tilt=40),
    ]
    overprinted = "PAID IN FULL|之印|tsrif|用〓务|APPROVED"
    assert chosen(printed, [], overprinted=overprinted, is_frame=True) == ["PAID IN FULL"]
    assert chosen(printed, [], overprinted=overprinted) == []


def test_tilted_text_and_single_letters_of_a_tilted_watermark_are_dropped() -> None:
    printed = [
        region("DRAFT", 1, 0, 0, tilt=40),
        region("D", 1, 0, 300),
        region("page 3", 1, 0, 600),
    ]
    assert chosen(printed, [], overprinted="DRAFT|D|page 3", watermark="tilted") == ["page 3"]


def test_repetitions_and_parts_of_a_level_watermark_are_dropped() -> None:
    marks = [region("DRAFT 1", 1, 0, 100 * i) for i in range(4)]
    parts = [region("FT 1DRA", 1, 300, 0), region("1", 1, 500, 0)]
    overprinted = "DRAFT 1|FT 1DRA|1"
    assert chosen([*marks, *parts], [], overprinted=overprinted, watermark="level") == []


def test_pale_labels_with_different_texts_are_kept() -> None:
    labels = ["Reply", "Reply", "Reply", "2 days", "1 week", "Share"]
    printed = [region(text, 1, 0, 100 * i) for i, text in enumerate(labels)]
    kept = chosen(printed, [], overprinted="|".join(labels), watermark="level")
    assert kept == sorted(labels)


def left_of(regions: list[TextRegion]) -> list[str]:
    return [line.reading.text for line in without_tilted_watermark(regions)]


PARAGRAPH = [region(f"line {number}", 1, 0, 60 * number) for number in range(8)]


def test_a_text_that_is_repeated_at_an_angle_is_a_watermark() -> None:
    mark = [region("DRAFT", 1, 100, 100 * number, tilt=-50) for number in range(4)]
    part = region("DRA", 1, 300, 500, tilt=-30)
    assert left_of([*PARAGRAPH, *mark, part]) == left_of(PARAGRAPH)


def test_a_text_that_is_tilted_once_or_differs_stays() -> None:
    twice = [region("DRAFT", 1, 100, 100 * number, tilt=-50) for number in range(2)]
    labels = [region(f"axis {number}", 1, 100, 90 * number, tilt=-50) for number in range(6)]
    assert left_of([*PARAGRAPH, *twice]) == [*left_of(PARAGRAPH), "DRAFT", "DRAFT"]
    assert len(left_of([*PARAGRAPH, *labels])) == 14


@pytest.mark.parametrize("rows", [1, 2])
def test_a_text_that_is_repeated_at_an_angle_in_one_place_stays(rows: int) -> None:
    labels = [
        region("total", 1, 100 * number, 600 + 100 * row, tilt=-45)
        for number in range(4)
        for row in range(rows)
    ]
    assert left_of([*PARAGRAPH, *labels]).count("total") == 4 * rows


def test_a_text_that_is_repeated_on_a_skewed_page_stays() -> None:
    skewed = [region("yes", 1, 0, 60 * number, tilt=20) for number in range(5)]
    assert left_of(skewed) == ["yes"] * 5
