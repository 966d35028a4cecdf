"""Jobs in the administration: there to be deleted, files and all."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from ocrportal.accounts.models import User
from ocrportal.jobs.models import Document, Job, Page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def as_admin(admin) -> Client:
    client = Client()
    client.force_login(admin)
    return client


@pytest.fixture
def job(alice) -> Job:
    job = Job.objects.create(owner=alice, name="合同.pdf", service="general-text", engine="local")
    document = Document.objects.create(job=job, position=1, name="合同.pdf")
    Page.objects.create(job=job, document=document, number=1)
    default_storage.save(f"jobs/{job.pk}/{document.pk}/source.pdf", ContentFile(b"content"))
    return job


def test_the_list_names_jobs_and_owners(as_admin, job):
    listed = as_admin.get("/admin/jobs/job/").content.decode()
    assert "合同.pdf" in listed
    assert "alice" in listed
    assert as_admin.get(f"/admin/jobs/job/{job.pk}/change/").status_code == 200
    assert as_admin.get("/admin/jobs/job/add/").status_code == 403


def test_the_confirmation_names_the_job_and_not_its_pages(as_admin, job):
    asked = as_admin.get(f"/admin/jobs/job/{job.pk}/delete/").content.decode()
    assert str(job) in asked
    assert str(Page.objects.get()) not in asked


@pytest.mark.parametrize("way", ["one", "many"])
def test_a_deleted_job_takes_its_files_along(as_admin, job, way):
    if way == "one":
        as_admin.post(f"/admin/jobs/job/{job.pk}/delete/", {"post": "yes"})
    else:
        chosen = {"action": "delete_selected", "_selected_action": job.pk, "post": "yes"}
        as_admin.post("/admin/jobs/job/", chosen)
    assert not Job.objects.exists()
    assert default_storage.listdir("jobs") == ([], [])


def test_a_user_with_jobs_cannot_be_deleted_until_the_jobs_are(as_admin, alice, job):
    address = f"/admin/accounts/user/{alice.pk}/delete/"
    as_admin.post(address, {"post": "yes"})
    assert User.objects.filter(pk=alice.pk).exists()

    as_admin.post(f"/admin/jobs/job/{job.pk}/delete/", {"post": "yes"})
    as_admin.post(address, {"post": "yes"})
    assert not User.objects.filter(pk=alice.pk).exists()


def test_staff_with_user_permissions_only_cannot_see_jobs(bob, job):
    bob.is_staff = True
    bob.save()
    client = Client()
    client.force_login(bob)
    assert client.get("/admin/jobs/job/").status_code == 403
    assert client.post(f"/admin/jobs/job/{job.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Job.objects.exists()
