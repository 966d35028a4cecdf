"""A document that waits for its password."""

import re

import pytest

from ocrportal.jobs.models import Document, Job


@pytest.fixture
def locked(make_job) -> Document:
    """A document of Alice's that is protected."""
    job = make_job(name="合同.pdf", status="failed")
    job.documents.update(status="failed", error_code="password-needed", page_count=None)
    return job.documents.get()


def door(document: Document) -> str:
    return f"/jobs/{document.job_id}/documents/{document.pk}/password/"


def test_a_protected_file_asks_for_its_password_in_place(as_alice, locked):
    page = as_alice.get(f"/jobs/{locked.job_id}/").content.decode()
    assert "This file is password-protected." in page
    assert f'action="{door(locked)}"' in page
    assert re.search(r'type="password" id="password-\d+" name="password"', page)


def test_a_wrong_password_is_reported_and_asked_for_again(as_alice, locked):
    Document.objects.update(error_code="password-wrong")
    page = as_alice.get(f"/jobs/{locked.job_id}/").content.decode()
    assert "This password does not open the file." in page
    assert f'action="{door(locked)}"' in page


def test_other_failures_ask_for_no_password(as_alice, locked):
    Document.objects.update(error_code="file-damaged")
    page = as_alice.get(f"/jobs/{locked.job_id}/").content.decode()
    assert 'name="password"' not in page


def test_a_password_puts_the_document_back_in_line(as_alice, locked):
    answer = as_alice.post(door(locked), {"password": " 秘密 "})
    assert answer.url == f"/jobs/{locked.job_id}/#document-{locked.pk}"
    locked.refresh_from_db()
    assert (locked.status, locked.error_code) == ("queued", "")
    assert "秘密" not in locked.password
    page = as_alice.get(f"/jobs/{locked.job_id}/").content.decode()
    assert "秘密" not in page
    assert "hx-get" in page


@pytest.mark.parametrize("password", ["", "x" * 201])
def test_an_invalid_password_is_rejected(as_alice, locked, password):
    page = as_alice.post(door(locked), {"password": password}, follow=True)
    assert page.redirect_chain[0][0].startswith(f"/jobs/{locked.job_id}/")
    assert 'class="alert' in page.content.decode()
    locked.refresh_from_db()
    assert locked.status == "failed"


def test_a_document_that_waits_for_no_password_shows_a_message(as_alice, make_job):
    document = make_job("done").documents.get()
    page = as_alice.post(door(document), {"password": "x"}, follow=True)
    assert "This file is not waiting for a password." in page.content.decode()


def test_the_document_is_one_of_this_job(as_alice, make_job, locked):
    other = make_job("done")
    address = f"/jobs/{other.pk}/documents/{locked.pk}/password/"
    assert as_alice.post(address, {"password": "x"}).status_code == 404


def test_passwords_come_by_post_alone(as_alice, locked):
    assert as_alice.get(door(locked)).status_code == 405


def test_for_bob_alices_document_does_not_exist(as_bob, locked):
    assert as_bob.post(door(locked), {"password": "x"}).status_code == 404
    locked.refresh_from_db()
    assert locked.status == "failed"


def test_without_signing_in_there_is_only_the_sign_in_page(client, locked):
    answer = client.post(door(locked), {"password": "x"})
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/login/")
    assert Job.objects.get().status == "failed"
