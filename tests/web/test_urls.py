"""What holds for every screen."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, resolve, reverse

from ocrportal.web.document_display import ICONS
from ocrportal.web.templatetags.portal import STATE_ICONS
from ocrportal.web.urls import urlpatterns
from tests.screens import SCREENS

OPEN_TO_ALL = {"healthz", "readyz", "login", "logout", "language"}
NO_SCREENS = OPEN_TO_ALL | {
    # Actions, fragments of other screens and files
    *("submit_choices", "job_create", "job_sample", "nth_page", "buckets_choose", "buckets_object"),
    *("job_changes", "job_approve", "job_cancel", "job_retry", "job_deliveries", "job_text"),
    *("document_password", "document_source", "export_document", "export_job", "job_exports"),
    *("export_file", "export_again", "export_cancel", "export_delete", "page_image"),
    *("page_thumbnail", "page_answer", "page_raw", "page_attachment", "usage_csv"),
    "credential_check",
    # Screens of a credential, and one that follows a changed password: their own browser tests
    *("credential", "credential_remove", "password_change_done"),
}
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))


@pytest.mark.parametrize("pattern", urlpatterns, ids=lambda pattern: pattern.name)
def test_every_address_but_a_few_needs_a_sign_in(pattern: URLPattern, client: Client, db):
    if pattern.name in OPEN_TO_ALL:
        return
    values = {name: "txt" if name == "key" else 1 for name in pattern.pattern.converters}
    address = reverse(pattern.name, kwargs=values)
    for method in (client.get, client.post):
        response = method(address)
        assert (response.status_code, response.url.split("?")[0]) == (302, "/login/")


def test_every_screen_is_visited_by_the_browser_tests():
    """A new address is added to ``SCREENS``, or to ``NO_SCREENS`` if it is not a screen."""
    visited = {resolve(screen.format(job=1, page=1)).url_name for screen in SCREENS}
    # The collection of jobs has one address with two names.
    visited = {"history" if name == "job_create" else name for name in visited}
    assert visited == {pattern.name for pattern in urlpatterns} - NO_SCREENS


def test_a_missing_page_has_the_portals_design(as_alice):
    response = as_alice.get("/nowhere/")
    assert response.status_code == 404
    assert "This does not exist, or it belongs to another user." in response.content.decode()


def test_a_server_error_has_the_portals_design(as_alice, monkeypatch):
    monkeypatch.setattr("ocrportal.web.views.history.find_jobs", None)
    as_alice.raise_request_exception = False
    response = as_alice.get("/jobs/")
    assert response.status_code == 500
    assert "This is an error in the portal" in response.content.decode()


def test_an_expired_form_has_the_portals_design(alice):
    client = Client(enforce_csrf_checks=True)
    response = client.post("/login/", {"username": "alice", "password": "x"})
    assert response.status_code == 403
    assert "Please try again" in response.content.decode()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: Path(path).name)
def test_templates_hold_no_scripts_and_styles_of_their_own(path: Path):
    """The content security policy would block them silently."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\s(style|on\w+|hx-on[\w:-]*)=", text)


def test_every_icon_that_is_named_is_in_the_sprite():
    sprite = (settings.BASE_DIR / "static/vendor/bootstrap-icons/sprite.svg").read_text()
    there = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    named = {
        name
        for path in TEMPLATES
        for name in re.findall(r'{% icon "([\w-]+)"', path.read_text(encoding="utf-8"))
    }
    assert named <= there
    assert {*STATE_ICONS.values(), *(icon for _part, icon in ICONS), "file-earmark-image"} <= there
