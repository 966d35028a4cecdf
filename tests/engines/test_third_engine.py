"""One registered EngineInfo is enough: form, API and command line offer the engine."""

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from ocrportal.accounts.tokens import make_api_token
from ocrportal.engines import ENGINES
from ocrportal.engines.base import Engine
from ocrportal.engines.local.engine import LocalEngine
from ocrportal.jobs.models import Job, Page
from tests.engines.contract import EngineContract
from tests.engines.third import INFO, KEY, ThirdEngine

CHOSEN = {"engine": KEY, "service": "id-card"}
FOX = "THE QUICK BROWN DOG JUMPED OVER THE LAZY FOX."


class TestThirdEngine(EngineContract):
    @pytest.fixture
    def engine(self, local_engine: LocalEngine) -> Engine:
        return ThirdEngine(local_engine)


@pytest.fixture
def third_engine(monkeypatch) -> None:
    """Registers the engine; nothing else of the portal is changed for it."""
    monkeypatch.setitem(ENGINES, KEY, INFO)


@pytest.fixture
def script(alice) -> Client:
    return Client(headers={"Authorization": f"Bearer {make_api_token(alice)}"})


def html(response: HttpResponse) -> str:
    """The page with single spaces, since templates break long tags."""
    return " ".join(response.content.decode().split())


def test_without_registration_the_engine_is_unknown(as_alice, script, samples):
    assert "Third engine" not in html(as_alice.get(reverse("submit")))
    with (samples / "page_en.tif").open("rb") as file:
        assert script.post("/api/v1/jobs", {"files": [file], **CHOSEN}).status_code == 422


def test_the_upload_form_offers_the_engine_with_its_services_and_options(
    third_engine, as_alice, samples
):
    page = html(as_alice.get(reverse("submit")))
    assert 'name="engine" value="third"' in page
    assert "Third engine" in page
    assert "Reads out loud." in page

    choices = html(as_alice.post(reverse("submit_choices"), CHOSEN, headers={"HX-Request": "true"}))
    assert 'name="service" value="general-text"' in choices
    assert 'name="service" value="id-card" checked' in choices
    assert 'name="service" value="vat-invoice"' not in choices
    assert 'name="option-capitals"' in choices
    assert 'name="credential"' not in choices

    with (samples / "page_en.tif").open("rb") as file:
        sent = {"files": [file], "option-capitals": "on", **CHOSEN}
        assert as_alice.post(reverse("job_create"), sent).status_code == 302
    job = Job.objects.get()
    assert (job.engine, job.service, job.options) == (KEY, "id-card", {"capitals": True})
    assert "Third engine" in html(as_alice.get(reverse("job", args=[job.pk])))


def test_the_api_lists_the_engine_and_creates_jobs_for_it(third_engine, script, samples, work_off):
    engines = script.get("/api/v1/engines").json()
    assert {"key": KEY, "name": "Third engine", "needs_credential": False} in engines
    services = {entry["key"]: entry for entry in script.get("/api/v1/services").json()}
    assert services["general-text"]["engines"] == ["local", KEY]
    assert services["id-card"]["engines"] == [KEY]
    assert [option["name"] for option in services["id-card"]["options"]] == ["capitals"]

    with (samples / "page_en.tif").open("rb") as file:
        sent = {"files": [file], "options": '{"capitals": true}', **CHOSEN}
        created = script.post("/api/v1/jobs", sent)
    assert (created.status_code, created.json()["engine"]) == (201, KEY)

    work_off()

    page = Page.objects.select_related("result").get()
    assert (page.status, page.result.engine) == ("done", KEY)
    (read,) = script.get(f"/api/v1/jobs/{created.json()['id']}/result").json()["pages"]
    assert FOX in read["text"].replace("\n", " ")


def test_the_api_refuses_a_service_that_the_engine_does_not_perform(third_engine, script, samples):
    with (samples / "page_en.tif").open("rb") as file:
        sent = {"files": [file], "engine": KEY, "service": "vat-invoice"}
        assert script.post("/api/v1/jobs", sent).json()["code"] == "service-unknown"


def test_the_error_of_an_option_names_its_label(third_engine, script, samples):
    with (samples / "page_en.tif").open("rb") as file:
        sent = {"files": [file], "options": '{"capitals": "yes"}', **CHOSEN}
        answer = script.post("/api/v1/jobs", sent)
    assert answer.status_code == 422
    assert "Capital letters (capitals): “yes” is not of type boolean." in str(answer.json())


@pytest.mark.django_db(transaction=True)
def test_the_command_line_reads_with_the_engine(third_engine, samples, tmp_path):
    call_command(
        "ocr",
        *(str(samples / "page_en.tif"), "--output", str(tmp_path), "--format", "txt"),
        *("--engine", KEY, "--service", "general-text", "--option", "capitals=true"),
    )
    assert FOX in (tmp_path / "page_en.txt").read_text("utf-8").replace("\n", " ")
