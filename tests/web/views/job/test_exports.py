"""The files written of a job, on its page."""

from __future__ import annotations

import re

import pytest

from ocrportal.jobs.models import Job, Page, Result
from ocrportal.jobs.models.export import Export
from ocrportal.workers import export_requests
from tests.web.conftest import add_result

HTMX = {"HX-Request": "true"}


@pytest.fixture
def job(make_job) -> Job:
    return make_job("done", name="合同.png")


@pytest.fixture
def ask(as_alice, job):
    def ask(key: str = "txt", **fields) -> str:
        answer = as_alice.post(f"/jobs/{job.pk}/exports/", {"format": key, **fields}, headers=HTMX)
        assert answer.status_code == 200
        return answer.content.decode()

    return ask


def test_what_is_asked_for_is_listed_and_its_download_begins(ask, as_alice, job):
    html = ask()
    export = Export.objects.get()
    assert f'data-begin="/exports/{export.pk}/file/"' in html
    assert "kept until" in html
    assert "hx-get" not in html
    answer = as_alice.get(f"/exports/{export.pk}/file/")
    assert b"".join(answer).decode() == "你好世界 <b>\n"
    assert answer["Content-Disposition"].endswith("%E5%90%88%E5%90%8C.txt")
    page = as_alice.get(f"/jobs/{job.pk}/").content.decode()
    assert f'href="/exports/{export.pk}/file/"' in page
    assert "data-begin" not in page


def test_what_a_format_does_not_hold_is_listed_with_its_pages(ask, as_alice, job):
    Result.objects.update(structure=["figures"])
    [page] = job.pages.all()
    link = rf'Pictures are left out:\s*<a href="/pages/{page.pk}/">\s*Page 1\s*</a>'
    assert re.search(link, ask("xlsx"))
    assert ask("html").count("left out") == 1
    menu = as_alice.get(f"/jobs/{job.pk}/").content.decode()
    assert menu.count('<small class="format-loss">Pictures are left out</small>') == 4
    options = as_alice.get(f"/jobs/{job.pk}/export/").content.decode()
    assert re.search(rf'data-formats="xlsx">\s*{link}', options)


def test_without_scripts_the_page_of_the_job_follows(as_alice, job):
    answer = as_alice.post(f"/jobs/{job.pk}/exports/", {"format": "txt"})
    assert answer.headers["Location"] == f"/jobs/{job.pk}/#exports"


def test_a_long_one_is_asked_about_until_it_is_ready(ask, as_alice, job, monkeypatch):
    monkeypatch.setattr(export_requests, "SHORT_PAGES", 0)
    html = ask()
    found = re.search(r'hx-get="([^"]+)"', html)
    assert found, "the list does not poll"
    assert "<progress" in html
    assert "/cancel/" in html
    Export.objects.update(status="done", file="x", name="合同.txt")
    ready = as_alice.get(found[1], headers=HTMX).content.decode()
    assert "data-begin" in ready
    assert "hx-get" not in ready


def test_a_cancelled_one_can_be_made_again(ask, as_alice, monkeypatch):
    monkeypatch.setattr(export_requests, "SHORT_PAGES", 0)
    ask()
    first = Export.objects.get()
    html = as_alice.post(f"/exports/{first.pk}/cancel/", headers=HTMX).content.decode()
    assert "Cancelled" in html
    assert f"/exports/{first.pk}/again/" in html
    monkeypatch.undo()
    html = as_alice.post(f"/exports/{first.pk}/again/", headers=HTMX).content.decode()
    assert "data-begin" in html
    assert Export.objects.count() == 2


def test_a_passed_file_check_is_shown_beside_the_download(ask):
    html = ask("docx")
    assert "File check passed: the file contains the recognised text" in html
    assert "100% of the text matches the recognition result." in html
    assert "It does not show whether the text was recognised correctly." in html


def test_a_failed_file_check_is_shown_with_what_to_do(ask):
    html = ask("pdf")  # a blank image: no word is on ink
    assert "File check failed." in html
    assert "Some of the text is not at its printed position." in html
    assert "Compare it with the pages before you use it" in html
    assert "/file/" in html


def test_a_failed_export_shows_the_cause(ask):
    Page.objects.update(image="missing.png")
    html = ask("pdf")
    assert "The file could not be written." in html
    assert "/again/" in html


def test_an_outdated_export_can_be_created_again(ask, as_alice, job):
    ask()
    assert "/again/" not in as_alice.get(f"/jobs/{job.pk}/").content.decode()
    page = Page.objects.get()
    page.result = add_result(page)
    page.save()
    html = as_alice.get(f"/jobs/{job.pk}/").content.decode()
    assert "Pages were recognised again after this file was created." in html
    assert "/again/" in html


def test_a_missing_or_unwritten_file_is_reported(ask, as_alice):
    ask()
    export = Export.objects.get()
    export.file.storage.delete(export.file.name)
    missing = as_alice.get(f"/exports/{export.pk}/file/")
    assert (missing.status_code, "could not be written" in missing.content.decode()) == (409, True)
    Export.objects.update(status="running")
    early = as_alice.get(f"/exports/{export.pk}/file/")
    assert (early.status_code, "not ready yet" in early.content.decode()) == (409, True)


def test_a_deleted_export_is_not_listed(ask, as_alice):
    ask()
    export = Export.objects.get()
    html = as_alice.post(f"/exports/{export.pk}/delete/", headers=HTMX).content.decode()
    assert "/file/" not in html
    assert as_alice.get(f"/exports/{export.pk}/file/").status_code == 404


def test_a_rejected_export_is_reported_in_the_list_or_on_the_page(ask, as_alice, job):
    assert "“exe” is not an export format." in ask("exe")
    shown = as_alice.post(f"/jobs/{job.pk}/exports/", {"format": "exe"}, follow=True)
    assert "“exe” is not an export format." in shown.content.decode()


def test_the_list_takes_as_many_queries_for_many_as_for_one(
    ask, as_alice, job, django_assert_num_queries
):
    document = job.documents.get().pk
    for keys in (["txt"], ["md", "html", "json"]):
        for key in keys:
            ask(key, document=document)
        # session, user, job, exports, pages, pages with tables or figures
        with django_assert_num_queries(6):
            as_alice.get(f"/jobs/{job.pk}/exports/", headers=HTMX)


def test_for_bob_there_are_none(ask, as_bob, client, job):
    ask()
    export = Export.objects.get()
    for address in (f"/jobs/{job.pk}/exports/", f"/exports/{export.pk}/file/"):
        assert as_bob.get(address).status_code == 404
        assert client.get(address).url.startswith("/login/")
    for verb in ("again", "cancel", "delete"):
        assert as_bob.post(f"/exports/{export.pk}/{verb}/").status_code == 404
    assert as_bob.post(f"/jobs/{job.pk}/exports/", {"format": "txt"}).status_code == 404
    assert Export.objects.count() == 1
