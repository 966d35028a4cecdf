"""Signing in and out, the password, and the language."""

import re

import pytest
from django.test import Client

PASSWORD = "correct horse battery"


def test_signing_in_leads_to_where_one_wanted_to_go(client, alice):
    response = client.post(
        "/login/?next=/jobs/", {"username": "alice", "password": PASSWORD, "next": "/jobs/"}
    )
    assert response.url == "/jobs/"


def test_a_wrong_password_is_reported(client, alice):
    page = client.post("/login/", {"username": "alice", "password": "wrong"}).content.decode()
    assert 'class="alert alert-danger" role="alert"' in page
    assert 'value="alice"' in page


def test_who_is_signed_in_goes_past_the_sign_in_page(as_alice):
    assert as_alice.get("/login/").url == "/"


def test_signing_out_is_a_post_and_leads_to_the_sign_in_page(as_alice):
    assert as_alice.get("/logout/").status_code == 405
    assert as_alice.post("/logout/").url == "/login/"
    assert as_alice.get("/").url == "/login/?next=/"


def test_the_password_can_be_changed(as_alice, alice):
    new = "a longer horse 42"
    response = as_alice.post(
        "/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    )
    assert response.url == "/password/done/"
    assert "Password changed" in as_alice.get("/password/done/").content.decode()
    alice.refresh_from_db()
    assert alice.check_password(new)


def test_a_weak_password_is_refused_beside_its_field(as_alice):
    page = as_alice.post(
        "/password/", {"old_password": PASSWORD, "new_password1": "123", "new_password2": "123"}
    ).content.decode()
    assert '<div class="field-error">This password is too short.' in page


def test_a_weak_password_is_refused_in_chinese_alone(as_alice):
    page = as_alice.post(
        "/password/",
        {"old_password": PASSWORD, "new_password1": "123", "new_password2": "123"},
        headers={"Accept-Language": "zh-CN"},
    ).content.decode()
    errors = re.findall(r'<div class="field-error">(.*?)</div>', page)
    assert len(errors) == 3
    assert [error for error in errors if re.search("[A-Za-z]", error)] == []


def test_the_password_page_needs_a_sign_in(client, db):
    assert client.get("/password/").url == "/login/?next=/password/"


def test_only_staff_see_the_way_to_the_administration(as_alice, admin):
    assert "/admin/" not in as_alice.get("/").content.decode()
    staff = Client()
    staff.force_login(admin)
    assert 'href="/admin/"' in staff.get("/").content.decode()


@pytest.mark.parametrize(
    ("asked", "spoken"), [("zh-CN,zh;q=0.9", "zh-hans"), ("en-GB", "en"), ("fr", "en")]
)
def test_the_first_language_is_the_browsers(client, db, asked, spoken):
    page = client.get("/login/", headers={"Accept-Language": asked}).content.decode()
    assert f'<html lang="{spoken}">' in page


def test_the_administration_bears_the_portals_name_and_icon(client, admin):
    client.force_login(admin)
    page = client.get("/admin/", headers={"Accept-Language": "zh-CN"}).content.decode()
    assert "文字识别平台 · 平台管理</a>" in page
    assert '<link rel="icon"' in page


def test_a_language_once_chosen_follows_its_user_to_any_browser(as_alice, alice):
    response = as_alice.post("/language/", {"language": "zh-hans", "next": "/jobs/?name=a"})
    assert response.url == "/jobs/?name=a"
    alice.refresh_from_db()
    assert alice.language == "zh-hans"
    elsewhere = Client(headers={"Accept-Language": "en"})
    elsewhere.force_login(alice)
    assert '<html lang="zh-hans">' in elsewhere.get("/").content.decode()


def test_before_signing_in_the_browser_keeps_the_language(client, db):
    client.post("/language/", {"language": "zh-hans", "next": "/login/"})
    page = client.get("/login/", headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="zh-hans">' in page


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com", ""])
def test_the_language_switch_leads_to_pages_of_ours_only(client, db, elsewhere):
    response = client.post("/language/", {"language": "en", "next": elsewhere})
    assert response.url == "/"


@pytest.mark.parametrize("language", ["", "xx", "de"])
def test_a_language_the_portal_does_not_speak_is_refused(as_alice, alice, language):
    assert as_alice.post("/language/", {"language": language}).status_code == 400
    alice.refresh_from_db()
    assert alice.language == ""


def test_the_language_is_switched_by_post_alone(client, db):
    assert client.get("/language/?language=en").status_code == 405
