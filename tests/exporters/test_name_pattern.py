from datetime import date

import pytest

from ocrportal.errors.export import UnknownExportOption
from ocrportal.exporters.name_pattern import NameFacts, checked_pattern, filled

FACTS = NameFacts(
    name="合同{job}",
    number=7,
    of=120,
    job="scans",
    day=date(2026, 11, 5),
    service="id-card",
    pages=3,
)


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("{name}", "合同{job}"),
        ("{job} {number} {date}", "scans 007 2026-11-05"),
        ("{service}_{pages}", "id-card_3"),
        ("{} {", "{} {"),
    ],
)
def test_placeholders_are_replaced_once(pattern, name):
    assert filled(checked_pattern(pattern), FACTS) == name


def test_an_unknown_placeholder_is_rejected_with_the_known_ones():
    with pytest.raises(UnknownExportOption) as refused:
        checked_pattern("{name} {page count}")
    assert "“{page count}”" in str(refused.value)
    assert "{name}, {number}, {job}, {date}, {service}, {pages}" in str(refused.value)


@pytest.mark.parametrize("pattern", ["{name}\0", "x" * 201])
def test_a_pattern_with_nul_or_too_many_characters_is_rejected(pattern):
    with pytest.raises(UnknownExportOption):
        checked_pattern(pattern)
