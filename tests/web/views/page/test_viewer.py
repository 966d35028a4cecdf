"""The result screen: a page's picture beside its text."""

import re

import pytest

from ocrportal.jobs.doubts import Doubt, stored_doubts
from ocrportal.jobs.models import Document, Page, Result
from tests.web.conftest import add_document, answered
from tests.web.markup import compact

HTMX = {"HX-Request": "true"}


@pytest.fixture
def page(make_job) -> Page:
    make_job("done")
    return Page.objects.get()


def texts(html: str) -> str:
    found = re.search(r'<script id="texts" type="application/json">(.*?)</script>', html)
    assert found
    return found[1]


def test_lines_of_text_and_outlines_on_the_picture_belong_together(as_alice, page):
    html = compact(as_alice.get(f"/pages/{page.pk}/"))
    assert re.findall(r'<polygon class="outline" data-index="(\d)"', html) == ["0", "1"]
    assert re.findall(r'<span class="line" data-indices="(\d)"', html) == ["0", "1"]
    assert f'<image href="/pages/{page.pk}/image/" width="200" height="100"/>' in html


def test_doubtful_characters_are_marked_with_how_sure_the_engine_is(as_alice, page):
    html = compact(as_alice.get(f"/pages/{page.pk}/"))
    assert '你好<mark title="Confidence: 41%">世</mark></span>' in html
    assert "has a confidence below 80%." in html


def test_recognised_text_is_text_and_never_markup(as_alice, page):
    html = as_alice.get(f"/pages/{page.pk}/").content.decode()
    assert "界 &lt;b&gt;</span>" in html
    assert "<b>" not in html


def test_both_ways_of_copying_are_on_the_page(as_alice, page):
    html = as_alice.get(f"/pages/{page.pk}/").content.decode()
    assert texts(html) == (
        r'{"joined": "\u4f60\u597d\u4e16\u754c \u003Cb\u003E", '
        r'"kept": "\u4f60\u597d\u4e16\n\u754c \u003Cb\u003E"}'
    )


def test_pages_are_turned_over_all_documents_of_the_job(as_alice, make_job):
    job = make_job("done", "done")
    add_document(job, ("done",), name="二.png")
    first, second, third = Page.objects.order_by("pk")
    html = as_alice.get(f"/pages/{second.pk}/").content.decode()
    assert f'id="previous" rel="prev" href="/pages/{first.pk}/"' in html
    assert f'id="next" rel="next" href="/pages/{third.pk}/"' in html
    assert 'max="3" value="2"' in html


@pytest.mark.parametrize(("number", "place"), [("2", 1), ("3", 2), ("99", 2), ("-1", 0)])
def test_a_page_is_reached_by_its_number_in_the_job(as_alice, make_job, number, place):
    job = make_job("done", "done")
    add_document(job, ("done",))
    pages = list(Page.objects.order_by("pk"))
    response = as_alice.get(f"/jobs/{job.pk}/pages/?n={number}")
    assert response.url == f"/pages/{pages[place].pk}/"


def test_an_invalid_page_number_redirects_to_the_job(as_alice, make_job):
    job = make_job("done")
    assert as_alice.get(f"/jobs/{job.pk}/pages/?n=two").url == f"/jobs/{job.pk}/"


def test_a_job_without_pages_has_no_page_to_go_to(as_alice, make_job):
    job = make_job(status="running")
    assert as_alice.get(f"/jobs/{job.pk}/pages/?n=1").url == f"/jobs/{job.pk}/"


def test_a_page_still_in_work_shows_its_picture_and_asks_again(as_alice, make_job):
    make_job("running")
    page = Page.objects.get()
    html = as_alice.get(f"/pages/{page.pk}/").content.decode()
    assert f'hx-get="/pages/{page.pk}/?status=running"' in html
    assert f"/pages/{page.pk}/image/" in html
    quiet = as_alice.get(f"/pages/{page.pk}/?status=running", headers=HTMX)
    assert quiet.status_code == 204
    Page.objects.update(status="done")
    news = as_alice.get(f"/pages/{page.pk}/?status=running", headers=HTMX)
    assert news["HX-Refresh"] == "true"


def test_a_failed_page_shows_the_cause_and_offers_to_retry(as_alice, make_job):
    job = make_job("failed", status="failed")
    html = as_alice.get(f"/pages/{Page.objects.get().pk}/").content.decode()
    assert "The page could not be recognised." in html
    assert "There is no image of this page." not in html
    assert f'action="/jobs/{job.pk}/retry/"' in html
    assert "hx-get" not in html


def test_a_page_without_image_shows_whether_one_is_expected(as_alice, make_job):
    make_job("waiting")
    address = f"/pages/{Page.objects.get().pk}/"
    assert "The image of this page is not ready yet." in as_alice.get(address).content.decode()
    Page.objects.update(status="failed", error_code="file-damaged")
    assert "There is no image of this page." in as_alice.get(address).content.decode()


def test_a_page_without_text_shows_a_message(as_alice, page):
    page.result.data["lines"] = []
    page.result.save()
    html = as_alice.get(f"/pages/{page.pk}/").content.decode()
    assert "No text was found on this page." in html


def test_a_page_takes_as_many_queries_in_a_long_job_as_in_a_short_one(
    as_alice, make_job, django_assert_num_queries
):
    make_job("done")
    page = Page.objects.get()
    # session, user, page, whether answered, place, count, previous, next, text
    with django_assert_num_queries(9):
        as_alice.get(f"/pages/{page.pk}/")
    add_document(page.job, ("done",) * 3)
    with django_assert_num_queries(9):
        as_alice.get(f"/pages/{page.pk}/")


@pytest.mark.parametrize("address", ["/pages/{page}/", "/jobs/{job}/pages/?n=1"])
def test_for_bob_alices_page_does_not_exist(as_bob, client, page, address):
    address = address.format(page=page.pk, job=page.job_id)
    assert as_bob.get(address).status_code == 404
    assert client.get(address).url.startswith("/login/")


def test_the_doubts_of_a_page_link_to_their_places(as_alice, page):
    doubts = [Doubt("doubtful-text", 1, 7, "0"), Doubt("little-text")]
    Result.objects.update(doubts=stored_doubts(doubts))
    html = compact(as_alice.get(f"/pages/{page.pk}/"))
    assert '<a href="#place-0">14% of the characters are uncertain</a>' in html
    assert "Almost no text was found" in html


def test_areas_that_were_not_read_are_hatched_and_explained(as_alice, page):
    page.result.data["blocks"] = [["unread", "", [10, 50, 190, 50, 190, 90, 10, 90]]]
    page.result.save()
    html = compact(as_alice.get(f"/pages/{page.pk}/"))
    assert 'data-place="area-0" points="10,50 190,50 190,90 10,90"' in html
    assert "Hatched areas were not read." in html


# Read by the cloud


@pytest.fixture
def read_by_cloud(make_job, office):
    """A page of Alice's with the sample answer of a service."""

    def read_by_cloud(service: str, variant: str = "", **result) -> Page:
        make_job("done", service=service, engine="huawei", credential=office)
        page = Page.objects.get()
        answered(page, service, variant, **result)
        return page

    return read_by_cloud


def test_fields_are_a_table_with_labels_in_the_readers_language(as_alice, read_by_cloud):
    page = read_by_cloud("id-card")
    html = as_alice.get(f"/pages/{page.pk}/").content.decode()
    assert '<th scope="row" title="name">Name</th>' in html
    assert "Copy fields" in html
    assert html.count('data-copy-key="part-') == html.count("<th scope=")
    headers = {"Accept-Language": "zh-CN"}
    assert ">姓名</th>" in as_alice.get(f"/pages/{page.pk}/", headers=headers).content.decode()


def test_confidence_is_not_shown_for_a_service_without_it(as_alice, read_by_cloud):
    silent = read_by_cloud("id-card")
    html = as_alice.get(f"/pages/{silent.pk}/").content.decode()
    assert "mark-doubt" not in html
    assert "% sure" not in html
    answered(silent, "vat-invoice")
    assert "mark-doubt" in as_alice.get(f"/pages/{silent.pk}/").content.decode()


def test_a_field_and_its_place_on_the_picture_belong_together(as_alice, read_by_cloud):
    page = read_by_cloud("vat-invoice", "located")
    html = compact(as_alice.get(f"/pages/{page.pk}/"))
    places = re.findall(r'<polygon class="outline" data-index="(field-\d+)"', html)
    indices = re.findall(r'class="line" data-indices="([^"]+)"', html)
    assert places
    assert set(places) == {key for keys in indices for key in keys.split()}


def test_tables_have_their_merged_cells(as_alice, read_by_cloud):
    page = read_by_cloud("general-table", "merged")
    html = compact(as_alice.get(f"/pages/{page.pk}/"))
    assert re.search(r'<td rowspan="2"[^>]*>产品</td>', html)
    assert re.search(r'<td colspan="2"[^>]*>销量</td>', html)
    assert "Copy table" in html


def test_text_of_the_cloud_is_never_markup(as_alice, read_by_cloud):
    page = read_by_cloud("id-card")
    data = page.result.data
    data["fields"][0][1] = "<script>alert(1)</script>"
    Result.objects.update(data=data)
    html = as_alice.get(f"/pages/{page.pk}/").content.decode()
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert" not in html


def test_place_and_time_of_recognition_are_shown_with_the_raw_response(as_alice, read_by_cloud):
    page = read_by_cloud("seal")
    html = as_alice.get(f"/pages/{page.pk}/").content.decode()
    assert "Huawei Cloud OCR · CN North-Beijing4 · Seal" in html
    assert f'hx-get="/pages/{page.pk}/answer/"' in html
    assert f'href="/pages/{page.pk}/raw.json"' in html
    assert f'href="/pages/{page.pk}/attachments/1/"' in html


def test_a_cached_result_is_shown_as_free(as_alice, read_by_cloud):
    page = read_by_cloud("id-card", reused=True)
    assert "earlier result, free of charge" in as_alice.get(f"/pages/{page.pk}/").content.decode()


def test_the_embedded_engine_has_no_raw_answer_to_show(as_alice, page):
    assert "Raw response" not in as_alice.get(f"/pages/{page.pk}/").content.decode()


def test_the_screen_does_not_load_the_raw_answer(as_alice, read_by_cloud):
    page = read_by_cloud("id-card")
    shown = as_alice.get(f"/pages/{page.pk}/").context["page"]
    assert "raw" in shown.result.get_deferred_fields()


# Pages without an ordinary result


def test_a_blank_page_states_so_and_how_to_recognise_it(as_alice, make_job):
    page = make_job("done").pages.get()
    Page.objects.update(is_blank=True, result=None)
    html = as_alice.get(f"/pages/{page.pk}/").content.decode()
    assert "This page is blank, so it was not recognised." in html
    assert "/retry/" not in html


def test_text_of_the_file_is_marked_and_never_highlighted(as_alice, page):
    Result.objects.update(engine="pdf")
    html = as_alice.get(f"/pages/{page.pk}/").content.decode()
    assert "Text taken from the file itself; nothing was recognised." in html
    assert "mark-doubt" not in html


def test_the_notes_of_a_page_are_shown(as_alice, page):
    Result.objects.update(engine="pdf")
    Page.objects.update(notes=["text-repaired"])
    html = as_alice.get(f"/pages/{page.pk}/").content.decode()
    assert "Characters without a meaning in the text of the file were recognised" in html
    assert "nothing was recognised" not in html


def test_a_page_is_named_by_part_time_and_archive(as_alice, page):
    archive = Document.objects.create(job=page.job, position=9, name="scans.zip")
    Document.objects.filter(pk=page.document_id).update(archive=archive)
    Page.objects.filter(pk=page.pk).update(part=1, seconds=75.0)
    html = compact(as_alice.get(f"/pages/{page.pk}/"))
    assert f"<small>Page {page.number}, left · 1:15 · in scans.zip</small>" in html


def test_the_right_page_follows_the_left_one(as_alice, make_job):
    left, right, after = make_job("done", "done", "done").pages.order_by("number")
    Page.objects.filter(pk=right.pk).update(number=1, part=2)
    Page.objects.filter(pk=left.pk).update(part=1)
    html = as_alice.get(f"/pages/{right.pk}/").content.decode()
    assert f'id="previous" rel="prev" href="/pages/{left.pk}/"' in html
    assert f'id="next" rel="next" href="/pages/{after.pk}/"' in html
