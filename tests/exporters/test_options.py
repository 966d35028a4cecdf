import pytest

from ocrportal.errors.export import UnknownExportOption
from ocrportal.exporters.options import ExportOptions, as_words, read_options


def test_what_is_not_said_is_as_usual():
    assert read_options({"lines": "", "other": "x"}) == ExportOptions()


def test_words_become_choices():
    said = {"lines": "printed", "headers_footers": "off", "layout": "fixed", "picture": "on"}
    said |= {"sheets": "pages", "quality": "small", "merged": "on", "names": "{job} {number}"}
    assert read_options(said) == ExportOptions(
        *("printed", False, "fixed", True),
        *("pages", "small", True, "{job} {number}"),
    )


def test_a_word_that_is_no_choice_names_those_there_are():
    with pytest.raises(UnknownExportOption, match=r"“maybe”.*“headers_footers”.*on, off"):
        read_options({"headers_footers": "maybe"})


def test_choices_become_the_words_they_are_read_from():
    options = ExportOptions("printed", False, "fixed", True)
    assert read_options(as_words(options)) == options
    assert as_words(ExportOptions())["headers_footers"] == "on"
