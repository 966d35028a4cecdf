"""Downloads and the text for the clipboard."""

import zipfile
from io import BytesIO

import pytest
from docx import Document as WordDocument

from ocrportal.exporters.formats import offered_formats
from ocrportal.jobs.models import Document, Job, Result
from tests.web.conftest import add_document

TEXT = "你好世界 <b>"


def body(response) -> bytes:
    return b"".join(response)


@pytest.fixture
def job(make_job) -> Job:
    return make_job("done", name="合同.png")


def test_a_jobs_only_document_comes_as_a_file_named_after_its_source(as_alice, job):
    response = as_alice.get(f"/jobs/{job.pk}/export/txt/")
    assert body(response).decode() == f"{TEXT}\n"
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%E5%90%88%E5%90%8C.txt"


def test_a_document_comes_as_word(as_alice, job):
    response = as_alice.get(f"/documents/{job.documents.get().pk}/export/docx/")
    word = WordDocument(BytesIO(body(response)))
    assert [paragraph.text for paragraph in word.paragraphs] == [TEXT]


def test_several_documents_come_as_a_zip(as_alice, job):
    add_document(job, ("done",), name="附件.png")
    Job.objects.update(document_count=2)
    response = as_alice.get(f"/jobs/{job.pk}/export/txt/")
    with zipfile.ZipFile(BytesIO(body(response))) as archive:
        assert sorted(archive.namelist()) == ["合同.txt", "附件.txt"]
    assert response["Content-Type"] == "application/zip"


def test_zip_holds_every_format_that_suits(as_alice, job):
    response = as_alice.get(f"/jobs/{job.pk}/export/zip/")
    with zipfile.ZipFile(BytesIO(body(response))) as archive:
        assert sorted(archive.namelist()) == sorted(
            f"合同{entry.extension}"
            for entry in offered_formats(for_video=False, with_answers=False)
        )


def test_zip_holds_the_subtitles_of_videos(as_alice, job):
    job.documents.update(name="talk.mp4", media_type="video/mp4")
    job.pages.update(seconds=1.5)
    response = as_alice.get(f"/jobs/{job.pk}/export/zip/")
    with zipfile.ZipFile(BytesIO(body(response))) as archive:
        assert sorted(archive.namelist()) == sorted(
            f"talk{entry.extension}"
            for entry in offered_formats(for_video=True, with_answers=False)
        )


def test_subtitles_are_offered_where_there_is_a_video(as_alice, job):
    document, page = job.documents.get(), job.pages.get()
    screens = (f"/jobs/{job.pk}/", f"/pages/{page.pk}/", f"/jobs/{job.pk}/changes/?since=0-1")
    for screen in screens:
        assert "Subtitles (SRT)" not in as_alice.get(screen).content.decode()
    job.documents.update(media_type="video/mp4")
    for screen in screens:
        assert "Subtitles (SRT)" in as_alice.get(screen).content.decode()
    address = f"/documents/{document.pk}/export/srt/"
    assert address in as_alice.get(f"/pages/{page.pk}/").content.decode()


def test_answers_are_offered_where_a_cloud_is_asked(as_alice, job):
    document, page = job.documents.get(), job.pages.get()
    menus = {
        f"/jobs/{job.pk}/": 'name="format" value="raw"',
        f"/jobs/{job.pk}/changes/?since=0-1": 'name="format" value="raw"',
        f"/jobs/{job.pk}/export/": '<option value="raw"',
        f"/pages/{page.pk}/": f"/documents/{document.pk}/export/raw/",
    }
    for screen, offer in menus.items():
        assert offer not in as_alice.get(screen).content.decode()
    Job.objects.update(engine="huawei")
    Result.objects.update(raw={"result": {}})
    for screen, offer in menus.items():
        assert offer in as_alice.get(screen).content.decode()


def test_beside_a_video_a_scan_is_offered_no_subtitles(as_alice, job):
    scan = job.documents.get()
    video = add_document(job, ("done", "done"), name="talk.mp4")
    Document.objects.filter(pk=video.pk).update(media_type="video/mp4")
    Job.objects.update(document_count=2)
    html = as_alice.get(f"/jobs/{job.pk}/").content.decode()
    assert f"Subtitles (SRT): {video.name}" in html
    assert f"Subtitles (SRT): {scan.name}" not in html


@pytest.mark.parametrize("address", ["jobs/{job}/export/txt/", "documents/{document}/export/txt/"])
def test_before_the_first_page_is_done_the_export_asks_to_wait(as_alice, make_job, address):
    job = make_job("running")
    address = address.format(job=job.pk, document=Document.objects.get().pk)
    response = as_alice.get(f"/{address}")
    assert response.status_code == 409
    assert "No page has been recognised yet." in response.content.decode()


def test_an_unknown_format_is_rejected_with_the_known_ones(as_alice, job):
    response = as_alice.get(f"/jobs/{job.pk}/export/exe/")
    assert response.status_code == 409
    assert "“exe” is not an export format." in response.content.decode()


def test_the_text_for_the_clipboard_joins_lines_and_parts_pages(as_alice, job):
    add_document(job, ("queued", "done"))
    response = as_alice.get(f"/jobs/{job.pk}/text/")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == f"{TEXT}\n\n{TEXT}"


def test_the_text_for_the_clipboard_can_keep_the_lines_of_print(as_alice, job):
    assert as_alice.get(f"/jobs/{job.pk}/text/?lines=kept").content.decode() == "你好世\n界 <b>"


@pytest.mark.parametrize(
    "address", ["jobs/{job}/export/txt/", "documents/{document}/export/txt/", "jobs/{job}/text/"]
)
def test_for_bob_there_is_nothing_to_download(as_bob, client, job, address):
    address = "/" + address.format(job=job.pk, document=job.documents.get().pk)
    assert as_bob.get(address).status_code == 404
    assert client.get(address).url.startswith("/login/")


def test_the_address_selects_the_line_breaks(as_alice, job):
    response = as_alice.get(f"/jobs/{job.pk}/export/txt/?lines=printed&headers_footers=off")
    assert body(response).decode() == "你好世\n界 <b>\n"


def test_an_unknown_option_is_rejected_with_the_known_ones(as_alice, job):
    response = as_alice.get(f"/jobs/{job.pk}/export/txt/?lines=crooked")
    assert response.status_code == 409
    assert "“crooked” is not valid for “lines”." in response.content.decode()
