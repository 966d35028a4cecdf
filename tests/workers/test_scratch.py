"""Folders that are gone with the process they belong to."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ocrportal.jobs.lease_owner import lease_owner
from ocrportal.workers.scratch import clear_abandoned, scratch_folder


@pytest.fixture(autouse=True)
def place(settings, tmp_path: Path) -> Path:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    return tmp_path


def test_a_folder_is_gone_in_the_end_even_after_an_error(place):
    with pytest.raises(FileNotFoundError), scratch_folder() as folder:
        (folder / "gone" / "file").read_bytes()
    assert list(place.iterdir()) == []


def test_a_folder_in_use_is_left_alone():
    with scratch_folder() as folder:
        clear_abandoned()
        assert folder.is_dir()


def test_what_a_killed_process_left_is_removed(place):
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    stat = Path(f"/proc/{child.pid}/stat").read_text()
    started = stat.rpartition(")")[2].split()[19]
    host, _pid, _start, thread = lease_owner().rsplit("/", 3)
    name = f"{host}/{child.pid}/{started}/{thread}".replace("/", "~")
    folder = place / f"work~{name}~abc"
    (folder / "profile").mkdir(parents=True)

    clear_abandoned()
    assert folder.is_dir(), "it still runs"

    child.kill()
    child.communicate()
    clear_abandoned()
    assert not folder.exists()


def test_uploads_that_broke_off_long_ago_are_removed(place):
    fresh, old = place / "a.upload.pdf", place / "b.upload.pdf"
    for path in (fresh, old):
        path.write_bytes(b"1")
    yesterday = time.time() - 25 * 3600
    os.utime(old, (yesterday, yesterday))

    clear_abandoned()

    assert list(place.iterdir()) == [fresh]


def test_what_was_left_in_a_container_that_is_no_more_is_removed_after_a_day(place):
    host, pid, start, thread = lease_owner().rsplit("/", 3)
    name = f"elsewhere-{host}/{pid}/{start}/{thread}".replace("/", "~")
    folder = place / f"work~{name}~abc"
    folder.mkdir()
    (folder / "source").write_bytes(b"1")

    clear_abandoned()
    assert folder.is_dir(), "it may still be at work there"

    yesterday = time.time() - 25 * 3600
    os.utime(folder, (yesterday, yesterday))
    clear_abandoned()
    assert not folder.exists()
