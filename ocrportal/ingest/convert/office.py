"""Converts Office files to PDF with LibreOffice, without macros and without network access.

The files are not trusted: links in them must not reach this machine's files or its network.
So LibreOffice gets a new profile for each conversion that forbids it and, where the system
permits it, a network namespace without any interface.
"""

from __future__ import annotations

import functools
import logging
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from ocrportal.errors.ingest import ConversionFailed, ConverterMissing, NeedsTooMuchTime
from ocrportal.ingest.convert.package import check_package
from ocrportal.ingest.convert.sheets import Workbook, read_workbook
from ocrportal.ingest.convert.word_text import Passage, missing_passages
from ocrportal.ingest.sandbox.isolation import call_isolated
from ocrportal.ingest.sniff.compound import MAGIC
from ocrportal.ingest.sniff.file_type import Format

logger = logging.getLogger(__name__)

_DEFAULT_FOLDER = "/usr/lib/libreoffice/program"
_PACKED = frozenset({"docx", "xlsx", "pptx", "odt", "ods", "odp"})
_SHEETS = frozenset({"xls", "xlsx", "ods"})
_MAX_EDITED_BYTES = 64 * 2**20
_PAGE_LAYOUT = re.compile(rb"<style:page-layout-properties\b[^<>]*>")
_NOT_SCALED = b'style:scale-to="100%"'
_PAPER = re.compile(rb' (fo:page-(width|height)|style:print-orientation)="[^"]*"')
_WIDE = (
    b'<style:page-layout-properties fo:page-width="420mm" fo:page-height="297mm"'
    b' style:print-orientation="landscape"'
)
_CHECK_MEMORY_MB = 256
_CODE_BYTES = 2 * 2**30
"""LibreOffice maps this much before it opens a file."""
_MAX_PDF_BYTES = 2 * 2**30
_GRACE_SECONDS = 10
_WITHOUT_NETWORK = (
    ("unshare", "--net"),  # for root
    ("unshare", "--user", "--map-root-user", "--net"),
)
_CLOSED_PORT = "127.0.0.1:9"
"""No server listens here."""

_SECURITY = "/org.openoffice.Office.Common/Security/Scripting"
_PROXIES = "/org.openoffice.Inet/Settings"
_SETTINGS = (
    (_SECURITY, "DisableMacrosExecution", "true"),
    (_SECURITY, "MacroSecurityLevel", "3"),
    # Links from documents outside of trusted folders, which all of these are.
    (_SECURITY, "BlockUntrustedRefererLinks", "true"),
    (_SECURITY, "DisableActiveContent", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "2"),
    (_PROXIES, "ooInetProxyType", "2"),
    (_PROXIES, "ooInetHTTPProxyName", "127.0.0.1"),
    (_PROXIES, "ooInetHTTPProxyPort", "9"),
    (_PROXIES, "ooInetHTTPSProxyName", "127.0.0.1"),
    (_PROXIES, "ooInetHTTPSProxyPort", "9"),
)


@dataclass(frozen=True, slots=True)
class ConvertedOffice:
    """The outcome of a conversion."""

    pdf: Path
    workbook: Workbook = field(default_factory=Workbook)
    """The cells; empty for files without sheets."""
    passages: tuple[Passage, ...] = ()
    """What a Word file contains and the PDF does not show."""


def is_available() -> bool:
    """True if LibreOffice is installed."""
    return _program() is not None


@functools.cache
def network_cut() -> tuple[str, ...] | None:
    """The prefix that runs a command without network; None if the system forbids it.

    Without it, links are still blocked by the settings and by unreachable proxies.
    """
    for command in _WITHOUT_NETWORK:
        with suppress(FileNotFoundError):
            tried = subprocess.run([*command, "true"], capture_output=True)  # noqa: S603  # a constant command
            if tried.returncode == 0:
                return command
    return None


def convert_office(
    source: Path,
    fmt: Format,
    folder: Path,
    *,
    seconds: float,
    memory_mb: int,
    max_unpacked_bytes: int,
) -> ConvertedOffice:
    """Write an Office file as PDF into ``folder``.

    Temporary files are removed. Raises ConverterMissing, ConversionFailed (also for encrypted
    files, and if LibreOffice runs out of memory), DamagedFile, ArchiveTooLarge,
    NeedsTooMuchMemory, NeedsTooMuchTime, ReaderCrashed.
    """
    program = _program()
    if program is None:
        raise ConverterMissing
    ends = time.monotonic() + seconds
    if fmt.key in _PACKED:
        if _is_compound(source):
            # Encrypted Office Open XML files are stored in compound files.
            raise ConversionFailed
        call_isolated(
            check_package, source, max_unpacked_bytes, memory_mb=_CHECK_MEMORY_MB, seconds=seconds
        )
    with tempfile.TemporaryDirectory(dir=folder) as name:
        work = Path(name)
        _write_profile(work / "profile")
        # The extension selects the import filter, and a user's name could be an option.
        document = work / f"document.{fmt.key}"
        document.symlink_to(source.absolute())
        convert = functools.partial(
            _convert, program, memory_mb=memory_mb, ends=ends, limit=seconds
        )
        if fmt.key in _SHEETS:
            document = convert(document, "fods")
            _fit_to_width(document)
        pdf = convert(document, "pdf").rename(folder / f"{work.name}.pdf")
        if fmt.key == "docx":
            passages = call_isolated(
                missing_passages, source, pdf, memory_mb=memory_mb, seconds=seconds
            )
            return ConvertedOffice(pdf, passages=passages)
        if fmt.key not in _SHEETS:
            return ConvertedOffice(pdf)
        workbook = call_isolated(read_workbook, document, pdf, memory_mb=memory_mb, seconds=seconds)
        return ConvertedOffice(pdf, workbook)


def _program() -> str | None:
    return shutil.which("soffice") or shutil.which("soffice", path=_DEFAULT_FOLDER)


def _is_compound(source: Path) -> bool:
    with source.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def _write_profile(folder: Path) -> None:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>\n"
        for path, name, value in _SETTINGS
    )
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
        f"{items}</oor:items>\n"
    )


def _fit_to_width(sheets: Path) -> None:
    """Fit all columns of a sheet into the width of a page.

    LibreOffice has no option for it, but its flat format is a single XML file. A3 landscape
    keeps about 40 columns legible. A document with its own scaling is left unchanged, and so
    is one that is too large to be edited in memory.
    """
    if sheets.stat().st_size <= _MAX_EDITED_BYTES:
        sheets.write_bytes(_PAGE_LAYOUT.sub(_widened, sheets.read_bytes()))


def _widened(layout: re.Match[bytes]) -> bytes:
    element = layout[0]
    if _NOT_SCALED not in element:
        return element
    element = element.replace(_NOT_SCALED, b'style:scale-to-X="1" style:scale-to-Y="0"')
    return _PAPER.sub(b"", element).replace(b"<style:page-layout-properties", _WIDE, 1)


def _convert(
    program: str, document: Path, kind: str, *, memory_mb: int, ends: float, limit: float
) -> Path:
    """Convert the document to ``kind`` beside it and return the path of the result."""
    try:
        _run(_command(program, document, kind, memory_mb, ends), document.parent, ends)
    except subprocess.TimeoutExpired as error:
        raise NeedsTooMuchTime(seconds=round(limit)) from error
    made = document.with_suffix(f".{kind}")
    if not made.is_file() or made.stat().st_size == 0:
        raise ConversionFailed
    return made


def _command(program: str, document: Path, kind: str, memory_mb: int, ends: float) -> list[str]:
    work = document.parent
    left = max(0, ends - time.monotonic()) + _GRACE_SECONDS
    return [
        # The worker enforces the time limit; this does so if the worker is killed.
        "timeout",
        "--signal=KILL",
        f"{left:.1f}",
        *(network_cut() or ()),
        "prlimit",
        f"--as={_CODE_BYTES + memory_mb * 2**20}",
        f"--fsize={_MAX_PDF_BYTES}",
        "--core=0",
        "--",
        program,
        f"-env:UserInstallation={(work / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        "--convert-to",
        kind,
        "--outdir",
        str(work),
        str(document),
    ]


def _run(command: list[str], work: Path, ends: float) -> None:
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "HOME": str(work),
        "TMPDIR": str(work),
        "SAL_USE_VCLPLUGIN": "svp",
        "http_proxy": f"http://{_CLOSED_PORT}",
        "https_proxy": f"http://{_CLOSED_PORT}",
    }
    process = subprocess.Popen(  # noqa: S603  # the file names are generated here
        command,
        cwd=work,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        if process.wait(max(0, ends - time.monotonic())) != 0:
            logger.info("LibreOffice exited with status %s", process.returncode)
            raise ConversionFailed
    finally:
        # soffice starts another process, which would survive if soffice alone were killed.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
