from importlib import import_module

import pytest
from django.apps import apps

from ocrportal.errors import describe
from ocrportal.errors.base import PortalError
from ocrportal.exporters.options import as_words, read_options
from ocrportal.jobs.models import Delivery, Document, Export, Job, Page, Result

unknown_structure = import_module("ocrportal.jobs.migrations.0014_unknown_structure")
error_codes = import_module("ocrportal.jobs.migrations.0010_error_codes")


@pytest.fixture
def job(alice) -> Job:
    return Job.objects.create(owner=alice, name="scan", service="general-text", engine="local")


def _failed_rows(job: Job, code: str) -> list[Document | Page | Delivery | Export]:
    position = Document.objects.count() + 1
    document = Document.objects.create(job=job, position=position, error_code=code)
    return [
        document,
        Page.objects.create(job=job, document=document, number=1, error_code=code),
        Delivery.objects.create(job=job, error_code=code),
        Export.objects.create(job=job, error_code=code),
    ]


@pytest.mark.parametrize(("old", "new"), error_codes.CODES.items())
def test_codes_of_stored_errors_are_renamed_and_restored(job: Job, old: str, new: str):
    rows = _failed_rows(job, old)

    error_codes.rename(apps, None)

    assert [type(row).objects.get(pk=row.pk).error_code for row in rows] == [new] * 4
    params = dict.fromkeys(("host", "bucket", "key", "cloud_code", "cloud_message"), "x")
    assert describe(new, params) != describe(PortalError.code, {})
    error_codes.restore(apps, None)
    assert [type(row).objects.get(pk=row.pk).error_code for row in rows] == [old] * 4


def test_codes_that_stay_are_not_changed(job: Job):
    rows = _failed_rows(job, "password-needed")

    error_codes.rename(apps, None)

    assert {type(row).objects.get(pk=row.pk).error_code for row in rows} == {"password-needed"}


def test_an_export_that_left_out_headers_and_footers_still_does(job: Job):
    former = {"lines": "printed", "furniture": "off"}
    export = Export.objects.create(job=job, options=former)

    error_codes.rename(apps, None)

    export.refresh_from_db()
    assert export.options == {"lines": "printed", "headers_footers": "off"}
    assert as_words(read_options(export.options))["headers_footers"] == "off"
    error_codes.restore(apps, None)
    export.refresh_from_db()
    assert export.options == former


def test_the_structure_of_results_stored_before_it_was_noted_is_unknown(job: Job):
    page = _failed_rows(job, "")[1]
    stored = [
        Result.objects.create(page=page, data={}, structure=structure)
        for structure in ([], ["tables"])
    ]
    unknown_structure.forget_defaults(apps, None)
    for result in stored:
        result.refresh_from_db()
    assert [result.structure for result in stored] == [None, ["tables"]]
