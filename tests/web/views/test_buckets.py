"""Looking into buckets, and taking files from there to the upload page."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
import requests

from ocrportal.accounts.models import Credential
from ocrportal.web.views.submit import FROM_BUCKET
from tests.workers.test_fetch_source import key_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(alice, buckets, settings) -> Credential:
    settings.INTERNAL_HOSTS = ["127.0.0.1"]
    for name in ("2026/合同 1.png", "2026/b.png", "top.png"):
        buckets.put(f"scans/{name}", b"\x89PNG\r\n\x1a\n")
    (buckets.folder / "letters").mkdir()
    return key_of(alice, buckets)


def shown(client, **query: object) -> str:
    answer = client.get(f"/buckets/?{urlencode(query)}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_buckets_require_a_sign_in(client):
    assert client.get("/buckets/").headers["Location"] == "/login/?next=/buckets/"


def test_without_an_access_key_one_is_offered_to_be_added(as_alice):
    page = shown(as_alice)
    assert "Add an access key" in page
    assert "/credentials/add/aksk/" in page


def test_the_buckets_of_the_first_key_are_listed(as_alice, key):
    page = shown(as_alice)
    assert re.findall(r"bucket=(\w+)", page) == ["letters", "scans"]


def test_a_folder_shows_its_contents_and_the_way_up(as_alice, key):
    page = shown(as_alice, credential=key.pk, bucket="scans")
    assert re.findall(r'name="key" value="(.+?)"', page) == ["top.png"]
    assert "prefix=2026%2F" in page
    below = shown(as_alice, credential=key.pk, bucket="scans", prefix="2026/")
    assert re.findall(r'name="key" value="(.+?)"', below) == ["2026/b.png", "2026/合同 1.png"]
    assert '<span aria-current="page">2026</span>' in below


def test_a_part_of_a_name_is_searched_below(as_alice, key):
    page = shown(as_alice, credential=key.pk, bucket="scans", search="B.PNG")
    assert re.findall(r'name="key" value="(.+?)"', page) == ["2026/b.png"]
    assert "3 files were searched." in page
    assert "No matching files." in shown(as_alice, bucket="scans", search="xyz")


def test_what_is_wrong_is_a_sentence_on_the_page(as_alice, key, buckets):
    assert "There is no bucket “nowhere” at 127.0.0.1." in shown(as_alice, bucket="nowhere")
    assert "bucket names have 3 to 63 lower-case letters" in shown(as_alice, bucket="A/b")
    Credential.objects.update(access_key="wrong")
    assert "rejected the access key" in shown(as_alice)
    buckets.stop()
    assert "The connection to the storage at 127.0.0.1 failed" in shown(as_alice)


def test_the_marked_files_are_taken_to_the_upload_page(as_alice, key):
    keys = ["2026/合同 1.png", "top.png"]
    chosen = {"credential": key.pk, "bucket": "scans", "key": keys}
    assert as_alice.post("/buckets/choose/", chosen).headers["Location"] == "/"
    page = as_alice.get("/").content.decode()
    assert "obs://scans/2026/合同 1.png\nobs://scans/top.png</textarea>" in page
    assert re.search(rf'<option value="{key.pk}"\s+selected>\s*storage', page)
    assert 'name="preprocess-text_layer" checked' in page
    assert "obs://" not in as_alice.get("/").content.decode().partition("</textarea>")[0]


def test_an_empty_selection_returns_to_the_same_folder(as_alice, key):
    where = {"credential": key.pk, "bucket": "scans", "prefix": "2026/"}
    answer = as_alice.post("/buckets/choose/", where, follow=True)
    assert answer.redirect_chain == [(f"/buckets/?{urlencode(where)}", 302)]
    assert "Choose at least one file." in answer.content.decode()
    assert FROM_BUCKET not in as_alice.session


def test_an_object_is_looked_at_by_an_address_that_needs_no_key(as_alice, key):
    where = {"credential": key.pk, "bucket": "scans", "key": "top.png"}
    address = as_alice.get(f"/buckets/object/?{urlencode(where)}").headers["Location"]
    assert "X-Amz-Expires=300" in address
    assert requests.get(address, timeout=5).content.startswith(b"\x89PNG")
    refused = as_alice.get(f"/buckets/object/?{urlencode(where | {'bucket': 'x'})}")
    assert refused.status_code == 409


@pytest.mark.parametrize("missing", ["bucket", "key"])
def test_half_an_address_leads_to_no_object(as_alice, key, missing):
    where = {"credential": key.pk, "bucket": "scans", "key": "top.png"} | {missing: ""}
    answer = as_alice.get(f"/buckets/object/?{urlencode(where)}")
    assert answer.status_code == 409
    assert "This is not the address of an object in a bucket." in answer.content.decode()


def test_keys_of_other_users_and_of_the_wrong_kind_do_not_exist(as_bob, as_alice, alice, key):
    guest = Credential.objects.create(owner=alice, name="Guest", kind="token", region="cn-north-4")
    where = {"bucket": "scans", "key": "top.png"}
    for client, row in ((as_bob, key.pk), (as_alice, guest.pk), (as_alice, "x")):
        query = urlencode(where | {"credential": row})
        assert client.get(f"/buckets/?{query}").status_code == 404
        assert client.get(f"/buckets/object/?{query}").status_code == 404
        answer = client.post("/buckets/choose/", where | {"credential": row})
        assert answer.status_code == 404
