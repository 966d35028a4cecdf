"""Private files reach only their owner."""

import pytest

from ocrportal.jobs.models import Document, Page
from tests.web.conftest import picture

ADDRESSES = ["/pages/{page}/image/", "/pages/{page}/thumbnail/", "/documents/{document}/source/"]


@pytest.fixture
def ids(make_job) -> dict[str, int]:
    make_job("done", name="信函 1.png")
    return {"page": Page.objects.get().pk, "document": Document.objects.get().pk}


@pytest.mark.parametrize("address", ADDRESSES[:2])
def test_pictures_are_shown_and_kept_by_the_owners_browser_alone(as_alice, ids, address):
    response = as_alice.get(address.format(**ids))
    assert b"".join(response) == picture()
    assert response["Content-Type"] == "image/png"
    assert "private" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"


def test_the_original_is_saved_under_its_own_name(as_alice, ids):
    response = as_alice.get(ADDRESSES[2].format(**ids))
    assert b"".join(response) == picture()
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E4%BF%A1%E5%87%BD%201.png"
    )
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_file_that_is_not_there_is_not_found(as_alice, ids, address):
    Page.objects.update(image="", thumbnail="")
    Document.objects.update(file="jobs/missing.png")
    assert as_alice.get(address.format(**ids)).status_code == 404


@pytest.mark.parametrize("address", ADDRESSES)
def test_for_bob_alices_files_do_not_exist(as_bob, client, ids, address):
    assert as_bob.get(address.format(**ids)).status_code == 404
    assert client.get(address.format(**ids)).url.startswith("/login/")
