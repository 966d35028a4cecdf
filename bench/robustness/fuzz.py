"""Damage files at random and check that ingest reads or refuses them without crash or hang.

``python -m bench.robustness.fuzz --corpus DIR [--count 2000] [--seed 1]`` takes the files in DIR's
``pdfs``, ``hostile`` and ``scans_gt``, or in DIR itself if it has none of them. The same
seed damages the same files in the same way.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from ocrportal.errors.ingest import IngestError
from ocrportal.ingest.base import Limits
from ocrportal.ingest.pages import open_pages
from ocrportal.ingest.sniff.file_type import sniff

LIMITS = Limits(max_bytes=200 * 2**20, max_pixels=100_000_000, max_pages=2000)
SECONDS = 60
MEMORY = 3 * 2**30
FIRST_PAGES = 2
FOLDERS = ("pdfs", "hostile", "scans_gt")


def flipped(data: bytearray, chance: random.Random) -> bytearray:
    for _ in range(chance.choice((1, 4, 32))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return data


def truncated(data: bytearray, chance: random.Random) -> bytearray:
    return data[: chance.randrange(1, len(data) + 1)]


def doubled(data: bytearray, chance: random.Random) -> bytearray:
    start = chance.randrange(len(data))
    piece = data[start : start + chance.choice((4, 64, 1024))]
    return data[:start] + piece * chance.choice((2, 50)) + data[start:]


def with_false_length(data: bytearray, chance: random.Random) -> bytearray:
    """Replace two or four bytes by a number that often breaks parsers."""
    size = chance.choice((2, 4))
    most = 256**size - 1
    number = chance.choice((0, 1, most, most >> 1, (most >> 1) + 1, chance.randrange(most)))
    # Lengths are more often at the beginning of a file.
    start = chance.randrange(min(len(data), chance.choice((64, 512, len(data)))))
    data[start : start + size] = number.to_bytes(size, chance.choice(("little", "big")))
    return data


def spliced(data: bytearray, chance: random.Random) -> bytearray:
    """Copy a piece of the data over another place."""
    size = chance.choice((8, 256, 4096))
    start, target = chance.randrange(len(data)), chance.randrange(len(data))
    data[target : target + size] = data[start : start + size]
    return data


MUTATIONS: tuple[Callable[[bytearray, random.Random], bytearray], ...] = (
    flipped, truncated, doubled, with_false_length, spliced,
)  # fmt: skip


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Apply one to three kinds of damage."""
    damaged = bytearray(data)
    for mutation in chance.choices(MUTATIONS, k=chance.choice((1, 1, 2, 3))):
        damaged = mutation(damaged, chance) or bytearray(b"\0")
    return bytes(damaged)


def outcome(data: bytes) -> str:
    """``read``, the code of a refusal, or the name of an unexpected exception."""
    file = io.BytesIO(data)
    refused = ""
    try:
        with open_pages(file, sniff(file), LIMITS) as pages:
            for number in range(1, min(pages.page_count, FIRST_PAGES) + 1):
                try:
                    pages.read_page(number)
                except IngestError as error:
                    refused = refused or error.code
    except IngestError as error:
        return error.code
    except MemoryError:
        return "out of memory (a limit in the product)"
    except Exception as error:  # noqa: BLE001  # the fuzzer reports these
        traceback.print_exc()
        return f"FOREIGN {type(error).__name__}"
    return refused or "read"


def outcome_apart(data: bytes) -> tuple[str, float]:
    """The outcome and the seconds in a separate process, which may crash or be killed."""
    began = time.monotonic()
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receive)
        signal.alarm(SECONDS)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.write(send, outcome(data).encode())
        os._exit(0)
    os.close(send)
    with os.fdopen(receive, "rb") as answer:
        result = answer.read().decode()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        ended = signal.Signals(os.WTERMSIG(status))
        result = "TOO SLOW" if ended == signal.SIGALRM else f"CRASH {ended.name}"
    return result or "CRASH without output", time.monotonic() - began


def sources(corpus: Path) -> list[Path]:
    folders = [corpus / name for name in FOLDERS if (corpus / name).is_dir()] or [corpus]
    files = [path for folder in folders for path in sorted(folder.iterdir()) if path.is_file()]
    return [path for path in files if path.stat().st_size and path.suffix not in (".txt", ".md")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for files that were handled badly")
    options = parser.parse_args()
    files = sources(options.corpus)
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    for number in range(options.count):
        chance = random.Random(f"{options.seed} {number}")
        path = chance.choice(files)
        data = mutated(path.read_bytes(), chance)
        result, seconds = outcome_apart(data)
        outcomes[result] += 1
        slowest = max(slowest, seconds)
        if result.split()[0].isupper():
            print(f"{result}: file {number}, of {path.name}", file=sys.stderr, flush=True)
            if options.keep:
                (options.keep / f"{number}_{path.name}").write_bytes(data)
    print("| Outcome | Files |\n|---|---|")
    for result, count in outcomes.most_common():
        print(f"| {result} | {count} |")
    print(f"| total | {options.count} |\n\nThe slowest took {slowest:.1f} seconds.")


if __name__ == "__main__":
    main()
