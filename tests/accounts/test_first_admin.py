"""The first person of a new portal."""

import pytest
from django.core.management import CommandError, call_command

from ocrportal.accounts.models import User

pytestmark = pytest.mark.django_db


def test_a_new_portal_gets_an_admin_with_the_given_password(monkeypatch, capsys):
    monkeypatch.setenv("OCRPORTAL_ADMIN_PASSWORD", "a quiet office tool")
    call_command("create_first_admin")
    admin = User.objects.get()
    assert (admin.username, admin.is_superuser, admin.is_staff) == ("admin", True, True)
    assert admin.check_password("a quiet office tool")
    assert capsys.readouterr().out == ""


def test_without_a_given_password_one_is_made_and_shown_once(monkeypatch, capsys):
    monkeypatch.delenv("OCRPORTAL_ADMIN_PASSWORD", raising=False)
    call_command("create_first_admin")
    shown = capsys.readouterr().out.splitlines()[0]
    prefix = "First sign-in: user admin, password "
    assert shown.startswith(prefix)
    assert User.objects.get().check_password(shown.removeprefix(prefix))

    call_command("create_first_admin")
    assert capsys.readouterr().out == ""


def test_an_admin_of_any_name_is_enough(admin, monkeypatch):
    monkeypatch.setenv("OCRPORTAL_ADMIN_PASSWORD", "another long password")
    User.objects.filter(pk=admin.pk).update(username="root")
    call_command("create_first_admin")
    assert list(User.objects.values_list("username", flat=True)) == ["root"]


def test_a_weak_password_is_refused_with_the_reason(monkeypatch):
    monkeypatch.setenv("OCRPORTAL_ADMIN_PASSWORD", "12345")
    with pytest.raises(CommandError, match="too short"):
        call_command("create_first_admin")
    assert not User.objects.exists()


def test_the_alias_of_the_command_does_the_same(monkeypatch):
    monkeypatch.setenv("OCRPORTAL_ADMIN_PASSWORD", "a quiet office tool")
    call_command("first_admin")
    assert User.objects.get().username == "admin"
