"""Files that were submitted before."""

import pytest

from ocrportal.jobs.duplicates import earlier_copies
from ocrportal.jobs.models import Document, Job

pytestmark = pytest.mark.django_db


def document(owner, digest: str, position: int = 1, job: Job | None = None) -> Document:
    job = job or Job.objects.create(owner=owner, name="a", service="general-text", engine="local")
    return Document.objects.create(job=job, position=position, name="a.png", digest=digest)


def test_the_first_document_with_the_same_bytes_is_found(alice):
    first, second, third = (document(alice, "d1") for _ in range(3))
    assert earlier_copies([third]) == {third.pk: first}
    assert earlier_copies([first, second]) == {second.pk: first}


def test_duplicates_within_one_job_are_reported(alice):
    first = document(alice, "d1")
    again = document(alice, "d1", 2, first.job)
    assert earlier_copies([first, again]) == {again.pk: first}


def test_files_of_another_user_are_not_duplicates(alice, bob):
    document(bob, "d1")
    assert earlier_copies([document(alice, "d1")]) == {}


def test_documents_that_are_not_opened_yet_have_no_copies(alice):
    document(alice, "")
    assert earlier_copies([document(alice, "")]) == {}


def test_many_documents_are_looked_up_at_once(alice, django_assert_num_queries):
    copies = [document(alice, digest) for digest in ("d1", "d2", "d1", "d2")]
    with django_assert_num_queries(1):
        assert len(earlier_copies(copies)) == 2
