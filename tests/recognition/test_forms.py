"""What a user hands in, checked once for screens, API and commands."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from ocrportal.recognition.forms import SubmitForm, check_address


@pytest.fixture
def form_with(samples):
    def form_with(*names: str, **data: str) -> SubmitForm:
        files = [SimpleUploadedFile(name, (samples / name).read_bytes()) for name in names]
        return SubmitForm(data=data, files=MultiValueDict({"files": files}))

    return form_with


def test_files_are_enough_the_rest_has_defaults(form_with):
    form = form_with("page_zh.png", "scans.pdf")
    assert form.is_valid()
    chosen = form.cleaned_data
    assert (chosen["service"], chosen["engine"], chosen["pages"]) == ("general-text", "local", "")
    assert [(s.name, s.format.key, s.error) for s in chosen["sources"]] == [
        ("page_zh.png", "png", None),
        ("scans.pdf", "pdf", None),
    ]


def test_nothing_chosen_is_told(form_with):
    form = form_with()
    assert not form.is_valid()
    assert form.errors["files"] == ["Choose at least one file."]


def test_a_bad_file_beside_a_good_one_becomes_a_source_with_an_error(form_with):
    form = form_with("empty.jpg", "page_zh.png", "html.jpg")
    assert form.is_valid()
    empty, good, html = form.cleaned_data["sources"]
    assert empty.error.code == "file-empty"
    assert good.error is None
    assert html.error.code == "already-text"


def test_bad_files_alone_are_refused_each_with_its_reason(form_with):
    form = form_with("empty.jpg", "html.jpg")
    assert not form.is_valid()
    assert form.errors["files"] == [
        "empty.jpg: This file is empty (0 bytes). Choose the file again, or scan it anew.",
        "html.jpg: This file already is text (HTML); there is nothing to recognise.",
    ]


def test_a_file_over_the_limit_is_refused_with_the_limit(form_with, settings):
    settings.MAX_FILE_MB = 0
    form = form_with("page_zh.png")
    assert not form.is_valid()
    assert form.errors["files"] == [
        "page_zh.png: This file is larger than 0 MB. Split it, or save it smaller."
    ]


def test_too_many_files_are_refused_with_the_limit(form_with, settings):
    settings.MAX_FILES_PER_JOB = 1
    form = form_with("page_zh.png", "page_en.tif")
    assert not form.is_valid()
    assert form.errors["files"] == [
        "At most 1 files can be handed in at once. Split them into several jobs."
    ]


@pytest.mark.parametrize("pages", ["a", "3-1", "0", "1,,x"])
def test_what_is_no_page_range_is_refused(form_with, pages):
    form = form_with("scans.pdf", pages=pages)
    assert not form.is_valid()
    assert form.errors["pages"] == [f"“{pages}” is not a page range. Write it like 1-3,7."]


def test_an_unknown_service_or_engine_is_refused(form_with):
    assert "service" in form_with("scans.pdf", service="palm-reading").errors
    assert "engine" in form_with("scans.pdf", engine="crystal-ball").errors


def test_services_are_named_in_the_readers_language(form_with):
    with translation.override("zh-hans"):
        assert form_with().fields["service"].choices == [("general-text", "通用文字识别")]


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
