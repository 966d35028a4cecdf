"""Every text of the screens has a Chinese translation, and the compiled file is up to date."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import django
import polib
import pytest

ROOT = Path(__file__).parent.parent
CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
HAN = re.compile(r"[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")
TAG = re.compile(r"</?[a-z]+")

# Names that are the same in both languages.
SAME_IN_CHINESE = {"OCR Portal", "PDF/A", "Excel", "Markdown", "HTML", "JSON", "hOCR", "ALTO"}


@pytest.fixture(scope="module")
def translated() -> polib.POFile:
    return polib.pofile(ROOT / CATALOGUE)


@pytest.fixture(scope="module")
def in_source(tmp_path_factory: pytest.TempPathFactory) -> polib.POFile:
    """The texts that makemessages finds, in a copy of the source."""
    copy = tmp_path_factory.mktemp("source")
    for folder in ("ocrportal", "templates"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "static").mkdir()
    (copy / "locale").mkdir()
    shutil.copy(ROOT / "manage.py", copy)
    run = subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--locale", "zh_Hans", "--no-location"],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return polib.pofile(copy / CATALOGUE)


def key(entry: polib.POEntry | polib.MOEntry) -> tuple[str | None, str, str]:
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def texts(entry: polib.POEntry | polib.MOEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def asked_to_translate(module: Path) -> list[str]:
    """The texts in calls of the gettext functions, under whatever names it imports them."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    names = {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if "gettext" in name.name
    }
    return [
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in names
        and isinstance(node.args[0], ast.Constant)
    ]


def test_makemessages_finds_every_text(in_source: polib.POFile):
    """It knows gettext only by its own names and _, and does not search f-strings."""
    found = {entry.msgid for entry in in_source}
    missed = [
        f"{module.relative_to(ROOT)}: {text}"
        for module in sorted((ROOT / "ocrportal").rglob("*.py"))
        for text in asked_to_translate(module)
        if text not in found
    ]
    assert missed == []


def test_every_text_of_the_source_is_translated(in_source: polib.POFile, translated: polib.POFile):
    done = {
        key(entry)
        for entry in translated
        if not entry.obsolete and not entry.fuzzy and all(texts(entry))
    }
    assert [entry.msgid for entry in in_source if key(entry) not in done] == []


def test_every_translation_is_used(in_source: polib.POFile, translated: polib.POFile):
    used = {key(entry) for entry in in_source}
    assert [entry.msgid for entry in translated if key(entry) not in used] == []


def test_a_translation_is_chinese(translated: polib.POFile):
    foreign = [
        entry.msgid
        for entry in translated
        for text in texts(entry)
        if not HAN.search(text)
        and entry.msgid not in SAME_IN_CHINESE
        and re.search("[A-Za-z]{2}", PLACEHOLDER.sub("", entry.msgid))
    ]
    assert foreign == []


@pytest.mark.parametrize("pattern", [PLACEHOLDER, TAG], ids=["placeholders", "tags"])
def test_a_translation_keeps_placeholders_and_tags(
    translated: polib.POFile, pattern: re.Pattern[str]
):
    changed = [
        entry.msgid
        for entry in translated
        for text in texts(entry)
        if sorted(pattern.findall(text))
        != sorted(pattern.findall(entry.msgid_plural or entry.msgid))
    ]
    assert changed == []


def test_the_compiled_file_matches_the_source_file(translated: polib.POFile):
    compiled = polib.mofile(ROOT / CATALOGUE.with_suffix(".mo"))
    assert {key(entry): texts(entry) for entry in compiled} == {
        key(entry): texts(entry) for entry in translated if not entry.obsolete
    }


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_texts_of_django_are_translated_only_where_django_does_not(domain: str):
    ours = ROOT / "locale/django/zh_Hans/LC_MESSAGES" / f"{domain}.po"
    catalogues = Path(django.__file__).parent.glob(f"**/locale/zh_Hans/LC_MESSAGES/{domain}.mo")
    of_django = {key(entry) for path in catalogues for entry in polib.mofile(path)}
    entries = list(polib.pofile(ours))
    assert [entry.msgid for entry in entries if key(entry) in of_django] == []
    compiled = polib.mofile(ours.with_suffix(".mo"))
    assert {key(entry): texts(entry) for entry in compiled} == {
        key(entry): texts(entry) for entry in entries
    }
