import pytest
from django.core.exceptions import ValidationError

from ocrportal.submission.name_pattern_field import NamesField


@pytest.mark.parametrize(
    ("typed", "pattern"), [("", "{name}"), (" {job} {number} ", "{job} {number}")]
)
def test_an_empty_pattern_selects_the_default(typed, pattern):
    assert NamesField().clean(typed) == pattern


def test_an_unknown_placeholder_is_refused_with_the_known_ones():
    with pytest.raises(ValidationError, match=r"“\{titel\}”.*\{name\}, \{number\}") as refused:
        NamesField().clean("{titel}")
    assert refused.value.code == "export-option-unknown"
