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
VARIANT_OF_SEED = ("printed", "scanned", "printed", "photographed")
"""The variant of the first, second … document of a kind in each part, repeated."""


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
    turn = seed // 2  # the same languages in both parts
    language = module.LANGUAGES[turn % len(module.LANGUAGES)]
    return module.design(Writer(random.Random(f"{kind} {seed}"), language))


def samples(
    kinds: list[str], parts: list[Part], count: int, folder: Path = FOLDER
) -> Iterator[Sample]:
    """The first ``count`` documents of each kind in each part."""
    with Printer(folder) as printer:
        for kind in kinds:
            for part in parts:
                for seed in seeds(kind, part, count):
                    variant = VARIANT_OF_SEED[seed // 2 % len(VARIANT_OF_SEED)]
                    printed = printer.print(f"{kind}-{seed}", design_of(kind, seed))
                    yield Sample(kind, seed, part, variant, printed)
