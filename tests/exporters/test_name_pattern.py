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
def test_a_pattern_is_filled_with_what_is_known_once(pattern, name):
    assert filled(checked_pattern(pattern), FACTS) == name


def test_an_unknown_placeholder_is_refused_with_the_known_ones():
    with pytest.raises(UnknownExportOption) as refused:
        checked_pattern("{name} {page count}")
    assert "“{page count}”" in str(refused.value)
    assert "{name}, {number}, {job}, {date}, {service}, {pages}" in str(refused.value)


@pytest.mark.parametrize("pattern", ["{name}\0", "x" * 201])
def test_what_no_database_keeps_and_what_is_too_long_is_refused(pattern):
    with pytest.raises(UnknownExportOption):
        checked_pattern(pattern)
