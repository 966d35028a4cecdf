"""Addresses that try to lead behind the firewall, in a network where all of it is real.

Names are asked of a real name server that changes its mind between two questions, the
sites behind the firewall really listen, and count who comes.
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


def test_no_trick_reaches_a_site_behind_the_firewall(report):
    assert report["guarded_visits"] == 0
    assert len(report["outcomes"]) >= 40


def test_each_trick_is_refused_in_words(report):
    told = {"address-refused", "address-bad", "address-gives-nothing", "address-unreachable"}
    assert {code for code in report["outcomes"].values() if code not in told} == set()


def test_a_public_site_is_reached_all_the_same(report):
    assert report["public"] == "fetched"


def test_a_name_that_changes_its_mind_is_reached_where_it_was_looked_at(report):
    assert report["rebinding"] == ["fetched", "address-refused"]


def test_what_the_administrator_names_is_reached(report):
    assert (report["permitted"], report["visits_when_permitted"]) == ("fetched", 1)
