import pytest

from ocrportal.ingest.readers.ideographs import unified


@pytest.mark.parametrize(
    ("char", "ideograph"),
    [
        ("\u2f42", "\u6587"),  # Kangxi radical
        ("\u2ed3", "\u957f"),  # CJK Radicals Supplement
        ("\uf900", "\u8c48"),  # CJK Compatibility Ideographs
        ("\U0002f800", "\u4e3d"),  # their supplement
    ],
)
def test_radicals_and_compatibility_ideographs_become_unified(char: str, ideograph: str) -> None:
    assert char != ideograph
    assert unified(char) == ideograph


@pytest.mark.parametrize("char", "文，（Ａ①㎡ﾊがé﨎")
def test_other_characters_are_unchanged(char: str) -> None:
    assert unified(char) == char


def test_radicals_without_an_ideograph_are_unchanged() -> None:
    assert unified("⺀") == "⺀"
