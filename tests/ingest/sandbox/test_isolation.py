import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psutil
import pytest

from ocrportal.errors.ingest import (
    DamagedFile,
    IngestError,
    NeedsTooMuchMemory,
    NeedsTooMuchTime,
    PasswordNeeded,
    PasswordWrong,
    PictureTooLarge,
    ReaderCrashed,
)
from ocrportal.ingest.base import Limits, Preprocessing
from ocrportal.ingest.sandbox.isolation import IsolatedPages, call_isolated, open_isolated
from ocrportal.ingest.sniff.file_type import Format
from tests.ingest import bad_readers
from tests.ingest.sources import LIMITS, SAMPLES, opened

PDF = Format("pdf", "application/pdf", "pdf")
PNG = Format("png", "image/png", "png")
TIFF = Format("tiff", "image/tiff", "tiff")

BAD_ENDS = [
    (bad_readers.eat_memory, NeedsTooMuchMemory, {"limit_mb": 200}),
    (bad_readers.abort_when_memory_is_refused, NeedsTooMuchMemory, {"limit_mb": 200}),
    (bad_readers.loop, NeedsTooMuchTime, {"seconds": 1}),
    (bad_readers.sleep, NeedsTooMuchTime, {"seconds": 1}),
    (bad_readers.crash, ReaderCrashed, {}),
    (bad_readers.leave, ReaderCrashed, {}),
    (bad_readers.end_from_outside, ReaderCrashed, {}),
    (bad_readers.send_garbage, ReaderCrashed, {}),
    (bad_readers.announce_more_than_fits, ReaderCrashed, {}),
    (bad_readers.be_a_bug, ReaderCrashed, {}),
    (bad_readers.be_damaged, DamagedFile, {}),
    (bad_readers.be_locked, PasswordNeeded, {}),
    (bad_readers.be_too_large, PictureTooLarge, {"megapixels": 200, "limit": 150}),
]
each_bad_end = pytest.mark.parametrize(
    ("act", "error", "params"), BAD_ENDS, ids=[act.__name__ for act, _, _ in BAD_ENDS]
)


def seconds_for(error: type[IngestError]) -> float:
    """A long time limit, for busy machines, unless the test waits for its end."""
    return 1 if error is NeedsTooMuchTime else 60


def opened_isolated(name: str, fmt: Format, password: str | None = None) -> IsolatedPages:
    return open_isolated(SAMPLES / name, fmt, LIMITS, password=password, memory_mb=600, seconds=60)


def called(function: Callable[..., object], *arguments: object) -> object:
    return call_isolated(function, *arguments, memory_mb=200, seconds=60)


@pytest.fixture(autouse=True)
def _nothing_is_left_behind() -> Iterator[None]:
    called(os.getpid)  # starts the fork server
    files, processes = set(os.listdir("/proc/self/fd")), set(processes_below())
    yield
    called(os.getpid)  # starts it again if the test has killed it
    assert len(os.listdir("/proc/self/fd")) == len(files)
    assert len(processes_below()) == len(processes), "a child process is left, or a zombie"


def processes_below() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def fork_server() -> psutil.Process:
    [found] = [
        process for process in psutil.Process().children()
        if "ocrportal.ingest.sandbox.server" in process.cmdline()
    ]  # fmt: skip
    return found


def kill_fork_server() -> None:
    found = fork_server()
    found.kill()
    assert ended_within(found.pid, seconds=30)


@pytest.mark.parametrize(
    ("name", "fmt"), [("scans.pdf", PDF), ("page_zh.png", PNG), ("frames.tif", TIFF)]
)
def test_pages_are_the_same_as_without_isolation(name: str, fmt: Format) -> None:
    with opened(name) as plain, opened_isolated(name, fmt) as isolated:
        assert isolated.page_count == plain.page_count
        for number in range(plain.page_count, 0, -1):
            assert isolated.read_page(number) == plain.read_page(number)
        with pytest.raises(IndexError):
            isolated.read_page(plain.page_count + 1)


def test_a_password_opens_what_it_protects() -> None:
    with opened_isolated("password_unicode.pdf", PDF, "æøå") as pages:
        assert pages.page_count == 1
    with pytest.raises(PasswordNeeded):
        opened_isolated("password_unicode.pdf", PDF)
    with pytest.raises(PasswordWrong):
        opened_isolated("password_unicode.pdf", PDF, "abc")


def test_the_text_of_a_page_is_returned_if_requested() -> None:
    with opened("born_digital_zh.pdf") as plain:
        expected = plain.read_page(1).own_text
    assert expected is not None
    for wanted in (True, False):
        with open_isolated(
            SAMPLES / "born_digital_zh.pdf", PDF, LIMITS,
            preprocessing=Preprocessing(text_layer=wanted), memory_mb=600, seconds=30,
        ) as pages:  # fmt: skip
            own_text = pages.read_page(1).own_text
            assert (own_text and own_text.lines) == (expected.lines if wanted else None)


def test_the_limits_of_a_source_are_applied() -> None:
    limits = Limits(max_bytes=10_000_000, max_pixels=10_000_000, max_pages=1)
    with pytest.raises(PictureTooLarge) as caught:
        open_isolated(SAMPLES / "pixel_bomb.png", PNG, limits, memory_mb=600, seconds=30)
    assert caught.value.params == {"megapixels": 400, "limit": 10}


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_isolated(tmp_path / "missing.pdf", PDF, LIMITS, memory_mb=600, seconds=30)


def test_a_stream_of_700_megabytes_exceeds_the_memory_limit() -> None:
    with open_isolated(
        SAMPLES / "stream_bomb.pdf", PDF, LIMITS, memory_mb=300, seconds=60
    ) as pages, pytest.raises(NeedsTooMuchMemory) as caught:  # fmt: skip
        pages.read_page(1)
    assert caught.value.params == {"limit_mb": 300}


@each_bad_end
def test_a_crashing_function_raises_an_error_and_the_next_call_works(
    act: Callable[[], None], error: type[IngestError], params: dict[str, object]
) -> None:
    with pytest.raises(error) as caught:
        call_isolated(act, memory_mb=200, seconds=seconds_for(error))
    assert caught.value.params == params
    assert called(os.getcwd)


@each_bad_end
def test_a_crash_on_opening_raises_an_error(
    act: Callable[[], None], error: type[IngestError], params: dict[str, object]
) -> None:
    with pytest.raises(error) as caught:
        IsolatedPages(bad_readers.open_badly, (act,), 200, seconds_for(error))
    assert caught.value.params == params


@each_bad_end
def test_a_bad_page_does_not_affect_other_pages(
    act: Callable[[], None], error: type[IngestError], params: dict[str, object]
) -> None:
    seconds = 5 if error is NeedsTooMuchTime else 60  # the good pages have to be read within it
    with IsolatedPages(bad_readers.BadPages, (act,), 200, seconds) as pages:
        assert pages.read_page(1) == bad_readers.PAGE
        with pytest.raises(error) as caught:
            pages.read_page(2)
        assert caught.value.params == params | ({"seconds": 5} if "seconds" in params else {})
        assert pages.read_page(3) == bad_readers.PAGE


def test_a_bug_is_logged_with_its_traceback_but_without_its_message(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(ReaderCrashed):
        called(bad_readers.be_a_bug)
    [record] = caplog.records
    assert "in be_a_bug" in record.getMessage()
    assert "ZeroDivisionError" in record.getMessage()
    assert "a picture" not in caplog.text


def test_processes_started_by_a_reader_are_killed_with_it(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    with pytest.raises(NeedsTooMuchTime):
        call_isolated(bad_readers.start_a_process_and_loop, pid_file, memory_mb=200, seconds=5)
    assert ended_within(int(pid_file.read_text()), seconds=30)


def ended_within(pid: int, seconds: float) -> bool:
    """True once the process has exited, even if it is still a zombie of its parent."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


def test_arguments_and_results_are_plain_values_of_any_depth(tmp_path: Path) -> None:
    value = {"a": [1, 2.5, None, True], "b": (b"bytes", "文字", tmp_path), 3: Preprocessing()}
    assert called(dict, value) == value
    assert called(partial(sorted, reverse=True), [1, 3, 2]) == [3, 2, 1]


def test_other_results_are_rejected() -> None:
    with pytest.raises(ReaderCrashed):
        called(bad_readers.what_cannot_be_sent)


def test_a_reader_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    called(bad_readers.print_everywhere)
    assert capfd.readouterr() == ("", "")


def test_a_reader_inherits_neither_keys_nor_open_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SECRET_KEY", "of the portal")
    kill_fork_server()
    with (tmp_path / "database").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        assert "SECRET_KEY" not in called(bad_readers.environment)
        files = called(bad_readers.open_files)
    assert sorted(name.partition(":")[0] for name in files) == 3 * ["/dev/null"] + ["socket"]


def test_the_memory_limit_applies_to_written_files(tmp_path: Path) -> None:
    assert called(bad_readers.write_a_file, tmp_path / "fits", 2**20) == 2**20
    many = partial(os.truncate, tmp_path / "fits", 201 * 2**20)
    with pytest.raises(ReaderCrashed):
        called(many)


def test_threads_read_concurrently(tmp_path: Path) -> None:
    def wait() -> None:
        met.append(called(bad_readers.meet, tmp_path, 4))

    met: list[object] = []
    threads = [threading.Thread(target=wait) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert met == [4] * 4


def test_a_fork_server_that_was_killed_is_restarted() -> None:
    first = fork_server()
    called(os.getpid)
    assert fork_server() == first
    first.send_signal(signal.SIGTERM)  # as sent to the process group when the portal is stopped
    called(os.getpid)
    assert fork_server() == first
    kill_fork_server()
    assert called(os.getcwd)
    assert fork_server() != first


def test_a_killed_fork_server_fails_the_current_page_only() -> None:
    with IsolatedPages(bad_readers.BadPages, (bad_readers.loop,), 200, 20) as pages:
        threading.Timer(0.5, fork_server().kill).start()
        with pytest.raises(ReaderCrashed):
            pages.read_page(2)
        assert pages.read_page(3) == bad_readers.PAGE


@contextmanager
def a_worker(code: str) -> Iterator[subprocess.Popen[str]]:
    worker = subprocess.Popen(
        [sys.executable, "-c", f"import os, time\n{IMPORTS}\n{code}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=SAMPLES.parent.parent,
    )
    with worker:
        yield worker
        worker.kill()


IMPORTS = """\
from ocrportal.ingest.sandbox.isolation import call_isolated, IsolatedPages
from tests.ingest import bad_readers
"""
KEEP_CHILD_OPEN = """\
pages = IsolatedPages(bad_readers.BadPages, (bad_readers.loop,), 200, 60)
print(call_isolated(os.getppid, memory_mb=200, seconds=60), flush=True)
pages.read_page(2)
"""


def test_fork_server_and_readers_exit_with_a_killed_worker() -> None:
    with a_worker(KEEP_CHILD_OPEN) as worker:
        assert worker.stdout
        started = int(worker.stdout.readline())
        [child] = psutil.Process(started).children()
        worker.kill()
        assert ended_within(started, seconds=30)
        assert ended_within(child.pid, seconds=30)


FORK = """\
first = call_isolated(os.getppid, memory_mb=200, seconds=60)
if os.fork() == 0:
    print(first != call_isolated(os.getppid, memory_mb=200, seconds=60), flush=True)
    time.sleep(60)
    os._exit(0)
time.sleep(0.5)
print(first, flush=True)
print(call_isolated(os.getppid, memory_mb=200, seconds=60) == first, flush=True)
input()
"""


def test_a_forked_worker_has_its_own_fork_server() -> None:
    with a_worker(FORK) as worker:
        assert worker.stdout
        lines = [worker.stdout.readline().strip() for _ in range(3)]
        [first] = [int(line) for line in lines if line.isdigit()]
        assert lines.count("True") == 2
        children = psutil.Process(worker.pid).children()
        worker.kill()
        assert ended_within(first, seconds=30)
        for child in children:
            child.kill()
