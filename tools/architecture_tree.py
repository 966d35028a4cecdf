"""Update the tree of docs/architecture.md from the docstrings of the modules (``make docs``).

A folder is described by the docstring of its ``__init__.py``, a module by its own: the first
sentence of each. Folders that are Django apps (they hold tables, commands or template tags) are
marked ●.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "architecture.md"
BLOCK = re.compile(r"```\nocrportal/\n.*?```", re.DOTALL)
LEFT_OUT = {"migrations", "management", "templatetags", "__pycache__"}
COLUMN = 32


def tree(folder: Path = ROOT / "ocrportal", depth: int = 0) -> Iterator[str]:
    """The lines of the tree below ``folder``, modules before folders."""
    yield _row(f"{folder.name}/", depth, _about(folder / "__init__.py"), _is_app(folder))
    for module in sorted(folder.glob("*.py")):
        if module.name not in ("__init__.py", "apps.py"):
            yield _row(module.name, depth + 1, _about(module))
    for inner in sorted(path for path in folder.iterdir() if path.is_dir()):
        if inner.name not in LEFT_OUT and (inner / "__init__.py").exists():
            yield from tree(inner, depth + 1)


def page_with_tree(text: str) -> str:
    """The text of the architecture page with an updated tree."""
    first, *rows = tree()
    block = "\n".join(["```", first.split()[0], *rows, "```"])
    return BLOCK.sub(lambda _found: block, text)


def _row(name: str, depth: int, about: str, is_app: bool = False) -> str:
    shown = f"{'  ' * depth}{name}{' ●' if is_app else ''}"
    return f"{shown:<{COLUMN}} {about}".rstrip()


def _about(module: Path) -> str:
    docstring = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    paragraph = " ".join(docstring.split("\n\n")[0].split())
    return re.split(r"(?<=\.)\s+(?=[A-Z])", paragraph)[0].rstrip(".")


def _is_app(folder: Path) -> bool:
    return (folder / "apps.py").exists()


if __name__ == "__main__":
    PAGE.write_text(page_with_tree(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
