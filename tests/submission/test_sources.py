"""Sources of a submission and what is wrong with them."""

import pytest

from ocrportal.submission.sources import check_address


def test_an_address_is_a_source_named_after_its_end():
    source = check_address(" https://example.com/扫描.pdf?号=7#top ")
    assert (source.name, source.error, source.file) == ("扫描.pdf", None, None)
    assert source.address == "https://example.com/%E6%89%AB%E6%8F%8F.pdf?%E5%8F%B7=7"


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("http://169.254.169.254/keys", "http://169.254.169.254/keys", "address-refused"),
        ("page.png", "page.png", "address-bad"),
        ("ftp://bob:secret@example.com/a.png?key=secret", "ftp://example.com/a.png", "address-bad"),
    ],
)
def test_an_address_that_cannot_be_fetched_becomes_a_source_with_an_error(text, name, code):
    source = check_address(text)
    assert (source.name, source.error.code, source.address) == (name, code, "")


def test_an_address_inside_is_taken_if_the_administrator_permits_it(settings):
    settings.INTERNAL_HOSTS = ["scanner.office"]
    assert check_address("http://scanner.office/a.png").error is None
