"""`manage.py ocr` and `doctor`."""

import re
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import docx
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.translation import override

from ocrportal.ingest.base import Preprocessing
from ocrportal.jobs.models import Job
from ocrportal.submission.submit import submit
from ocrportal.workers.management.commands import doctor
from ocrportal.workers.management.commands import ocr as ocr_command
from tests.workers.cloud_jobs import add_keys
from tests.workers.test_fetch_source import key_of

pytestmark = pytest.mark.django_db(transaction=True)

FOX = "The quick brown dog jumped over the lazy fox."


def ocr(*arguments: object) -> int:
    """Run `manage.py ocr`; its exit code."""
    try:
        call_command("ocr", *map(str, arguments))
    except CommandError as error:
        return error.returncode
    except SystemExit as error:
        return error.code
    return 0


def test_many_files_become_one_named_by_a_pattern_or_their_job(samples, tmp_path):
    chosen = "--output", tmp_path, "--format", "txt"
    assert ocr(samples / "page_en.tif", *chosen, "--names", "{number}_{name}") == 0
    assert ocr(samples / "page_en.tif", *chosen, "--names", "{nombre}") == ocr_command.UNREADABLE
    assert ocr(samples / "page_en.tif", samples / "line_mixed.jpg", *chosen, "--merged", "on") == 0
    assert (tmp_path / "1_page_en.txt").exists()
    text = (tmp_path / "page_en.txt").read_text()
    assert text.startswith("=== page_en ===\n")
    assert "\n\n=== line_mixed ===\n" in text


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("en", "The tables of the database are not up to date. Run: python manage.py migrate"),
        ("zh-hans", "数据库的数据表不是最新的。请运行：python manage.py migrate"),
    ],
)
def test_a_database_without_its_tables_is_reported(samples, tmp_path, language, message):
    last = MigrationLoader(connection).graph.leaf_nodes("jobs")[0]
    MigrationRecorder(connection).record_unapplied(*last)
    try:
        with override(language), pytest.raises(CommandError, match=re.escape(message)) as raised:
            call_command("ocr", str(samples / "page_en.tif"), "--output", str(tmp_path))
    finally:
        MigrationRecorder(connection).record_applied(*last)
    assert raised.value.returncode == ocr_command.UNREADABLE


def test_a_file_becomes_one_file_per_format_named_after_it(samples, tmp_path, capsys):
    assert ocr(samples / "page_en.tif", "--output", tmp_path / "out", "--format", "txt,docx") == 0

    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "page_en.docx",
        "page_en.txt",
    ]
    assert FOX in (tmp_path / "out/page_en.txt").read_text("utf-8").replace("\n", " ")
    paragraphs = docx.Document(str(tmp_path / "out/page_en.docx")).paragraphs
    assert FOX in " ".join(paragraph.text for paragraph in paragraphs)
    assert capsys.readouterr().out.splitlines() == [
        str(tmp_path / "out/page_en.txt"),
        str(tmp_path / "out/page_en.docx"),
    ]


def test_a_password_opens_what_is_protected(samples, tmp_path, capsys):
    locked = samples / "password_abc.pdf"
    out = ("--output", tmp_path / "out", "--format", "txt")
    assert ocr(locked, *out) == 2
    assert "password_abc.pdf: This file is password-protected." in capsys.readouterr().err
    assert ocr(locked, *out, "--password", "abc") == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["password_abc.txt"]


def test_how_pages_are_prepared_is_kept_with_the_job(alice, samples, tmp_path):
    out = ("--output", tmp_path, "--format", "txt", "--user", "alice")
    steps = ("--preprocess", "enhance_contrast=on", "--preprocess", "auto_rotate=off")
    assert ocr(samples / "page_en.tif", *out, *steps) == 0
    kept = Preprocessing.from_dict(Job.objects.get().preprocessing)
    assert kept == Preprocessing(enhance_contrast=True, auto_rotate=False)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("iron=on", "There is no preprocessing step “iron”."),
        ("split=maybe", "split: “maybe” is not valid. Enter true or false."),
        ("split", "Write options as KEY=VALUE, not “split”."),
    ],
)
def test_invalid_preprocessing_steps_are_reported(samples, tmp_path, typed, message):
    with pytest.raises(CommandError, match=message):
        call_command("ocr", samples / "page_en.tif", output=tmp_path, preprocess=[typed])


def test_subtitles_are_written_of_videos_alone(samples, tmp_path):
    where = ("--output", tmp_path / "out", "--format")
    assert ocr(samples / "page_en.tif", *where, "srt,txt") == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["page_en.txt"]
    with pytest.raises(CommandError, match="Only videos have time codes") as caught:
        call_command("ocr", *map(str, (samples / "page_en.tif", *where, "srt")))
    assert caught.value.returncode == 2


def test_sources_of_one_name_do_not_overwrite_each_other(samples, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    for folder in "ab":
        (tmp_path / folder / "page.tif").write_bytes((samples / "page_en.tif").read_bytes())
    sources = (tmp_path / "a/page.tif", tmp_path / "b/page.tif")
    assert ocr(*sources, "--output", tmp_path / "out", "--format", "txt") == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "page (2).txt",
        "page.txt",
    ]


def test_a_source_beside_the_output_is_not_overwritten(samples, tmp_path):
    original = (samples / "scans.pdf").read_bytes()
    (tmp_path / "scans.pdf").write_bytes(original)
    assert ocr(tmp_path / "scans.pdf", "--output", tmp_path, "--format", "pdf", "--pages", "1") == 0
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == [
        "scans (2).pdf",
        "scans.pdf",
    ]
    assert (tmp_path / "scans.pdf").read_bytes() == original


def test_only_the_chosen_pages_are_read(samples, tmp_path):
    job = {"--output": tmp_path, "--format": "txt", "--pages": "2"}
    arguments = [part for pair in job.items() for part in pair]
    assert ocr(samples / "frames.tif", *arguments, "--user", _user()) == 0
    assert list(Job.objects.get().pages.values_list("number", flat=True)) == [2]


def test_the_job_is_kept_only_in_the_history_of_a_named_user(samples, tmp_path):
    ocr(samples / "page_en.tif", "--output", tmp_path, "--format", "txt")
    assert not Job.objects.exists()
    ocr(samples / "page_en.tif", "--output", tmp_path, "--format", "txt", "--user", _user())
    assert Job.objects.get().owner.username == "carol"


def test_what_a_worker_of_the_portal_took_and_died_over_is_done_all_the_same(
    samples, tmp_path, monkeypatch
):
    def submit_and_lose(**arguments):
        job = submit(**arguments)
        past = timezone.now() - timedelta(seconds=1)
        job.documents.update(status="opening", lease_owner="elsewhere/1/2/3", lease_expires_at=past)
        return job

    monkeypatch.setattr(ocr_command, "submit", submit_and_lose)
    assert ocr(samples / "page_en.tif", "--output", tmp_path, "--format", "txt") == 0
    assert (tmp_path / "page_en.txt").exists()


def test_a_page_that_fails_gives_exit_code_1_and_the_rest_is_written(samples, tmp_path, capsys):
    sources = (samples / "truncated.jpg", samples / "page_en.tif")
    assert ocr(*sources, "--output", tmp_path / "out", "--format", "txt") == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["page_en.txt"]
    assert "truncated.jpg, page 1: This file is damaged" in capsys.readouterr().err


def test_what_deserves_a_look_is_printed_with_its_page(samples, tmp_path, capsys):
    assert ocr(samples / "rare_ideographs.png", "--output", tmp_path, "--format", "txt") == 0
    printed = capsys.readouterr().err
    assert re.search(r"^rare_ideographs.png, page 1: \d+ places? w\w+ not read$", printed, re.M)


def test_a_source_that_cannot_be_read_gives_exit_code_2_and_the_rest_is_written(
    samples, tmp_path, capsys
):
    sources = (samples / "empty.jpg", tmp_path / "missing.png", samples / "page_en.tif")
    assert ocr(*sources, "--output", tmp_path, "--format", "txt") == 2
    assert (tmp_path / "page_en.txt").exists()
    output = capsys.readouterr().err
    assert "empty.jpg: This file is empty" in output
    assert "missing.png: No such file or directory" in output


@pytest.mark.parametrize(
    "wrong",
    [
        ("--format", "papyrus"),
        ("--lines", "crooked"),
        ("--pages", "x"),
        ("--engine", "crystal-ball"),
        ("--service", "palm-reading"),
        ("--user", "unknown"),
    ],
)
def test_bad_usage_gives_exit_code_2_and_leaves_nothing(samples, tmp_path, wrong):
    assert ocr(samples / "page_en.tif", "--output", tmp_path / "out", *wrong) == 2
    assert not (tmp_path / "out").exists()
    assert not Job.objects.exists()


def test_an_output_folder_that_cannot_be_created_is_reported_before_any_work(samples, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CommandError, match=r"file: File exists") as raised:
        call_command("ocr", str(samples / "page_en.tif"), "--output", str(tmp_path / "file"))
    assert raised.value.returncode == 2
    assert not Job.objects.exists()


def test_a_file_that_cannot_be_written_is_reported(samples, tmp_path):
    (tmp_path / "page_en.txt").mkdir()
    arguments = ("--output", str(tmp_path), "--format", "txt")
    with pytest.raises(CommandError, match=r"page_en\.txt: Is a directory") as raised:
        call_command("ocr", str(samples / "page_en.tif"), *arguments)
    assert raised.value.returncode == 2


class TestCloud:
    """`manage.py ocr --engine huawei`."""

    @pytest.fixture
    def ocr_cloud(self, samples, tmp_path):
        def ocr_cloud(*arguments: str, sources: tuple[str, ...] = ("page_zh.png",)) -> None:
            call_command(
                "ocr",
                *(str(samples / name) for name in sources),
                *("--output", str(tmp_path / "out"), "--format", "txt"),
                *("--user", "alice", "--engine", "huawei"),
                *arguments,
            )

        return ocr_cloud

    def test_a_card_becomes_a_text_of_its_fields(self, cloud, alice, ocr_cloud, tmp_path):
        add_keys(cloud, alice)
        card = ("--service", "id-card", "--credential", "office", "--option", "side=back")
        ocr_cloud(*card)
        assert "Issuing authority: " in (tmp_path / "out/page_zh.txt").read_text("utf-8")
        job = Job.objects.get()
        assert job.options == {"side": "back", "return_text_location": True}

    def test_more_pages_than_one_start_without_being_asked(self, cloud, alice, ocr_cloud):
        add_keys(cloud, alice)
        ocr_cloud("--credential", "office", sources=("scans.pdf",))
        job = Job.objects.get()
        assert (job.approved, job.status, job.pages_done) == (True, "done", 5)

    def test_an_equal_request_makes_no_call_without_bypass_cache(self, cloud, alice, ocr_cloud):
        add_keys(cloud, alice)
        for _ in range(2):
            ocr_cloud("--credential", "office", "--service", "seal")
        assert len(cloud.ledger.calls) == 1
        ocr_cloud("--credential", "office", "--service", "seal", "--bypass-cache")
        assert len(cloud.ledger.calls) == 2

    def test_values_alone_are_enough_for_a_service_without_pictures(
        self, cloud, alice, ocr_cloud, tmp_path
    ):
        add_keys(cloud, alice)
        values = (
            "code=044001900111",
            "number=12345678",
            "issue_date=2024-01-05",
            "check_code=123456",
        )
        options = [part for value in values for part in ("--option", value)]
        check = ("--credential", "office", "--service", "invoice-verification")
        ocr_cloud(*check, *options, sources=())
        (written,) = (tmp_path / "out").iterdir()
        assert written.name == "Invoice Verification 044001900111 12345678 2024-01-05.txt"

    def test_a_rejected_credential_ends_the_command_with_the_reason(self, cloud, alice, ocr_cloud):
        add_keys(cloud, alice, secret="not-the-secret-key")
        with pytest.raises(CommandError, match="AK and SK do not belong together") as raised:
            ocr_cloud("--credential", "office")
        assert raised.value.returncode == 2
        assert len(cloud.ledger.refused_signatures) == 1
        assert Job.objects.get().status == "cancelled"

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ((), "Huawei Cloud OCR needs a credential."),
            (("--credential", "carol’s"), "No credential “carol’s” is available to you."),
            (("--credential", "office", "--option", "side"), "Write options as KEY=VALUE"),
            (("--credential", "office", "--option", "side=x"), "is not an option of"),
            (
                ("--credential", "office", "--service", "thailand-id-card"),
                "not offered in the region",
            ),
        ],
    )
    def test_bad_usage_makes_no_call(self, cloud, alice, ocr_cloud, arguments, message):
        add_keys(cloud, alice)
        with pytest.raises(CommandError, match=message) as raised:
            ocr_cloud(*arguments)
        assert raised.value.returncode == 2
        assert cloud.ledger.requests == []
        assert not Job.objects.exists()


def test_an_address_is_fetched_before_it_is_read(samples, tmp_path, settings):
    settings.INTERNAL_HOSTS = ["127.0.0.1"]
    files = partial(QuietFiles, directory=str(samples))
    with ThreadingHTTPServer(("127.0.0.1", 0), files) as server:
        Thread(target=server.serve_forever).start()
        address = f"http://127.0.0.1:{server.server_port}/page_en.tif"
        assert ocr(address, "--output", tmp_path, "--format", "txt") == 0
        server.shutdown()
    assert FOX in (tmp_path / "page_en.txt").read_text("utf-8").replace("\n", " ")


def test_an_address_inside_the_office_is_refused(tmp_path):
    assert ocr("http://127.0.0.1/a.png", "--output", tmp_path) == 2
    assert not Job.objects.exists()


def test_the_key_that_reads_a_bucket_can_be_named(alice, buckets, samples, tmp_path, settings):
    settings.INTERNAL_HOSTS = ["127.0.0.1"]
    buckets.put("scans/page_en.tif", (samples / "page_en.tif").read_bytes())
    for name in ("office", "home"):
        key_of(alice, buckets, name=name)
    source = ("obs://scans/page_en.tif", "--output", tmp_path, "--format", "txt")
    assert ocr(*source, "--user", alice.username) == 2
    assert ocr(*source, "--user", alice.username, "--storage-credential", "home") == 0
    assert Job.objects.get().storage_credential.name == "home"


class QuietFiles(SimpleHTTPRequestHandler):
    """Files of a folder, without a word on standard error."""

    def log_message(self, *_: object) -> None:
        pass


def test_the_doctor_finds_a_healthy_portal_healthy(capsys):
    call_command("doctor")
    report = capsys.readouterr().out.splitlines()
    marks = {line.split()[1].rstrip(":"): line[0] for line in report}
    assert marks.pop("Office") in "✓–"  # LibreOffice may be missing: scans do not need it
    assert marks == dict.fromkeys(("database", "queue", "storage", "engine", "fonts", "keys"), "✓")


def test_the_doctor_reports_a_converter_without_network_isolation(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "is_available", lambda: True)
    monkeypatch.setattr(doctor, "network_cut", lambda: None)
    call_command("doctor")
    output = capsys.readouterr().out
    assert (
        "– Office converter: LibreOffice is installed, but this operating system does not" in output
    )


def test_the_doctor_names_what_is_broken(settings, tmp_path, capsys):
    (tmp_path / "media").write_text("a file where the folder should be")
    settings.SECRET_KEY = "short"
    with pytest.raises(CommandError, match="Not usable: storage, keys"):
        call_command("doctor")
    assert "✗ keys: SECRET_KEY is too short" in capsys.readouterr().out


def _user() -> str:
    from ocrportal.accounts.models import User

    return User.objects.create_user("carol", password="sings at the office").username
