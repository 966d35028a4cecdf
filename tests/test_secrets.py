"""After every use of credentials, no secret is stored or shown in clear text."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import requests

from tests.fakes.cloud import FakeCloud
from tests.portal import ROOT, Portal, form_token

PROXY_PASSWORD = "proxy-Pa55word-of-the-office"
SECURITY_TOKEN = "TemporarySecurityToken0123456789"
WRONG_PASSWORD = "wrong-Pa55word-of-the-office"


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    portal = Portal(tmp_path, name="secrets")
    portal.environment |= {"INTERNAL_HOSTS": "127.0.0.1", "LOG_LEVEL": "DEBUG"}
    portal.prepare()
    portal.start()
    yield portal
    portal.stop()


def credential_command(portal: Portal, *arguments: str, secret: str = "") -> str:
    """The output of the command, on both channels."""
    run = subprocess.run(
        [sys.executable, "manage.py", "credential", *arguments],
        cwd=ROOT,
        env=portal.environment,
        input=secret,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stdout + run.stderr


def add(portal: Portal, cloud: FakeCloud, name: str, *options: str, secret: str) -> str:
    places = ("--ocr-endpoint", cloud.url, "--iam-endpoint", cloud.url)
    whose = ("--user", "admin", "--name", name, "--region", "cn-north-4")
    return credential_command(portal, "add", *whose, *options, *places, secret=secret)


def read_everything(person: requests.Session, urls: list[str]) -> str:
    """The pages at these addresses; each of them must exist."""
    answers = [person.get(url, timeout=60) for url in urls]
    assert [answer.url for answer in answers if not answer.ok] == []
    return "\n".join(answer.text for answer in answers)


def test_no_secret_is_in_database_logs_pages_api_or_process_list(portal, cloud, samples):
    shown = add(portal, cloud, "keys", "--kind", "aksk", "--ak", cloud.user.access_key,
               secret=cloud.user.secret_key)  # fmt: skip
    login = ("--kind", "token", "--iam-user", cloud.user.name, "--domain", cloud.account.name)
    shown += add(portal, cloud, "login", *login, secret=cloud.user.password)
    shown += add(portal, cloud, "wrong", *login, secret=WRONG_PASSWORD)
    for name in ("keys", "login", "wrong"):
        shown += credential_command(portal, "check", "--user", "admin", "--name", name)

    person = portal.sign_in()
    form = f"{portal.url}/credentials/add/aksk/"
    answer = person.post(
        form,
        data={
            "csrfmiddlewaretoken": form_token(person.get(form, timeout=30).text),
            "name": "temporary",
            "region": "cn-north-4",
            "access_key": "TEMPORARYACCESSKEY00",
            "secret": cloud.user.secret_key,
            "security_token": SECURITY_TOKEN,
            "proxy": f"http://clerk:{PROXY_PASSWORD}@127.0.0.1:9",
            "connect_seconds": "1",
            "read_seconds": "5",
            "calls_at_once": "1",
            "verify_tls": "on",
        },
        timeout=30,
    )
    assert answer.ok
    shown += answer.text

    token = portal.manage("api_token", "--user", "admin").strip()
    script = requests.Session()
    script.headers["Authorization"] = f"Bearer {token}"
    api = f"{portal.url}/api/v1"
    jobs = {}
    names = ("keys", "login", "temporary", "wrong")
    for name, sample in zip(names, ("page_en.tif", "page_zh.png") * 2, strict=True):
        with (samples / sample).open("rb") as page:
            answer = script.post(
                f"{api}/jobs",
                data={"engine": "huawei", "service": "general-text", "credential": name},
                files={"files": page},
                timeout=60,
            )
        assert answer.status_code == 201, answer.text
        jobs[name] = answer.json()["id"]
    for name in ("keys", "login"):
        url = f"{api}/jobs/{jobs[name]}"
        portal.wait_for(lambda url=url: script.get(url).json()["status"] == "done", 60)
    portal.wait_for(lambda: portal.ask("Call.objects.count()") >= 2, 30)
    portal.wait_for(lambda: script.get(f"{api}/jobs/{jobs['wrong']}").json()["waiting"], 30)

    rows = portal.ask("list(Credential.objects.values_list('pk', flat=True))")
    pages = portal.ask(
        "list(Page.objects.filter(result__isnull=False).values_list('pk', flat=True))"
    )
    admin = "admin/accounts/credential"
    shown += read_everything(
        person,
        [
            f"{portal.url}/{path}"
            for path in (
                *("", "jobs/", "credentials/", "usage/", "usage/calls.csv", f"{admin}/"),
                *(f"jobs/{job}/" for job in jobs.values()),
                *(f"pages/{page}/{part}" for page in pages for part in ("", "answer/", "raw.json")),
                *(f"credentials/{row}/" for row in rows),
                *(f"{admin}/{row}/{part}/" for row in rows for part in ("change", "history")),
            )
        ],
    )
    shown += read_everything(
        script,
        [
            *(f"{api}/{path}" for path in ("credentials", "services", "engines", "jobs")),
            *(f"{api}/jobs/{job}" for job in jobs.values()),
            *(f"{api}/jobs/{job}/result" for job in jobs.values()),
        ],
    )
    shown += credential_command(portal, "list", "--user", "admin")
    processes = [process.cmdline() for process in portal.processes()]
    assert processes, "the portal's own processes were not found"

    places = {
        "output of pages, API and commands": shown,
        "log": portal.log.read_text(errors="replace"),
        "database": portal.manage("dumpdata") + _database_file(portal),
        "process list": str(processes),
    }
    tokens = list(cloud.iam.tokens)
    assert tokens
    secrets = [
        *(cloud.user.secret_key, cloud.user.password, WRONG_PASSWORD),
        *(SECURITY_TOKEN, PROXY_PASSWORD, *tokens),
    ]
    found = [
        (place, secret[:6])
        for place, text in places.items()
        for secret in secrets
        for form in (secret, quote(secret), base64.b64encode(secret.encode()).decode())
        if form in text
    ]
    assert found == []
    assert "keys" in places["output of pages, API and commands"]  # the pages were really read


def _database_file(portal: Portal) -> str:
    """The files of SQLite, including deleted content."""
    if "DATABASE_URL" in os.environ:
        return ""
    files = (portal.folder / "var").glob("portal.sqlite3*")
    return "".join(file.read_bytes().decode("latin-1") for file in files)
