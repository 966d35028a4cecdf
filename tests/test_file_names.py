"""A file name is a label: it is never used as a path, and it is escaped on screens."""

import json
import re
from urllib.parse import unquote

import pytest
from django.test import Client
from django.utils.html import escape

from ocrportal.accounts.tokens import make_api_token
from ocrportal.jobs.models import Document

HAN = "汉" * 90
LONG = "a" * 240

# The submitted name, the name on the screens, and the name of the download.
NAMES = [
    ("中文 发票（第2页）#1.jpg", "中文 发票（第2页）#1.jpg", "中文 发票（第2页）#1.jpg"),
    ("..%2f..%2fetc%2fpasswd.png", "..%2f..%2fetc%2fpasswd.png", "%2f..%2fetc%2fpasswd.png"),
    ("../../../etc/cron.d/x.png", "../../../etc/cron.d/x.png", "x.png"),
    ("..\\..\\windows\\x.png", "..\\..\\windows\\x.png", "_.._windows_x.png"),
    (f"{LONG}.png", f"{LONG}.png", f"{LONG}.png"),
    (f"{HAN}.pdf", f"{HAN}.pdf", f"{'汉' * 83}.pdf"),
    ("-rf.png", "-rf.png", "-rf.png"),
    ("$(touch x).png", "$(touch x).png", "$(touch x).png"),
    ("`id`;ls|x.png", "`id`;ls|x.png", "`id`;ls_x.png"),
    ('o\'brien "q".pdf', 'o\'brien "q".pdf', "o'brien _q_.pdf"),
    (
        "<img src=x onerror=alert(1)>.png",
        "<img src=x onerror=alert(1)>.png",
        "_img src=x onerror=alert(1)_.png",
    ),
    ("{{7*7}}.pdf", "{{7*7}}.pdf", "{{7_7}}.pdf"),
    ("\u202egnp.exe.pdf", "gnp.exe.pdf", "gnp.exe.pdf"),
    ("e\u0301te\u0301.pdf", "e\u0301te\u0301.pdf", "e\u0301te\u0301.pdf"),
    ("\u00e9t\u00e9.pdf", "\u00e9t\u00e9.pdf", "\u00e9t\u00e9.pdf"),
    ("name\0.png", "name.png", "name.png"),
    ("line\nbreak.png", "linebreak.png", "linebreak.png"),
    ("CON.png", "CON.png", "_CON.png"),
    (".htaccess", ".htaccess", "htaccess"),
    ("noextension", "noextension", "noextension"),
    ("scan.jpg.exe", "scan.jpg.exe", "scan.jpg.exe"),
    ("SCAN.JPEG", "SCAN.JPEG", "SCAN.JPEG"),
    ("file.", "file.", "file"),
    (" leading and trailing .png ", "leading and trailing .png", "leading and trailing.png"),
    ("😀🧾.png", "😀🧾.png", "😀🧾.png"),
    ("ｆｕｌｌｗｉｄｔｈ．ｐｎｇ", "ｆｕｌｌｗｉｄｔｈ．ｐｎｇ", "ｆｕｌｌｗｉｄｔｈ．ｐｎｇ"),
    ("=cmd|calc.csv.png", "=cmd|calc.csv.png", "=cmd_calc.csv.png"),
    ("%00%0d%0aSet-Cookie:x=1.png", "%00%0d%0aSet-Cookie:x=1.png", "%00%0d%0aSet-Cookie_x=1.png"),
    ("2026/信/1.png", "2026/信/1.png", "1.png"),
]
every_name = pytest.mark.parametrize(("given", "label", "download"), NAMES)
every_given = pytest.mark.parametrize("given", [name for name, _label, _download in NAMES])


@pytest.fixture
def script(alice) -> Client:
    return Client(headers={"Authorization": f"Bearer {make_api_token(alice)}"})


def sent(picture: bytes, file_name: str, **fields: str) -> dict[str, object]:
    """A form with one file as browsers send it; Django's test client would change its name."""
    escaped_name = file_name.replace('"', "%22").replace("\n", "%0A")
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    parts.append(f'name="files"; filename="{escaped_name}"\r\n\r\n'.encode() + picture)
    body = b"".join(b"--edge\r\nContent-Disposition: form-data; %s\r\n" % part for part in parts)
    return {"data": body + b"--edge--\r\n", "content_type": "multipart/form-data; boundary=edge"}


def offered_name(header: str) -> str:
    """The file name in a Content-Disposition header."""
    if encoded := re.search(r"filename\*=utf-8''(\S+)", header):
        return unquote(encoded[1])
    return re.search(r'filename="((?:[^"\\]|\\.)*)"', header)[1]


@every_name
def test_a_name_is_a_label_on_the_screens_and_safe_in_downloads(
    as_alice, samples, given, label, download
):
    picture = (samples / "page_en.tif").read_bytes()
    form = sent(picture, "file", names=json.dumps([given]))
    answer = as_alice.post("/jobs/", **form)
    assert answer.status_code == 302
    document = Document.objects.get()
    assert document.name == label
    assert re.fullmatch(r"jobs/\d+/\d+/source\.tiff", document.file.name)
    page = as_alice.get(answer.url).content.decode()
    heading = re.search(r"<h1>\s*(.*?)\s*</h1>", page, re.DOTALL)
    assert heading is not None
    assert heading[1] == escape(label)
    assert "<img src=x" not in page
    original = as_alice.get(f"/documents/{document.pk}/source/")
    original.close()
    assert offered_name(original.headers["Content-Disposition"]) == download
    assert len(download.encode()) <= 255


@every_name
def test_the_api_returns_the_same_label(script, samples, given, label, download):
    form = sent((samples / "page_en.tif").read_bytes(), "file", names=json.dumps([given]))
    answer = script.post("/api/v1/jobs", **form)
    assert answer.status_code == 201
    assert answer.json()["documents"][0]["name"] == label


@every_given
@pytest.mark.parametrize("door", ["/jobs/", "/api/v1/jobs"])
def test_the_names_of_the_files_themselves_do_no_harm(as_alice, script, samples, given, door):
    client = script if door.startswith("/api") else as_alice
    answer = client.post(door, **sent((samples / "page_en.tif").read_bytes(), given))
    assert answer.status_code in (201, 302)
    document = Document.objects.get()
    last = re.split(r"[/\\]", given.replace('"', "%22").replace("\n", "%0A"))[-1]
    assert document.name == "".join(char for char in last if char.isprintable()).strip()
    assert re.fullmatch(r"jobs/\d+/\d+/source\.tiff", document.file.name)
