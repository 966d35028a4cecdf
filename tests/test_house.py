"""The rules of the code base that a test can check. docs/architecture.md explains them."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import grimp
import pytest
import yaml
from django.core.management import get_commands

from ocrportal import VERSION
from tools.architecture_tree import page_with_tree
from tools.readme_tables import readme_with_tables

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "ocrportal"
MAX_LINES = 600
"""A limit for accidents only: a file holds one idea, and most ideas fit into 300 lines."""
MAX_TEMPLATE_WIDTH = 120
MAX_MODULES = 20
"""Modules of one folder, beyond which a reader loses track of them."""
MAX_IMPORT_CHAIN = 15
MAX_EXPORTER_IMPORTS = 118
MEANINGLESS_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "base_view"}

TRANSLATING = {"_", "gettext", "gettext_lazy", "ngettext"}

# Tests of several modules together; they are not named after one module.
SPANNING_TESTS = {
    "api/test_export_choices.py",
    "engines/test_third_engine.py",
    "exporters/test_document.py",
    "exporters/test_formats.py",
    "exporters/word/test_page_fit.py",
    "workers/test_killed_worker.py",
    "workers/test_commands.py",
    "workers/test_cloud_errors.py",
}


def sources(*folders: str) -> list[Path]:
    """The files in these folders of the repository, without vendored ones and migrations."""
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
    """The section of a Markdown text under ``heading``, up to the next heading of its level."""
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


def test_rooms_without_database_import_only_translation_from_django():
    rooms = ("engines", "ingest", "layout", "exporters", "catalogue")
    files = sources(*(f"ocrportal/{room}" for room in (*rooms, "errors")))
    foreign = [
        f"{path.relative_to(ROOT)}: {module}"
        for path in [
            *files,
            *sources("ocrportal/errors"),
            PACKAGE / "geometry.py",
            PACKAGE / "ink.py",
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


def words_of_code(path: Path) -> Iterator[str]:
    """Names, imports and texts in a module, without comments, docstrings and translated texts."""
    tree = ast.parse(path.read_text())
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in TRANSLATING:
            skipped |= set(ast.walk(node))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(node.value)
    for node in ast.walk(tree):
        if node not in skipped:
            yield from (str(value) for _, value in ast.iter_fields(node))


def test_only_its_folder_and_its_registration_know_the_cloud_engine():
    """The address of an OBS bucket is a format that ingest reads, whatever engine is used."""
    allowed = {"engines/__init__.py", "ingest/fetch/bucket_address.py"}
    naming = {
        path.relative_to(PACKAGE).as_posix()
        for path in sources("ocrportal")
        if path.suffix == ".py"
        and not path.is_relative_to(PACKAGE / "engines/huawei")
        and any("huawei" in word.lower() for word in words_of_code(path))
    }
    assert naming == allowed


def test_only_the_queue_module_enqueues():
    sends = re.compile(r"\.(delay|apply_async|send_task)\b")
    senders = {
        path.relative_to(PACKAGE).as_posix()
        for path in sources("ocrportal")
        if sends.search(path.read_text())
    }
    assert senders == {"submission/queue.py"}


def test_views_get_rows_from_jobs_access_only():
    finders = re.compile(r"\bget_object_or_404\b|\bget_list_or_404\b")
    assert [path for path in sources("ocrportal") if finders.search(path.read_text())] == []


def test_only_accounts_credentials_and_source_passwords_decrypt():
    readers = {
        path.relative_to(PACKAGE).as_posix()
        for path in sources("ocrportal")
        if re.search(r"\b(decrypt|rotate)\(|\bFernet\b", path.read_text())
    }
    # The settings generate a key, encryption.py has the functions, documents have passwords.
    tools = {"accounts/encryption.py", "accounts/source_passwords.py", "settings.py"}
    assert readers <= {"accounts/credentials.py", *tools}


def test_no_file_exceeds_the_maximum_length():
    files = sources("ocrportal", "templates", "static", "tests", "bench", "tools")
    lengths = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in files}
    assert {path: lines for path, lines in lengths.items() if lines > MAX_LINES} == {}


def test_no_line_of_a_template_exceeds_the_maximum_width():
    wide = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if len(line) > MAX_TEMPLATE_WIDTH
    ]
    assert wide == []


def test_no_folder_has_too_many_modules():
    folders = Counter(
        path.parent.relative_to(ROOT).as_posix()
        for path in sources("ocrportal", "bench")
        if path.suffix == ".py" and path.name not in ("__init__.py", "apps.py")
    )
    assert {name: count for name, count in folders.items() if count > MAX_MODULES} == {}


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    """By module, our modules that it imports at run time, migrations left out."""
    graph = grimp.build_graph("ocrportal", exclude_type_checking_imports=True, cache_dir=None)
    modules = {module for module in graph.modules if ".migrations" not in module}
    return {module: graph.find_modules_directly_imported_by(module) & modules for module in modules}


def test_no_chain_of_imports_is_too_long(imports: dict[str, set[str]]):
    @cache
    def longest(module: str) -> tuple[str, ...]:
        return (module, *max(map(longest, imports[module]), key=len, default=()))

    chain = max(map(longest, imports), key=len)
    assert len(chain) <= MAX_IMPORT_CHAIN, " > ".join(chain)


def test_exporters_have_few_imports_between_them(imports: dict[str, set[str]]):
    room = {module for module in imports if module.startswith("ocrportal.exporters")}
    assert sum(len(imports[module] & room) for module in room) <= MAX_EXPORTER_IMPORTS


def test_no_module_has_a_meaningless_name():
    nameless = [path for path in sources("ocrportal", "tests") if path.stem in MEANINGLESS_NAMES]
    assert nameless == []


def test_every_silenced_warning_has_a_reason():
    """The reason is a comment on the same line or on the line above."""
    silenced = re.compile(r"#\s*(noqa|type: ignore)\b[^#]*$")
    unexplained = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sources("ocrportal", "tests", "bench")
        for above, line in pairwise(["", *path.read_text().splitlines()])
        if silenced.search(line) and not above.lstrip().startswith("#")
    ]
    assert unexplained == []


def test_every_test_file_mirrors_a_module():
    unmatched = []
    for path in (ROOT / "tests").rglob("test_*.py"):
        place = path.relative_to(ROOT / "tests")
        if (
            len(place.parts) == 1
            or place.parts[0] == "browser"
            or place.as_posix() in SPANNING_TESTS
        ):
            continue
        room, name = PACKAGE / place.parent, place.stem.removeprefix("test_")
        modules = (room / f"{name}.py", room / "management/commands" / f"{name}.py")
        if not ((room / name).is_dir() or any(module.exists() for module in modules)):
            unmatched.append(place.as_posix())
    assert unmatched == []


def test_no_test_is_ever_skipped():
    """`make test` installs all requirements; without them a test fails with a message."""
    skips = re.compile(r"\b(pytest\.skip|mark\.skip|skipif|mark\.xfail|importorskip)\b")
    files = [path for path in sources("tests") if path != Path(__file__)]
    assert [path.name for path in files if skips.search(path.read_text())] == []


def test_the_architecture_page_shows_the_tree_as_it_is():
    text = (ROOT / "docs/architecture.md").read_text()
    assert page_with_tree(text) == text, "run `make docs`"


def test_every_term_of_the_glossary_is_defined_once_with_its_chinese_counterpart():
    rows = re.findall(
        r"^\| (.+?) \| (.+?) \| (.+) \|$", (ROOT / "docs/glossary.md").read_text(), re.M
    )
    terms = [term for term, _chinese, _meaning in rows if term not in ("Term", "---")]
    assert len(terms) > 60
    assert sorted(set(terms)) == sorted(terms)


def test_the_readme_shows_the_declared_formats_and_options():
    text = (ROOT / "README.md").read_text()
    assert readme_with_tables(text) == text, "run `make docs`"


def test_every_direct_requirement_is_explained():
    needed = (ROOT / "requirements.txt").read_text().partition("# What those need")[0]
    names = re.findall(r"^([\w-]+)==", needed, re.MULTILINE)
    explained = section((ROOT / "docs/architecture.md").read_text(), "## Dependencies")
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


def test_every_path_in_the_documents_exists():
    """A path is relative to the repository or to ocrportal/; a bare module can be anywhere."""
    modules = {path.name for path in sources("ocrportal", "tests", "bench", "tools")}
    modules |= {path.name for path in ROOT.glob("*.py")}
    recipes = (ROOT / "docs/recipes.md").read_text()
    modules |= set(re.findall(r"^Create `([^`]+)`", recipes, re.MULTILINE))
    documents = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]
    missing = [
        f"{document.relative_to(ROOT)}: {path}"
        for document in documents
        for path in named_paths(document.read_text())
        if path not in modules and not any((folder / path).exists() for folder in (ROOT, PACKAGE))
    ]
    assert missing == []


def named_paths(text: str) -> Iterator[str]:
    """Paths of files and folders of the repository in the code spans of a Markdown text."""
    folders = {path.name for path in (*ROOT.iterdir(), *PACKAGE.iterdir()) if path.is_dir()}
    for code in re.findall(r"`([^`\n]+)`", text):
        path = code.partition(":")[0]
        if re.fullmatch(r"[\w.-]+(/[\w.-]+)*/?", path) and (
            path.endswith(".py")
            or ("/" in path and path.split("/")[0] in folders - {"build", "var"})
        ):
            yield path


@pytest.mark.parametrize(
    "found_in", ["CHANGELOG.md", "docker-compose.yml", "ocrportal/__init__.py"]
)
def test_the_version_is_the_same_everywhere(found_in: str):
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    text = (ROOT / found_in).read_text()
    if found_in == "CHANGELOG.md":
        assert re.findall(r"^## \[([^\]]+)\]", text, re.MULTILINE)[0] == version
    elif found_in == "ocrportal/__init__.py":
        assert version == VERSION
    else:
        assert yaml.safe_load(text)["x-portal"]["image"] == f"ocrportal:{version}"
