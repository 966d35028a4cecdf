"""The generated documents that are measured, printed once and cached in ``build/``."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.documents.kinds import KINDS
from bench.documents.markup import Design
from bench.documents.printing import PrintedDocument, Printer
from bench.documents.split import Part, seeds
from bench.documents.variants import PagePicture, picture_of
from bench.documents.writing import Writer

FOLDER = Path("build/documents")
_VARIANTS = ("printed", "scanned", "printed", "photographed")
"""Of the first four documents of a kind in each part."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A document in the variant in which it is measured."""

    kind: str
    seed: int
    part: Part
    variant: str
    printed: PrintedDocument

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.seed}"

    def pictures(self) -> list[PagePicture]:
        """The picture of each page in this variant, and its truth."""
        chance = random.Random(f"{self.name} {self.variant}")
        return [
            picture_of(path.read_bytes(), page, self.variant, chance)
            for path, page in zip(self.printed.pictures, self.printed.pages, strict=True)
        ]


def design_of(kind: str, seed: int) -> Design:
    """The design of one document; the same for the same kind and seed."""
    module = KINDS[kind]
    turn = seed // 2  # the same in both parts
    # Later documents combine languages, layouts and variants differently.
    language = module.LANGUAGES[(turn + 2 * (turn // 4)) % len(module.LANGUAGES)]
    return module.design(Writer(random.Random(f"{kind} {seed}"), language, turn))


def variant_of(seed: int) -> str:
    """The variant in which a document is measured."""
    turn = seed // 2
    return _VARIANTS[(turn + turn // 4) % len(_VARIANTS)]


def samples(
    kinds: list[str], parts: list[Part], count: int, folder: Path = FOLDER
) -> Iterator[Sample]:
    """The first ``count`` documents of each kind in each part."""
    with Printer(folder) as printer:
        for kind in kinds:
            for part in parts:
                for seed in seeds(kind, part, count):
                    printed = printer.print(f"{kind}-{seed}", design_of(kind, seed))
                    yield Sample(kind, seed, part, variant_of(seed), printed)
