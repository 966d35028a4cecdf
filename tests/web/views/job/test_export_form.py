"""The choices of a download: what the form offers, and the file that comes of it."""

import re
import zipfile
from io import BytesIO

import pytest

from ocrportal.exporters.name_pattern import DEFAULT_NAME_PATTERN
from ocrportal.exporters.options import ExportOptions, as_words, declared_options, read_options
from ocrportal.jobs.models import Job
from ocrportal.jobs.models.export import Export
from ocrportal.web.views.job.export_form import ExportForm
from tests.web.conftest import add_document

from .test_downloads import body


@pytest.fixture
def job(make_job) -> Job:
    return make_job("done", name="合同.png")


@pytest.fixture
def two(job) -> Job:
    """A job of two documents."""
    add_document(job, ("done",), name="附件.png")
    Job.objects.update(document_count=2)
    job.refresh_from_db()
    return job


def test_every_choice_is_one_that_a_file_is_written_by():
    form = ExportForm(formats=[], is_one=False)
    for name in form.fields.keys() - {"format", "names"}:
        for value, _label in form.fields[name].choices:
            assert getattr(read_options({name: value}), name) in (value, value == "on")


def test_the_menu_of_a_job_leads_to_the_choices(as_alice, job):
    address = f"/jobs/{job.pk}/export/"
    assert f'href="{address}"' in as_alice.get(f"/jobs/{job.pk}/").content.decode()
    assert as_alice.get(address).status_code == 200


def test_options_of_some_formats_name_those_formats(as_alice, two):
    page = as_alice.get(f"/jobs/{two.pk}/export/").content.decode()
    shown = re.findall(r'data-formats="([^"]*)">\s*<label[^>]*for="id_(\w+)"', page)
    text = "docx txt xlsx md html zip"
    assert {option: formats for formats, option in shown if formats} == {
        "lines": text,
        "headers_footers": text,
        "layout": "docx zip",
        "picture": "docx zip",
        "sheets": "xlsx zip",
        "quality": "pdf pdfa zip",
    }
    assert 'name="merged"' in page


def test_a_job_of_one_document_has_nothing_to_merge(as_alice, job):
    assert 'name="merged"' not in as_alice.get(f"/jobs/{job.pk}/export/").content.decode()


def _chosen(**more: str) -> dict[str, str]:
    defaults = {
        option.key: next(iter(option.choices), DEFAULT_NAME_PATTERN)
        for option in declared_options()
    }
    return {"format": "docx"} | defaults | more


def test_the_choices_lead_to_the_file_with_what_means_something_to_it(as_alice, two):
    response = as_alice.post(
        f"/jobs/{two.pk}/export/", _chosen(format="txt", lines="printed", names="{number}")
    )
    export = Export.objects.get()
    assert response["Location"] == f"/jobs/{two.pk}/?asked={export.pk}#exports"
    options = {name: export.options[name] for name in ("lines", "merged", "names", "quality")}
    assert options == {
        "lines": "printed",
        "merged": "off",
        "names": "{number}",
        "quality": "original",
    }
    page = as_alice.get(response["Location"]).content.decode()
    assert f'data-begin="/exports/{export.pk}/file/"' in page
    with zipfile.ZipFile(BytesIO(body(as_alice.get(f"/exports/{export.pk}/file/")))) as archive:
        assert archive.namelist() == ["1.txt", "2.txt"]


def test_what_means_nothing_to_the_format_makes_no_other_file(as_alice, two):
    for quality in ("original", "small"):
        as_alice.post(f"/jobs/{two.pk}/export/", _chosen(format="txt", quality=quality))
    assert Export.objects.count() == 1


def test_what_was_chosen_is_offered_the_next_time(as_alice, two):
    as_alice.post(f"/jobs/{two.pk}/export/", _chosen(format="xlsx", sheets="pages", merged="on"))
    page = as_alice.get(f"/jobs/{two.pk}/export/").content.decode()
    for value in ("xlsx", "pages", "on"):
        assert f'<option value="{value}" selected>' in page


def test_an_unknown_placeholder_is_refused_with_the_known_ones(as_alice, two):
    response = as_alice.post(f"/jobs/{two.pk}/export/", _chosen(names="{titel}"))
    assert response.status_code == 422
    assert "“{titel}”" in response.content.decode()
    assert "{name}, {number}" in response.content.decode()
    assert not Export.objects.exists()


def test_an_option_that_is_not_posted_gets_its_default(as_alice, two):
    response = as_alice.post(f"/jobs/{two.pk}/export/", {"format": "txt"})
    assert response.status_code == 302
    assert Export.objects.get().options == as_words(ExportOptions())
    assert as_alice.session["export"] == _chosen(format="txt")


def test_an_unknown_choice_of_an_option_is_rejected(as_alice, two):
    response = as_alice.post(f"/jobs/{two.pk}/export/", _chosen(format="txt", lines="torn"))
    assert response.status_code == 422
    assert not Export.objects.exists()
