"""Generates small OFD files as in GB/T 33190-2016."""

import zipfile
from pathlib import Path

_NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def element(name: str, content: str = "", **attributes: object) -> str:
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<ofd:{name}{written}>{content}</ofd:{name}>"


def part(name: str, content: str, **attributes: object) -> bytes:
    """An XML file with this root element."""
    text = element(name, content, **attributes).replace(f"<ofd:{name}", f"<ofd:{name} {_NAMESPACE}")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()


def page(objects: str, before: str = "") -> bytes:
    return part("Page", before + element("Content", element("Layer", objects, ID=900)))


def text(content: str, x: float, y: float, **attributes: object) -> str:
    """A line of 4 mm text; the baseline starts at x, y from its boundary."""
    steps = {key: attributes.pop(key) for key in ("DeltaX", "DeltaY") if key in attributes}
    attributes = {"Boundary": "0 0 200 200", "Font": 1, "Size": 4} | attributes
    return element("TextObject", element("TextCode", content, X=x, Y=y, **steps), **attributes)


def path(data: str, colours: str = "", **attributes: object) -> str:
    attributes = {"Boundary": "0 0 210 297"} | attributes
    return element("PathObject", colours + element("AbbreviatedData", data), **attributes)


def picture(box: str, **attributes: object) -> str:
    width, height = box.split()[2:]
    attributes = {"CTM": f"{width} 0 0 {height} 0 0", "ResourceID": 5} | attributes
    return element("ImageObject", Boundary=box, **attributes)


RESOURCES = element("Fonts", element("Font", ID=1, FontName="宋体"))
BOX = element("PageArea", element("PhysicalBox", "0 0 210 140"))


def ofd(
    path: Path,
    *pages: bytes,
    resources: str = RESOURCES,
    common: str = BOX,
    after: str = "",
    parts: dict[str, bytes] | None = None,
) -> Path:
    """A file with these pages; ``parts`` are added or replace default ones."""
    listed = "".join(
        element("Page", ID=number, BaseLoc=f"Pages/Page_{number}/Content.xml")
        for number in range(len(pages))
    )
    common += element("PublicRes", "PublicRes.xml")
    members = {
        "OFD.xml": part("OFD", element("DocBody", element("DocRoot", "Doc_0/Document.xml"))),
        "Doc_0/Document.xml": part(
            "Document", element("CommonData", common) + element("Pages", listed) + after
        ),
        "Doc_0/PublicRes.xml": part("Res", resources, BaseLoc="Res"),
    }
    for number, content in enumerate(pages):
        members[f"Doc_0/Pages/Page_{number}/Content.xml"] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (members | (parts or {})).items():
            archive.writestr(name, data)
    return path
