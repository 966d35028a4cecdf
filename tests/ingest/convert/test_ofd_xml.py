from itertools import islice

import pytest

from ocrportal.ingest.convert.ofd_xml import steps


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", []), ("5 6", [5, 6]), ("g 3 5 2", [5, 5, 5, 2]), ("1.5 g 2 4", [1.5, 4, 4])],
)
def test_distances_may_be_repeated(text: str, expected: list[float]) -> None:
    assert list(steps(text)) == expected


def test_a_million_repeated_distances_are_generated_lazily() -> None:
    assert list(islice(steps("g 999999 5"), 2)) == [5, 5]
