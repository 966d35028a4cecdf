import http.server
import io
import os
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import psutil
import pytest
from PIL import Image

from ocrportal.errors.ingest import (
    ArchiveTooLarge,
    ConversionFailed,
    ConverterMissing,
    DamagedFile,
    NeedsTooMuchTime,
)
from ocrportal.ingest.convert import office
from ocrportal.ingest.convert.office import convert_office, is_available
from ocrportal.ingest.sniff.file_type import Format
from tests.ingest.sources import SAMPLES, saved

TWO_PIXELS = (2, 2)


def converted(source: Path, folder: Path, seconds: float = 120) -> Path:
    fmt = Format(source.suffix[1:], "", source.suffix[1:])
    return convert_office(
        source, fmt, folder, seconds=seconds, memory_mb=1024, max_unpacked_bytes=100 * 2**20
    ).pdf


def text_of(pdf: Path) -> str:
    return subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True
    ).stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder for PDFs, in which no other file may be left."""
    made = tmp_path / "made"
    made.mkdir()
    return made


@pytest.mark.parametrize(
    ("name", "pages", "text"),
    [
        ("tables.docx", 2, "Merged"),
        ("legacy.doc", 2, "Summer activities"),
        ("table.xlsx", 1, "Number of freshwater ducks per year"),
        ("slides.pptx", 3, "Test Table Slide"),
        ("text.odt", 2, "Extremes of Good and Evil"),
    ],
)
def test_office_files_become_pdfs_without_temporary_files_left(
    name: str, pages: int, text: str, folder: Path
) -> None:
    pdf = converted(SAMPLES / name, folder)
    read = text_of(pdf)
    assert read.count("\f") == pages
    assert text in read
    assert list(folder.iterdir()) == [pdf]


def sheet(path: Path, columns: int, rows: int) -> Path:
    """A workbook with text in all of its cells and no print settings."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    cells = "".join(
        "<row>"
        + "".join(f'<c t="inlineStr"><is><t>r{row}c{n}</t></is></c>' for n in range(columns))
        + "</row>"
        for row in range(rows)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/s.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="a"'
        f' Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="a" Type="{office}/worksheet" Target="s.xml"/></Relationships>',
        "xl/s.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def test_all_columns_of_a_sheet_fit_on_a_page(folder: Path, tmp_path: Path) -> None:
    read = text_of(converted(sheet(tmp_path / "wide.xlsx", columns=40, rows=60), folder))
    assert read.count("\f") <= 2
    first = next(line for line in read.splitlines() if "r0c0" in line)
    assert first.split() == [f"r0c{number}" for number in range(40)]


def test_concurrent_conversions_are_independent(folder: Path) -> None:
    made: list[Path] = []
    threads = [
        threading.Thread(target=lambda: made.append(converted(SAMPLES / "table.xlsx", folder)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == sorted(folder.iterdir())
    assert len(made) == 2


@pytest.fixture
def requests_seen() -> Iterator[list[str]]:
    """The port of a server on this machine, then the first lines of its requests."""
    seen: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            seen.append(self.rfile.readline().decode("latin-1"))
            self.close_connection = True

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        seen.append(str(server.server_port))
        yield seen
        server.shutdown()


def docx_that_links(target: str) -> bytes:
    """A document with a linked picture."""
    document = docx.Document()
    document.add_paragraph("Seen")
    document.add_picture(io.BytesIO(saved(Image.new("RGB", TWO_PIXELS), "PNG")))
    buffer = io.BytesIO()
    document.save(buffer)
    linked = io.BytesIO()
    with zipfile.ZipFile(buffer) as whole, zipfile.ZipFile(linked, "w") as changed:
        for entry in whole.infolist():
            data = whole.read(entry)
            data = data.replace(b"r:embed=", b"r:link=").replace(
                b'Target="media/image1.png"', f'TargetMode="External" Target="{target}"'.encode()
            )
            changed.writestr(entry, data)
    return linked.getvalue()


@pytest.mark.parametrize("network_cut", [True, False])
def test_a_linked_picture_is_not_fetched(
    network_cut: bool,
    folder: Path,
    tmp_path: Path,
    requests_seen: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not network_cut:
        monkeypatch.setattr(office, "network_cut", lambda: None)
    source = tmp_path / "linking.docx"
    source.write_bytes(docx_that_links(f"http://127.0.0.1:{requests_seen.pop()}/secret.png"))
    assert "Seen" in text_of(converted(source, folder))
    assert requests_seen == []


def test_a_section_linked_to_a_file_of_this_machine_stays_empty(
    folder: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("CONFIDENTIAL")
    source = tmp_path / "linking.odt"
    link = (
        '<text:section text:name="s"><text:section-source xmlns:xlink='
        f'"http://www.w3.org/1999/xlink" xlink:href="{secret.as_uri()}"/>'
        "<text:p>Seen</text:p></text:section></office:text>"
    )
    with zipfile.ZipFile(SAMPLES / "text.odt") as whole, zipfile.ZipFile(source, "w") as changed:
        for entry in whole.infolist():
            data = whole.read(entry).replace(b"</office:text>", link.encode())
            changed.writestr(entry, data)
    text = text_of(converted(source, folder))
    assert "Seen" in text
    assert "CONFIDENTIAL" not in text


def test_xml_that_declares_entities_is_rejected(folder: Path) -> None:
    with pytest.raises(DamagedFile):
        converted(SAMPLES / "entity.docx", folder)


def test_an_encrypted_file_cannot_be_converted(folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "locked.docx"
    source.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000))
    with pytest.raises(ConversionFailed):
        converted(source, folder)


def test_a_file_that_libreoffice_cannot_read_is_reported(folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "odd.xlsx"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("xl/nothing.xml", "<nothing/>")
    with pytest.raises(ConversionFailed):
        converted(source, folder)
    assert list(folder.iterdir()) == []


def test_a_slow_conversion_is_killed_with_its_processes(folder: Path) -> None:
    with pytest.raises(NeedsTooMuchTime) as caught:
        converted(SAMPLES / "slides.pptx", folder, seconds=1)
    assert caught.value.params == {"seconds": 1}
    assert list(folder.iterdir()) == []
    names = [process.name() for process in psutil.Process().children(recursive=True)]
    assert [name for name in names if name.startswith(("soffice", "oosplash"))] == []
    assert ended(folder)


def test_a_conversion_ends_in_time_after_its_worker_is_killed(folder: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from ocrportal.ingest.convert import office;"
        "from tests.ingest.convert.test_office import converted;"
        "office._GRACE_SECONDS = 0;"
        "converted(Path(sys.argv[1]), Path(sys.argv[2]), seconds=4)"
    )
    worker = subprocess.Popen([sys.executable, "-c", program, SAMPLES / "slides.pptx", folder])

    while not (started := [p for p in processes_of(folder) if p.info["name"] == "timeout"]):
        assert worker.poll() is None
        time.sleep(0.01)
    worker.kill()
    worker.wait()
    # Between its fork and its exec, the command of "timeout" has the same name.
    assert any(leader.pid == os.getsid(leader.pid) for leader in started)
    assert ended(folder)


def processes_of(folder: Path) -> list[psutil.Process]:
    """The processes whose command names ``folder``."""
    return [
        process
        for process in psutil.process_iter(["cmdline", "name"])
        if str(folder) in " ".join(process.info["cmdline"] or [])
    ]


def ended(folder: Path, seconds: float = 30) -> bool:
    """True once no process works in ``folder``."""
    deadline = time.monotonic() + seconds
    while processes_of(folder):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_without_enough_memory_the_conversion_fails(folder: Path) -> None:
    fmt = Format("pptx", "", "pptx")
    with pytest.raises(ConversionFailed):
        convert_office(
            SAMPLES / "slides.pptx",
            fmt,
            folder,
            seconds=60,
            memory_mb=-1800,
            max_unpacked_bytes=10**8,
        )
    assert list(folder.iterdir()) == []


def test_without_libreoffice_there_is_no_conversion(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_available()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(office, "_DEFAULT_FOLDER", str(folder))
    assert not is_available()
    with pytest.raises(ConverterMissing):
        converted(SAMPLES / "tables.docx", folder)


def test_a_zip_bomb_is_rejected(folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "bomb.docx"
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (60 * 2**20))
    with pytest.raises(ArchiveTooLarge) as caught:
        converted(source, folder)
    assert caught.value.params == {"limit_mb": 100, "ratio": 200}
