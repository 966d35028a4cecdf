"""The recipes of docs/recipes.md work: they are applied to a copy of the repository."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
COPIED = ("ocrportal", "templates", "static", "locale", "tests", "manage.py", "pyproject.toml")
RULES = (
    "tests/exporters/test_formats.py::test_the_formats_in_the_order_in_which_they_are_offered",
    "tests/exporters/test_formats.py::test_each_format_writes_to_a_stream_that_is_not_seekable",
    "tests/exporters/test_options.py",
    "tests/web/test_urls.py",
    "tests/web/views/job/test_export_form.py",
)
"""Existing tests about the places that recipes change."""
SERVICE_TEST = "tests/test_services.py::test_an_image_is_recognised_shown_and_exported"
STEP = re.compile(
    r"(?P<verb>Create|Add to|Add after|Add before|Replace in)\s+`(?P<first>[^`]+)`"
    r"(?:\s+in\s+`(?P<second>[^`]+)`)?[^`]*?:\n\n```\w+\n(?P<block>.*?)```\n"
    r"(?:\nwith:\n\n```\w+\n(?P<replacement>.*?)```\n)?",
    re.DOTALL,
)


def steps(text: str) -> Iterator[re.Match[str]]:
    """The steps of all recipes, in their order."""
    found = list(STEP.finditer(text))
    blocks = text.count("```") // 2
    assert len(found) + sum(step["replacement"] is not None for step in found) == blocks
    yield from found


def apply(step: re.Match[str], root: Path) -> None:
    """Do what one step of a recipe states in the repository at ``root``."""
    name = step["second"] or step["first"]
    file = root / name
    if step["verb"] == "Create":
        assert not file.exists(), name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(step["block"], "utf-8")
    elif step["verb"] == "Replace in":
        source = file.read_text("utf-8")
        assert source.count(step["block"]) == 1, f"{name} has changed: {step['block']}"
        file.write_text(source.replace(step["block"], step["replacement"]), "utf-8")
    elif file.suffix == ".json":
        data = json.loads(file.read_text("utf-8"))
        member(data, step["first"].split(".")).append(json.loads(step["block"]))
        file.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    else:
        lines = file.read_text("utf-8").splitlines(keepends=True)
        statement = definition(ast.parse("".join(lines)), step["first"])
        assert statement.end_lineno is not None
        place = {
            "Add before": statement.lineno - 1,
            "Add after": statement.end_lineno,
            "Add to": statement.end_lineno - 1,
        }[step["verb"]]
        file.write_text("".join([*lines[:place], step["block"], *lines[place:]]), "utf-8")


def member(data: Any, path: list[str]) -> list[Any]:
    """The list at a path of names; an entry of a list is named by its ``id``."""
    for name in path:
        data = (
            next(entry for entry in data if entry["id"] == name)
            if isinstance(data, list)
            else data[name]
        )
    assert isinstance(data, list)
    return data


def definition(tree: ast.Module, name: str) -> ast.stmt:
    """The statement of a module, or of a class in it (``Class.field``), that defines a name."""
    body: list[ast.stmt] = tree.body
    *outer, last = name.split(".")
    for part in outer:
        (body,) = (
            node.body for node in body if isinstance(node, ast.ClassDef) and node.name == part
        )
    found = [node for node in body if last in names_of(node)]
    assert found, f"no definition of {name}"
    return found[0]


def names_of(node: ast.stmt) -> set[str]:
    match node:
        case ast.Assign(targets=targets):
            return {target.id for target in targets if isinstance(target, ast.Name)}
        case ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.ImportFrom(names=names):
            return {alias.asname or alias.name for alias in names}
    return set()


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with all recipes applied."""
    root = tmp_path_factory.mktemp("recipes")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            skipped = shutil.ignore_patterns("__pycache__", "browser")
            shutil.copytree(source, root / name, ignore=skipped)
        else:
            shutil.copy(source, root / name)
    for step in steps((ROOT / "docs/recipes.md").read_text("utf-8")):
        apply(step, root)
    return root


def run_in(root: Path, *command: str) -> None:
    """Run Python in the copy, with a separate data folder and an SQLite database."""
    environment = os.environ | {"DATA_DIR": str(root / "var"), "DATABASE_URL": ""}
    environment = {
        name: value
        for name, value in environment.items()
        if not name.startswith(("PYTEST_", "DJANGO_"))
    }
    run = subprocess.run(
        [sys.executable, *command],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_tests_of_all_recipes_pass(copy: Path):
    text = (ROOT / "docs/recipes.md").read_text("utf-8")
    created = re.findall(r"^Create `(tests/\S+/test_\w+\.py)`", text, re.MULTILINE)
    assert len(created) == 3
    of_the_service = f"{SERVICE_TEST}[parking-ticket]"
    tests = (*created, *RULES, of_the_service)
    run_in(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)


def test_the_linter_accepts_every_recipe(copy: Path):
    text = (ROOT / "docs/recipes.md").read_text("utf-8")
    changed = {step["second"] or step["first"] for step in steps(text)}
    modules = sorted(name for name in changed if name.endswith(".py"))
    run_in(copy, "-m", "ruff", "check", "--no-cache", *modules)
    run_in(copy, "-m", "ruff", "format", "--no-cache", "--check", *modules)


def test_no_recipe_needs_a_migration(copy: Path):
    run_in(copy, "manage.py", "makemigrations", "--check", "--dry-run")


def test_every_recipe_keeps_the_import_directions(copy: Path):
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    run_in(copy, "-c", code)
