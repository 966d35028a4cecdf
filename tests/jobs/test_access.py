"""A stranger's row does not exist, not even for an admin who is a stranger too."""

import pytest
from django.http import Http404

from ocrportal.jobs.access import document_for, job_for, jobs_of, page_for
from ocrportal.jobs.models import Document, Job, Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(alice) -> Page:
    job = Job.objects.create(owner=alice, name="a.png", service="general-text", engine="local")
    document = Document.objects.create(job=job, position=1, name="a.png")
    return Page.objects.create(job=job, document=document, number=1)


def test_the_owner_gets_the_rows(page, alice):
    assert list(jobs_of(alice)) == [page.job]
    assert job_for(alice, page.job_id) == page.job
    assert document_for(alice, page.document_id) == page.document
    assert page_for(alice, page.pk) == page


def test_anybody_else_gets_none(page, bob, admin):
    for stranger in (bob, admin):
        assert not jobs_of(stranger)
        for door, row in ((job_for, page.job), (document_for, page.document), (page_for, page)):
            with pytest.raises(Http404):
                door(stranger, row.pk)


def test_a_row_that_never_was_is_the_same_as_a_strangers(alice):
    with pytest.raises(Http404):
        job_for(alice, 404)
