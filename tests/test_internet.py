"""Server-side request forgery is prevented, in a network namespace with real servers.

The DNS server changes its answer between two queries, and the internal web sites count their
visits.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OWN_NETWORK = ("unshare", "--net", "--mount", "--map-root-user")


@pytest.fixture(scope="module")
def report():
    run = subprocess.run(
        [*OWN_NETWORK, sys.executable, "-m", "tests.fakes.internet"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_no_attempt_reaches_an_internal_site(report):
    assert report["guarded_visits"] == 0
    assert len(report["outcomes"]) >= 40


def test_each_attempt_is_refused_with_an_error(report):
    refusals = {"address-refused", "address-bad", "address-gives-nothing", "address-unreachable"}
    assert {code for code in report["outcomes"].values() if code not in refusals} == set()


def test_a_public_site_is_reached(report):
    assert report["public"] == "fetched"


def test_a_connection_uses_the_address_that_was_checked(report):
    assert report["rebinding"] == ["fetched", "address-refused"]


def test_a_site_in_internal_hosts_is_reached(report):
    assert (report["permitted"], report["visits_when_permitted"]) == ("fetched", 1)
