"""The kinds of documents: a module each, with its ``LANGUAGES`` and a function ``design``."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Protocol, cast

from bench.documents.markup import Design
from bench.documents.writing import Writer


class Kind(Protocol):
    """A module of this package."""

    LANGUAGES: tuple[str, ...]
    """The language of the first document in each part, the second …, repeated."""

    @staticmethod
    def design(writer: Writer) -> Design:
        """A random document."""
        ...


KINDS = {
    module.name.rpartition(".")[2]: cast(Kind, import_module(module.name))
    for module in pkgutil.walk_packages(__path__, f"{__name__}.")
    if not module.ispkg
}
"""All kinds by name."""
