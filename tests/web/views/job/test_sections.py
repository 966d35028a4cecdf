"""Archives, copies and pages of every kind on the page of a job."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from ocrportal.jobs.models import Document, Job, Page, Result
from ocrportal.web.views.job.sections import sections_of
from tests.web.conftest import add_document
from tests.web.markup import compact

HTMX = {"HX-Request": "true"}


@pytest.fixture
def archive(make_job) -> Document:
    """A ZIP of Alice's: a picture, a book and a file that failed; and a picture beside it."""
    job = make_job(name="scans.zip", status="running")
    Job.objects.filter(pk=job.pk).update(document_count=5)
    job.documents.update(media_type="application/zip", page_count=None)
    archive = job.documents.get()
    add_document(job, ("done",), name="beside.png")
    for name, statuses in (("信/1.png", ("done",)), ("book.pdf", ("done", "done"))):
        member = add_document(job, statuses, name=name)
        Document.objects.filter(pk=member.pk).update(archive=archive)
    Document.objects.create(
        job=job,
        position=5,
        name="notes.txt",
        archive=archive,
        status="failed",
        error_code="already-text",
        error_params={"kind": "TXT"},
    )
    return archive


def heading(html: str, document: Document) -> str:
    """The heading of a document, without tags."""
    found = re.search(rf'id="heading-{document.pk}".*?(?=<ol|<div class="documents"|$)', html, re.S)
    assert found, "no heading"
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", f"<{found[0]}"))


def poll(client, job_id: int) -> str:
    """What the next poll brings, if only what has just changed counts."""
    page = client.get(f"/jobs/{job_id}/").content.decode()
    address = re.search(r'hx-get="([^"]+)"', page)[1].replace("&amp;", "&")
    long_ago = timezone.now() - dt.timedelta(minutes=1)
    Document.objects.update(updated_at=long_ago)
    Page.objects.update(updated_at=long_ago)
    return address


def test_members_stand_under_their_archive_in_its_order(as_alice, archive):
    sections = as_alice.get(f"/jobs/{archive.job_id}/").context["sections"]
    assert [section.document.name for section in sections] == ["scans.zip", "beside.png"]
    members = sections[0].members
    assert [section.document.name for section in members] == ["信/1.png", "book.pdf", "notes.txt"]
    assert [section.is_card for section in members] == [True, False, False]


def test_an_archive_is_a_heading_with_the_number_of_its_files_and_failures(as_alice, archive):
    page = as_alice.get(f"/jobs/{archive.job_id}/").content.decode()
    reported = heading(page, archive)
    assert "scans.zip" in reported
    assert "3 files 1 file could not be read" in reported
    assert f"/documents/{archive.pk}/export/" not in page
    assert f"/documents/{archive.pk}/source/" in page


def test_a_failed_member_refreshes_the_heading_of_its_archive(as_alice, archive):
    address = poll(as_alice, archive.job_id)
    assert "heading-" not in as_alice.get(address, headers=HTMX).content.decode()
    member = Document.objects.get(name="book.pdf")
    member.status = "failed"
    member.save()
    answer = as_alice.get(address, headers=HTMX).content.decode()
    assert "3 files 2 files could not be read" in heading(answer, archive)


def test_a_copied_archive_is_marked_in_every_heading(as_alice, make_job, archive):
    Document.objects.filter(job=make_job(name="earlier.zip")).update(digest="ab", position=1)
    earlier = Document.objects.get(name="earlier.zip")
    copy = Document.objects.create(
        job=archive.job, position=6, name="again.zip", media_type="application/zip", digest="ab"
    )
    Document.objects.create(job=archive.job, position=7, name="in.png", archive=copy)
    address = poll(as_alice, archive.job_id)
    Document.objects.filter(name="in.png").update(updated_at=timezone.now())
    answer = as_alice.get(address, headers=HTMX).content.decode()
    assert f'<a href="/jobs/{earlier.job_id}/">earlier.zip</a>' in answer


def test_extracted_files_refresh_the_documents(as_alice, archive):
    address = poll(as_alice, archive.job_id)
    Document.objects.create(job=archive.job, position=6, name="late.png", archive=archive)
    answer = as_alice.get(address, headers=HTMX).content.decode()
    assert 'id="documents" hx-swap-oob="outerMorph"' in answer
    assert "late.png" in answer


def test_a_job_with_an_archive_takes_the_queries_of_a_small_one(
    as_alice, archive, django_assert_num_queries
):
    address = poll(as_alice, archive.job_id)
    Document.objects.update(digest="same", updated_at=timezone.now())
    Page.objects.update(updated_at=timezone.now())
    # session, user, job, documents, pages, pace, deliveries, exports, copies
    with django_assert_num_queries(9):
        as_alice.get(f"/jobs/{archive.job_id}/")
    # session, user, job, files, pages shown, documents and pages that changed, copies, pace
    with django_assert_num_queries(9):
        as_alice.get(address, headers=HTMX)


def test_a_card_shows_that_its_file_is_downloaded_or_converted(as_alice, archive):
    docx = Document.objects.create(
        job=archive.job, position=6, name="a.docx", media_type="application/msword", file="a"
    )
    address = poll(as_alice, archive.job_id)
    docx.status = "opening"
    docx.save()
    answer = as_alice.get(address, headers=HTMX).content.decode()
    assert f'id="unopened-{docx.pk}" hx-swap-oob="outerMorph"' in answer
    assert "<span>Converting</span>" in answer


# Copies


def test_a_file_that_was_submitted_before_links_to_its_first_job(as_alice, make_job):
    first, second = make_job("done", name="合同.pdf"), make_job("done", name="copy.pdf")
    Document.objects.update(digest="same")
    created = timezone.make_aware(dt.datetime(2026, 3, 1, 12))
    Job.objects.filter(pk=first.pk).update(created_at=created)
    reported = f'Same file as in <a href="/jobs/{first.pk}/">合同.pdf</a> of 2026-03-01'
    assert reported in as_alice.get(f"/jobs/{second.pk}/").content.decode()
    assert "Same file" not in as_alice.get(f"/jobs/{first.pk}/").content.decode()


def test_a_copy_within_the_job_is_shown_on_its_card(as_alice, archive):
    Document.objects.filter(name__in=["beside.png", "信/1.png"]).update(digest="same")
    page = compact(as_alice.get(f"/jobs/{archive.job_id}/"))
    card = page.partition('<p class="page-note page-copy">')[2].partition("</p>")[0]
    assert card == "Same file as “beside.png” in this job"


def test_copies_of_another_users_files_are_not_shown(as_alice, make_job, bob):
    make_job("done", owner=bob)
    job = make_job("done")
    Document.objects.update(digest="same")
    assert "Same file" not in as_alice.get(f"/jobs/{job.pk}/").content.decode()


# Pages of every kind


def test_a_blank_page_is_shown_as_not_recognised(as_alice, make_job):
    job = make_job("done", "done")
    Page.objects.filter(number=2).update(is_blank=True)
    page = as_alice.get(f"/jobs/{job.pk}/").content.decode()
    assert page.count("Blank: not recognised") == 1


def test_text_of_the_file_is_distinguished_from_recognised_text(as_alice, make_job):
    job = make_job("done", "done")
    Result.objects.filter(page__number=2).update(engine="pdf")
    page = as_alice.get(f"/jobs/{job.pk}/").content.decode()
    assert page.count("Text taken from the file") == 1


def test_the_notes_of_a_page_are_on_its_card(as_alice, make_job):
    job = make_job("done", "done")
    Page.objects.filter(number=2).update(notes=["text-differs"])
    page = as_alice.get(f"/jobs/{job.pk}/").content.decode()
    assert page.count("The text in the file does not match what the page shows") == 1


def test_facing_pages_stand_side_by_side_with_their_names(as_alice, make_job):
    job = make_job("done", "done")
    Page.objects.filter(number=2).update(part=2)
    first = Page.objects.get(number=1)
    Page.objects.filter(pk=first.pk).update(number=2, part=1)
    page = compact(as_alice.get(f"/jobs/{job.pk}/"))
    names = re.findall(r'<span class="page-number">([^<]+)</span>', page)
    assert names == ["Page 2, left", "Page 2, right"]


@pytest.mark.parametrize(
    ("seconds", "reported"), [(0.0, "0:00"), (12.9, "0:12"), (3723.0, "1:02:03")]
)
def test_pages_of_a_video_show_their_time(as_alice, make_job, seconds, reported):
    job = make_job("done")
    Page.objects.update(seconds=seconds)
    page = as_alice.get(f"/jobs/{job.pk}/").content.decode()
    assert f'<span class="page-time">{reported}</span>' in page


def test_a_page_of_a_document_that_came_a_moment_ago_waits_for_its_document(archive):
    before = list(Document.objects.filter(job=archive.job_id))
    late = add_document(archive.job, ("done",), name="late.png")

    sections = sections_of(before, Page.objects.filter(job=archive.job_id))

    assert late.pk not in [section.document.pk for section in sections]
    assert sum(len(section.pages) for section in sections) == 1
