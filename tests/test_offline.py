"""Without a network the portal starts, recognises and exports, and attempts no connection."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
import requests

from tests.portal import ROOT, Portal

NO_NETWORK = ROOT / "tests" / "no_network"


@pytest.fixture
def attempts(tmp_path: Path) -> Path:
    """The file that records attempts to reach other machines."""
    return tmp_path / "attempts.txt"


@pytest.fixture
def portal(tmp_path: Path, attempts: Path) -> Iterator[Portal]:
    portal = Portal(tmp_path, name="offline")
    portal.environment |= {"PYTHONPATH": str(NO_NETWORK), "NETWORK_ATTEMPTS": str(attempts)}
    portal.prepare()
    portal.start()
    yield portal
    portal.stop()


def test_a_whole_job_works_without_a_network(portal, attempts, samples):
    token = portal.manage("api_token", "--user", "admin").strip()
    script = requests.Session()
    script.headers["Authorization"] = f"Bearer {token}"
    jobs = f"{portal.url}/api/v1/jobs"

    with (samples / "page_en.tif").open("rb") as page:
        job = script.post(jobs, files={"files": page}, timeout=30).json()
    portal.wait_for(lambda: script.get(f"{jobs}/{job['id']}").json()["status"] == "done", 60)

    word = script.get(f"{jobs}/{job['id']}/export", params={"format": "docx"}, timeout=30).content
    paragraphs = docx.Document(io.BytesIO(word)).paragraphs
    assert "The quick brown dog jumped over the lazy fox" in " ".join(p.text for p in paragraphs)
    assert not attempts.exists(), attempts.read_text()


def test_an_attempt_to_connect_is_recorded(attempts):
    run = subprocess.run(
        [sys.executable, "-c", "import socket; socket.create_connection(('example.org', 80), 1)"],
        env=os.environ | {"PYTHONPATH": str(NO_NETWORK), "NETWORK_ATTEMPTS": str(attempts)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Network is unreachable" in run.stderr
    assert attempts.read_text() == "example.org\n"
