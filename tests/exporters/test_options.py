import pytest

from ocrportal.errors.export import UnknownExportOption
from ocrportal.exporters.options import ExportOptions, as_words, read_options


def test_missing_options_have_their_defaults():
    assert read_options({"lines": "", "other": "x"}) == ExportOptions()


def test_words_are_converted_to_values():
    words = {"lines": "printed", "headers_footers": "off", "layout": "fixed", "picture": "on"}
    words |= {"sheets": "pages", "quality": "small", "merged": "on", "names": "{job} {number}"}
    assert read_options(words) == ExportOptions(
        lines="printed",
        headers_footers=False,
        layout="fixed",
        picture=True,
        sheets="pages",
        quality="small",
        merged=True,
        names="{job} {number}",
    )


def test_an_unknown_word_is_rejected_with_the_known_ones():
    with pytest.raises(UnknownExportOption, match=r"“maybe”.*“headers_footers”.*on, off"):
        read_options({"headers_footers": "maybe"})


def test_values_are_converted_back_to_the_same_words():
    options = ExportOptions(lines="printed", headers_footers=False, layout="fixed", picture=True)
    assert read_options(as_words(options)) == options
    assert as_words(ExportOptions())["headers_footers"] == "on"
