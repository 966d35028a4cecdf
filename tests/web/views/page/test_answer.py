"""The raw answer of the cloud and the files in it."""

import json

import pytest

from ocrportal.jobs.models import Page
from tests.web.conftest import answered

HTMX = {"HX-Request": "true"}
PICTURE = b"\xff\xd8\xff a portrait"


@pytest.fixture
def page(make_job, office) -> Page:
    """Alice's page with seals that the cloud has cut out."""
    make_job("done", name="合同.pdf", service="seal", engine="huawei", credential=office)
    page = Page.objects.get()
    answered(page, "seal")
    return page


def test_the_answer_is_shown_as_json_with_long_values_cut(as_alice, page):
    page.result.raw = {"result": {"公司": "<示例>", "seal_image": "A" * 1000}}
    page.result.save()
    shown = as_alice.get(f"/pages/{page.pk}/answer/", headers=HTMX).content.decode()
    assert "公司&quot;: &quot;&lt;示例&gt;" in shown
    assert "A" * 300 + " … (700 more characters)" in shown
    assert "<html" not in shown
    assert "<html" in as_alice.get(f"/pages/{page.pk}/answer/").content.decode()


def test_the_whole_answer_is_a_file_named_after_the_document(as_alice, page):
    response = as_alice.get(f"/pages/{page.pk}/raw.json")
    assert json.loads(response.content) == page.result.raw
    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E5%90%88%E5%90%8C.json"
    )
    assert "no-store" in response["Cache-Control"]


def test_a_picture_in_the_answer_is_a_file_of_its_own(as_alice, page, samples):
    response = as_alice.get(f"/pages/{page.pk}/attachments/1/")
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("attachment; ")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response.content[:3] == b"\xff\xd8\xff"


@pytest.mark.parametrize("number", [0, 99])
def test_a_file_that_is_not_in_the_answer_does_not_exist(as_alice, page, number):
    assert as_alice.get(f"/pages/{page.pk}/attachments/{number}/").status_code == 404


ADDRESSES = ["answer/", "raw.json", "attachments/1/"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_read_by_the_embedded_engine_has_no_answer(as_alice, make_job, address):
    make_job("done")
    page = Page.objects.get()
    assert as_alice.get(f"/pages/{page.pk}/{address}").status_code == 404


@pytest.mark.parametrize("address", ADDRESSES)
def test_for_bob_alices_answer_does_not_exist(as_bob, page, address):
    assert as_bob.get(f"/pages/{page.pk}/{address}").status_code == 404


@pytest.mark.parametrize("address", ADDRESSES)
def test_without_signing_in_there_is_only_the_sign_in_page(client, page, address):
    response = client.get(f"/pages/{page.pk}/{address}")
    assert (response.status_code, response.url.split("?")[0]) == (302, "/login/")
