"""The rules of the house, run instead of remembered. docs/architecture.md explains them."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

from tools.architecture_tree import page_with_tree

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "ocrportal"
MAX_LINES = 400
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "base_view"}

# Tests of what several modules do together, so that no single one carries their name.
SPANNING_TESTS = {
    "api/test_export_choices.py",
    "engines/test_third_engine.py",
    "exporters/test_document.py",
    "exporters/test_formats.py",
    "workers/test_killed_worker.py",
    "workers/test_commands.py",
    "workers/test_cloud_errors.py",
}


def sources(*folders: str) -> list[Path]:
    """Our own files in these folders of the repository, without vendored ones."""
    suffixes = {".py", ".html", ".js", ".css"}
    return sorted(
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.suffix in suffixes
        and not {"vendor", "migrations", "__pycache__"} & set(path.relative_to(ROOT).parts)
    )


def settings_read() -> set[str]:
    """Names of all environment variables the portal reads."""
    reads = re.compile(r'\benv(?:_bool|_int|_list)?\(\s*"([A-Z_]+)"')
    return {name for path in sources("ocrportal") for name in reads.findall(path.read_text())}


def section(text: str, heading: str) -> str:
    """The part of a Markdown text under this heading, up to the next of its level."""
    level = heading.split()[0]
    _, found, rest = text.partition(f"\n{heading}\n")
    assert found, f"no heading “{heading}”"
    return re.split(rf"\n{level} ", rest, maxsplit=1)[0]


def test_imports_go_downwards_only():
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports; exit(lint_imports())",
    ]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_what_never_touches_the_database_knows_of_django_only_how_to_translate():
    rooms = ("engines", "ingest", "layout", "exporters", "catalogue")
    files = sources(*(f"ocrportal/{room}" for room in (*rooms, "errors")))
    foreign = [
        f"{path.relative_to(ROOT)}: {module}"
        for path in [
            *files,
            *sources("ocrportal/errors"),
            PACKAGE / "geometry.py",
            PACKAGE / "results.py",
            PACKAGE / "text.py",
        ]
        for module in imported_modules(path)
        if module.split(".")[0] in {"django", "celery"} and not module.startswith("django.utils")
    ]
    assert foreign == []


def imported_modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_only_the_queue_module_enqueues():
    sends = re.compile(r"\.(delay|apply_async|send_task)\b")
    senders = {
        path.relative_to(PACKAGE).as_posix()
        for path in sources("ocrportal")
        if sends.search(path.read_text())
    }
    assert senders == {"submission/queue.py"}


def test_only_jobs_access_answers_that_a_row_does_not_exist():
    finders = re.compile(r"\bget_object_or_404\b|\bget_list_or_404\b")
    assert [path for path in sources("ocrportal") if finders.search(path.read_text())] == []


def test_only_accounts_credentials_decrypts_and_exports_the_password_of_a_document():
    readers = {
        path.relative_to(PACKAGE).as_posix()
        for path in sources("ocrportal")
        if re.search(r"\b(decrypt|rotate)\(|\bFernet\b", path.read_text())
    }
    # The settings make a key, encryption.py is the tool, and files have passwords of their own.
    tools = {"accounts/encryption.py", "accounts/source_passwords.py", "settings.py"}
    assert readers <= {"accounts/credentials.py", *tools}


def test_no_file_is_longer_than_one_can_read_at_a_sitting():
    files = sources("ocrportal", "templates", "static", "tests", "bench")
    lengths = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in files}
    assert {path: lines for path, lines in lengths.items() if lines > MAX_LINES} == {}


def test_every_module_is_named_after_what_it_is_about():
    nameless = [
        path for path in sources("ocrportal", "tests") if path.stem in NAMES_THAT_SAY_NOTHING
    ]
    assert nameless == []


def test_every_silenced_warning_says_why():
    """Behind it on its line, or in a comment right above."""
    silenced = re.compile(r"#\s*(noqa|type: ignore)\b[^#]*$")
    unexplained = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sources("ocrportal", "tests", "bench")
        for above, line in pairwise(["", *path.read_text().splitlines()])
        if silenced.search(line) and not above.lstrip().startswith("#")
    ]
    assert unexplained == []


def test_the_tests_lie_where_what_they_test_lies():
    homeless = []
    for path in (ROOT / "tests").rglob("test_*.py"):
        place = path.relative_to(ROOT / "tests")
        if (
            len(place.parts) == 1
            or place.parts[0] == "browser"
            or place.as_posix() in SPANNING_TESTS
        ):
            continue
        tested = PACKAGE / place.parent / place.stem.removeprefix("test_")
        if not (tested.is_dir() or tested.with_suffix(".py").exists()):
            homeless.append(place.as_posix())
    assert homeless == []


def test_no_test_is_ever_skipped():
    """What a test needs is installed by `make test`; without it the test fails and says so."""
    skips = re.compile(r"\b(pytest\.skip|mark\.skip|skipif|mark\.xfail|importorskip)\b")
    files = [path for path in sources("tests") if path != Path(__file__)]
    assert [path.name for path in files if skips.search(path.read_text())] == []


def test_the_architecture_page_shows_the_tree_as_it_is():
    text = (ROOT / "docs/architecture.md").read_text()
    assert page_with_tree(text) == text, "run `make docs`"


def test_every_direct_requirement_is_explained():
    needed = (ROOT / "requirements.txt").read_text().partition("# What those need")[0]
    names = re.findall(r"^([\w-]+)==", needed, re.MULTILINE)
    explained = section(
        (ROOT / "docs/architecture.md").read_text(), "## Why each dependency is there"
    )
    assert [name for name in names if f"`{name}`" not in explained] == []


def test_the_readme_lists_exactly_the_settings_that_are_read():
    table = section((ROOT / "README.md").read_text(), "## Settings")
    rows = re.findall(r"^\| (`.+?) \|", table, re.MULTILINE)
    listed = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    assert listed == settings_read()


def test_every_command_the_documents_name_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    documents = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    missing = []
    for document in documents:
        text = document.read_text()
        missing += [f"make {name}" for name in set(re.findall(r"`make ([a-z-]+)", text)) - targets]
        named = set(re.findall(r"manage\.py ([a-z_]+)", text))
        missing += [f"manage.py {name}" for name in named - set(get_commands())]
    assert missing == []


def test_every_link_between_the_documents_leads_somewhere():
    documents = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]
    broken = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in documents
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text())
        if not (document.parent / target).exists()
    ]
    assert broken == []


@pytest.mark.parametrize("found_in", ["CHANGELOG.md", "docker-compose.yml"])
def test_the_version_is_the_same_everywhere(found_in: str):
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    text = (ROOT / found_in).read_text()
    if found_in == "CHANGELOG.md":
        assert re.findall(r"^## \[([^\]]+)\]", text, re.MULTILINE)[0] == version
    else:
        assert yaml.safe_load(text)["x-portal"]["image"] == f"ocrportal:{version}"
