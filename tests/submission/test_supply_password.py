"""Supplying the password of a protected document."""

import pytest
from django.http import Http404

from ocrportal.errors.request import PasswordNotAsked
from ocrportal.jobs.models import Document, Job, Page
from ocrportal.submission.supply_password import supply_password

pytestmark = pytest.mark.django_db


def test_a_password_opens_a_protected_file_without_a_new_upload(submit_files, open_all, alice):
    job = submit_files("password_abc.pdf")
    open_all()
    document = job.documents.get()
    assert document.error_code == "password-needed"

    supply_password(user=alice, document_id=document.pk, password="nope")
    open_all()
    document.refresh_from_db()
    assert document.error_code == "password-wrong"

    supply_password(user=alice, document_id=document.pk, password="abc")
    job.refresh_from_db()
    assert job.status == Job.Status.RUNNING
    open_all()
    document.refresh_from_db()
    assert (document.status, document.error_code) == (Document.Status.OPENED, "")
    assert document.password == "", "forgotten once it is not needed any more"
    assert job.pages.get().status == Page.Status.DONE, "it brings its own text"


def test_a_password_for_an_open_document_is_rejected(submit_files, open_all, alice):
    job = submit_files("page_en.tif")
    open_all()
    with pytest.raises(PasswordNotAsked):
        supply_password(user=alice, document_id=job.documents.get().pk, password="abc")


def test_a_document_of_another_user_does_not_exist(submit_files, open_all, bob):
    job = submit_files("password_abc.pdf")
    open_all()
    with pytest.raises(Http404):
        supply_password(user=bob, document_id=job.documents.get().pk, password="abc")
