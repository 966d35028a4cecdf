"""Texts that are numbers in a table, and texts that are not."""

import pytest

from ocrportal.tables.numbers import is_number


@pytest.mark.parametrize(
    "text",
    ["7", "1,234.50", "(12)", "-3 %", "¥ 45.00", "2.35 ± 0.4", "2024-05-06", "2024年", "—", "n/a"],
)
def test_a_number_a_date_or_a_sign_for_none(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize("text", ["", "Total", "Note 3", "第三季度", "item 12 of the list"])
def test_words(text: str) -> None:
    assert not is_number(text)
