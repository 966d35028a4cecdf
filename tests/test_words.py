"""No text or name of the project uses a word for which docs/glossary.md has a standard term.

The tables below list each word with its replacement. Prose is everything a reader sees:
docstrings, comments, messages, screens, documents, and the words of which a name is made
(``said_by``, ``saidBy``). Names are whole identifiers, and modules whole file names, which may be
ordinary words elsewhere.
"""

import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

PROSE = {
    "told, tells, telling": "reports, shows, states; distinguished by",
    "said, says": "reports, returns, states; the response, the message",
    "mend, mends, mended, mending": "fix, repair, resolve",
    "anew, once more": "again, re-…",
    "whoever": "the caller, any user who",
    "whatever's turn, whose turn, who waits longest": "the next job, least recently served first",
    "nobody, somebody": "no user, an administrator",
    "others, whom": "other users, other files",
    "stands, lies": "is, is stored, exists",
    "is there": "exists, is present",
    "hand in, hands in, handed in, handing in": "upload, submit",
    "in hand": "being processed, owns the lease",
    "come about, comes about, came about": "is established",
    "is no": "is not a, does not",
    "is none": "does not exist",
    "gone": "deleted, exited, missing",
    "sought, looked for": "searched for",
    "askew": "skewed",
    "lying on its side, lying on their side, lies on its side": "rotated 90°",
    "upside down": "rotated 180°",
    "the blank": "the space",
    "furniture": "headers and footers",
    "the usual one": "the default",
    "trouble": "transient error",
    "inkless": "glyphless",
    "costs its page": "fails that page only",
    "row is the truth, rows are the truth": "the database decides, a message only wakes a worker",
    "takes its time, take their time": "is slow",
}

NAMES = {
    "AS_USUAL, USUAL": "DEFAULT_…",
    "NOWHERE, AS_THE_SOURCE": "NO_SOURCE",
    "CloudFault, Fault": "ServerError",
    "Pass": "AuthContext",
    "question_of": "request_fingerprint",
    "earlier_answer": "cached_result",
    "Turn, give_back": "CallSlot, release",
    "Hold": "Suspension",
    "proven_at": "verified_at",
    "settle": "refresh_job_status",
    "claim, claimed_by, claimed_until, own_name": "lease, lease_owner",
    "lapsed": "expired",
    "find_idle_work": "requeue_stale",
    "make_slip": "placeholder_image",
    "Volume": "MergeInput",
    "disarm": "remove_active_content",
    "withdraw_claim": "drop_pdfa_marker",
    "set_in_type": "fit_to_ink",
    "_atoms": "bands",
    "squeezed": "normalize_for_match",
    "Stretch": "TextRegion",
    "_Template": "ForkServer",
    "Ended": "ConnectionClosed",
    "StoreOwes": "AccountInArrears",
    "ReceptionBroken": "UploadInterrupted",
    "ObjectInTheWay": "ObjectExists",
    "UnwellError": "CheckFailed",
    "markTwins": "markDuplicates",
}
MODULES = {
    "keeping, holding": "page_state, document_state",
    "pacing": "rate_limit",
    "questions": "result_cache",
    "settling": "job_status",
    "opening, picturing": "open_document, rasterise",
    "converting, unpacking": "convert, extract_archive",
    "sweeping": "recover",
    "export_orders, export_writing": "export_requests, export_worker",
    "watching": "progress",
    "refusals": "errors_as_messages",
}
PREFIXES = {"MOST_": "MAX_", "LONGEST_": "MAX_", "LEAST_": "MIN_"}

SCANNED = (
    "ocrportal", "templates", "static", "tests", "bench", "tools", "docs", ".ci/run", "README.md",
    "CHANGELOG.md", "Makefile", "Dockerfile", "docker-compose.yml", "gunicorn.conf.py",
    "manage.py", "pyproject.toml", "requirements.txt", "requirements-dev.txt",
)  # fmt: skip
SUFFIXES = {".py", ".html", ".js", ".css", ".md", ".toml", ".yml", ".txt", ".sh", ""}
# Historic names, third-party text, catalogue data, and sample texts.
EXEMPT_FOLDERS = {"migrations", "vendor", "samples", "__pycache__", "fonts"}
EXEMPT_FILES = {
    "tests/test_words.py",
    "docs/services.md",
    "bench/quality/sentences.py",
    "tests/jobs/test_migrations.py",
}

# A name may join words in snake_case or CamelCase; a phrase may run over a line break.
BEGIN = r"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))"
END = r"(?:(?![A-Za-z])|(?<=[a-z])(?=[A-Z]))"
GAP = r"(?:[\s_]|\n\s*(?:#|//|\*)\s*)+"
# Ordinary English that a phrase of the list must not be taken for.
BEFORE = {
    "is no": r"(?<![A-Za-z])(?:there|here)[\s_]+(?:#\s*)?$",
    "is none": r"(?<![A-Za-z])(?:there|here)[\s_]+(?:#\s*)?$",
    "hand in": r"\bby\s+$",
}
AFTER = {
    "is no": r"\s+longer\b",
    "the blank": r"\s+(?:page|half|image|cell|line|area|row)s?\b",
}


def words(table: dict[str, str]) -> list[str]:
    """The single words and phrases of the keys of a table."""
    return [word for key in table for word in key.split(", ")]


def phrase(word: str) -> str:
    """A pattern for a word or phrase, in lower case or with capitals."""
    pattern = GAP.join(map(re.escape, word.split()))
    # ``is None`` is Python.
    return pattern if word == "is none" else f"(?i:{pattern})"


PHRASES = re.compile(f"{BEGIN}(?:{'|'.join(map(phrase, words(PROSE)))}){END}")
IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
LISTED_NAMES = frozenset(words(NAMES))
LISTED_MODULES = frozenset(words(MODULES))


def files() -> Iterator[Path]:
    for place in SCANNED:
        path = ROOT / place
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            name = file.relative_to(ROOT)
            if (
                file.is_file()
                and file.suffix in SUFFIXES
                and not EXEMPT_FOLDERS & set(name.parts)
                and name.as_posix() not in EXEMPT_FILES
            ):
                yield file


def prose_in(text: str) -> Iterator[tuple[int, str]]:
    """Each listed word of a text, with the number of its line."""
    for found in PHRASES.finditer(text):
        word = " ".join(re.split(r"[\s_#/*]+", found[0])).lower()
        before, after = BEFORE.get(word), AFTER.get(word)
        if before and re.search(before, text[max(0, found.start() - 20) : found.start()], re.I):
            continue
        if after and re.match(after, text[found.end() :]):
            continue
        yield text.count("\n", 0, found.start()) + 1, word


def identifiers(file: Path, text: str) -> Iterator[tuple[int, str]]:
    """Each identifier, with the number of its line: in documents those set as code."""
    if file.suffix == ".py":
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.NAME:
                yield token.start[0], token.string
    elif file.suffix in (".js", ".md"):
        code = re.compile(r"`([^`\n]+)`") if file.suffix == ".md" else re.compile(r"(.+)")
        for number, line in enumerate(text.splitlines(), start=1):
            for part in code.findall(line):
                yield from ((number, name) for name in IDENTIFIER.findall(part))


def listed_words(file: Path) -> list[str]:
    """Where a file uses a listed word: ``path:line: word``."""
    text = file.read_text(encoding="utf-8")
    found = [
        *((1, name) for name in (file.stem.removeprefix("test_"),) if name in LISTED_MODULES),
        *prose_in(text),
        *(
            (line, name)
            for line, name in identifiers(file, text)
            if name in LISTED_NAMES or name.lstrip("_").startswith(tuple(PREFIXES))
        ),
    ]
    return [f"{file.relative_to(ROOT)}:{line}: {word}" for line, word in sorted(found)]


def test_no_text_uses_a_listed_word():
    assert [place for file in files() for place in listed_words(file)] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("who is told of it", ["told"]),
        ("def said_by_cloud(): ...", ["said"]),
        ("class CloudSaid: ...", ["said"]),
        ("markTold()", ["told"]),
        ("SAID_BEFORE", ["said"]),
        ("Files are handed\n    in by users", ["handed in"]),
        ("# files are handed\n    # in by users", ["handed in"]),
        ("which is no page", ["is no"]),
        ("that is none of ours", ["is none"]),
        ("the blank between words", ["the blank"]),
        # Ordinary English and Python.
        ("There is no page", []),
        ("there\nis no page", []),
        ("def test_there_is_no_page(): ...", []),
        ("if box is None and there is none", []),
        ("the credential is no longer shared", []),
        ("the blank page", []),
        ("written by hand in a hurry", []),
        ("retold, saids, amended, understands", []),
    ],
)
def test_words_are_found_in_prose_and_in_names(text: str, expected: list[str]):
    assert [word for _line, word in prose_in(text)] == expected


def test_a_listed_name_is_an_identifier_and_not_a_word_of_a_sentence(tmp_path: Path):
    module = tmp_path / "turns.py"
    module.write_text('"""Turn the page."""\nMOST_TURNS = Turn(1)  # Turn it\n')
    names = [name for _line, name in identifiers(module, module.read_text())]
    assert names == ["MOST_TURNS", "Turn"]


def test_every_listed_word_has_a_replacement_and_is_listed_once():
    listed = words(PROSE) + words(NAMES) + words(MODULES)
    assert [word for word, count in Counter(listed).items() if count > 1] == []
    assert all([*PROSE.values(), *NAMES.values(), *MODULES.values(), *PREFIXES.values()])
