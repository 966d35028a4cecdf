"""`manage.py rotate_keys`, and that the data folder contains no plain secret."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from ocrportal.accounts.credentials import access_of
from ocrportal.accounts.models import Credential
from tests.accounts.conftest import SECRET
from tests.portal import ROOT, Portal


def test_afterwards_the_old_key_is_not_needed(make_credential, settings, capsys):
    make_credential()
    new = Fernet.generate_key().decode()
    settings.CREDENTIAL_KEYS = [new, *settings.CREDENTIAL_KEYS]
    call_command("rotate_keys")
    assert "1 credentials are encrypted with the first key." in capsys.readouterr().out
    settings.CREDENTIAL_KEYS = [new]
    assert access_of(Credential.objects.get()).secret == SECRET


def test_what_no_key_decrypts_is_named(make_credential, settings):
    make_credential()
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(
        CommandError, match="None of the keys can decrypt these credentials: alice: Beijing"
    ):
        call_command("rotate_keys")


def test_the_data_folder_has_no_plain_secret_and_the_doctor_reports_a_lost_key(tmp_path: Path):
    portal = Portal(tmp_path, name="at_rest")
    portal.manage("migrate", "--verbosity", "0")
    portal.ask("User.objects.create(username='alice').pk")
    added = subprocess.run(
        [sys.executable, "manage.py", "credential", "add", "--user", "alice", "--name", "n",
         "--kind", "aksk", "--region", "cn-north-4", "--ak", "AK0123456789"],
        cwd=ROOT, env=portal.environment, input="SK-in-clear-text\nSTS-in-clear-text\n",
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    reported = added.stdout + added.stderr
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert [path for path, data in files.items() if b"in-clear-text" in data] == []
    assert "in-clear-text" not in reported
    assert any(b"AK0123456789" in data for data in files.values()) or "DATABASE_URL" in (
        portal.environment
    )

    kept = tmp_path / "var" / "credential_keys"
    assert kept.stat().st_mode & 0o077 == 0
    kept.write_text(Fernet.generate_key().decode(), encoding="ascii")
    doctor = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=ROOT, env=portal.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "cannot decrypt the secrets of these credentials: alice: n" in doctor.stdout
    assert doctor.returncode == 1
