"""PDF/A-2u: the metadata of a conforming file, and which original PDFs can conform.

A file made of page images conforms by construction. An original is declared conforming only if
it consists of images, links and bookmarks. Embedded fonts cannot be checked without a validator,
so originals with fonts, or with anything that is not known here, are written as page images.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream
from PIL import ImageCms

from ocrportal.exporters.pdf.font import FONT_NAME
from ocrportal.exporters.pdf.page_contents import decoded_data
from ocrportal.exporters.pdf.writer import Name as FileName
from ocrportal.exporters.pdf.writer import Value
from ocrportal.markup import escaped

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>U</pdfaid:conformance>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<pdf:Producer>{producer}</pdf:Producer>
<xmp:CreatorTool>{producer}</xmp:CreatorTool>
<xmp:CreateDate>{written}</xmp:CreateDate>
<xmp:ModifyDate>{written}</xmp:ModifyDate>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
_KEPT_INFO = frozenset({"/Title", "/Author", "/Subject", "/Keywords"})
_DROPPED = ("/Collection", "/PieceInfo", "/OutputIntents", "/Metadata")
"""Entries of the catalog that PDF/A forbids, or that are written again."""
_FORBIDDEN = ("/AcroForm", "/OCProperties")
"""Entries of the catalog whose originals are written as page images."""
_FORBIDDEN_RESOURCES = ("/Pattern", "/Shading", "/Properties")
_FILTERS = frozenset(
    {
        *("/FlateDecode", "/DCTDecode", "/CCITTFaxDecode", "/JBIG2Decode"),
        *("/RunLengthDecode", "/ASCII85Decode", "/ASCIIHexDecode"),
    }
)
_SPACES = frozenset({"/DeviceGray", "/DeviceRGB", "/CalGray", "/CalRGB"})
_OPERATORS = frozenset(
    {
        *("q", "Q", "cm", "gs", "Do", "w", "J", "j", "M", "d"),
        *("m", "l", "c", "v", "y", "h", "re", "W", "W*"),
        *("S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "n"),
        *("g", "G", "rg", "RG"),
    }
)
"""Allowed operators of page contents: images, lines and areas in grey or RGB, but no text."""
_STATE = {
    "/Type": Name.ExtGState,
    **{"/ca": 1, "/CA": 1, "/BM": Name.Normal, "/SMask": Name("/None")},
    **{"/SA": None, "/AIS": None, "/LW": None, "/LC": None, "/LJ": None, "/ML": None},
    **{"/OP": None, "/op": None, "/OPM": None},
}
"""Allowed entries of a graphics state with their value; None allows any value."""
_MAX_CONTENTS = 64 * 1024
_MIN_SIDE, _MAX_SIDE = 3, 14400
_PRINTED = 4
"""The flags of a printed annotation."""


class NotArchivable(Exception):
    """The original is not known to conform to PDF/A."""


@cache
def output_intent() -> tuple[bytes, dict[str, Value]]:
    """The sRGB profile of Little CMS, which is free to use, and the output intent for it."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile, {
        "Type": FileName("OutputIntent"),
        "S": FileName("GTS_PDFA1"),
        "OutputConditionIdentifier": "sRGB",
        "Info": "sRGB IEC61966-2.1",
    }


def packet(title: str, producer: str, written: datetime) -> bytes:
    """The XMP metadata of a file that declares PDF/A-2u."""
    return _PACKET.format(
        title=escaped(title),
        producer=escaped(producer),
        written=f"{written:%Y-%m-%dT%H:%M:%SZ}",
    ).encode()


def drop_pdfa_marker(pdf: Pdf) -> None:
    """Remove the declaration of PDF/A from an original, since its changes are not validated."""
    if "/Metadata" not in pdf.Root:
        return
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        for name in ("pdfaid:part", "pdfaid:conformance", "pdfaid:rev", "pdfaid:amd"):
            if name in metadata:
                del metadata[name]


def make_archival(pdf: Pdf) -> None:
    """Convert an original whose pages are images to PDF/A-2u; raises NotArchivable."""
    for name in _FORBIDDEN:
        if name in pdf.Root:
            raise NotArchivable(name)
    for page in pdf.pages:
        _check_page(pdf, page.obj)
    for name in _DROPPED:
        if name in pdf.Root:
            del pdf.Root[name]
    names = pdf.Root.get("/Names")
    if isinstance(names, Dictionary) and "/EmbeddedFiles" in names:
        del names["/EmbeddedFiles"]
    profile, entries = output_intent()
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=str(entries["OutputConditionIdentifier"]),
        Info=str(entries["Info"]),
        DestOutputProfile=Stream(pdf, profile, N=3),
    )
    pdf.Root.OutputIntents = Array([intent])
    for key in list(pdf.docinfo.keys()):
        if key not in _KEPT_INFO:
            del pdf.docinfo[key]
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata.load_from_docinfo(pdf.docinfo)
        metadata["pdfaid:part"] = "2"
        metadata["pdfaid:conformance"] = "U"


def _check_page(pdf: Pdf, page: Object) -> None:
    for name in ("/Metadata", "/PieceInfo", "/PresSteps", "/Group", "/Thumb"):
        if name in page:
            del page[name]
    box = [float(side) for side in (page.get("/MediaBox") or Array()).as_list()]
    if len(box) == 4:
        sides = abs(box[2] - box[0]), abs(box[3] - box[1])
        if not all(_MIN_SIDE <= side <= _MAX_SIDE for side in sides):
            raise NotArchivable("page size")
    for note in (page.get("/Annots") or Array()).as_list():
        if note.get("/Subtype") != Name.Link:
            raise NotArchivable("annotation")
        note.F = _PRINTED
    _check_contents(pdf, page)
    _check_resources(page.get("/Resources") or Dictionary())


def _check_resources(resources: Object) -> None:
    for name in _FORBIDDEN_RESOURCES:
        if len(resources.get(name) or Dictionary()):
            raise NotArchivable(name)
    fonts = resources.get("/Font") or Dictionary()
    for name in list(fonts.keys()):
        if name != f"/{FONT_NAME}":
            del fonts[name]  # no text uses it
    for state in (resources.get("/ExtGState") or Dictionary()).as_dict().values():
        for key, value in state.as_dict().items():
            if key not in _STATE or _STATE[key] not in (None, value):
                raise NotArchivable("graphics state")
    for space in (resources.get("/ColorSpace") or Dictionary()).as_dict().values():
        _check_space(space)
    for drawn in (resources.get("/XObject") or Dictionary()).as_dict().values():
        _check_picture(drawn)


def _check_picture(picture: Object) -> None:
    if not isinstance(picture, Stream) or picture.get("/Subtype") != Name.Image:
        raise NotArchivable("form")
    for name in ("/Alternates", "/OPI", "/F", "/SMaskInData"):
        if name in picture:
            raise NotArchivable(name)
    if picture.get("/Interpolate", False):
        picture.Interpolate = False
    filters = picture.get("/Filter", Array())
    for used in filters.as_list() if isinstance(filters, Array) else [filters]:
        if str(used) not in _FILTERS:
            raise NotArchivable(str(used))
    if not picture.get("/ImageMask", False):
        _check_space(picture.get("/ColorSpace"))
    for name in ("/Mask", "/SMask"):
        if isinstance(picture.get(name), Stream):
            _check_picture(picture[name])


def _check_space(space: Object | None) -> None:
    kind = space[0] if isinstance(space, Array) and len(space) else space
    if kind == Name.Indexed and isinstance(space, Array):
        _check_space(space[1])
    elif kind == Name.ICCBased and isinstance(space, Array):
        if int(space[1].get("/N", 0)) not in (1, 3):
            raise NotArchivable("profile")
    elif str(kind) not in _SPACES:
        raise NotArchivable("colour space")


def _check_contents(pdf: Pdf, page: Object) -> None:
    """Check the content streams of a page, except the first one if it is our text layer."""
    contents = page.get("/Contents")
    parts = contents.as_list() if isinstance(contents, Array) else [contents]
    ours = f"/{FONT_NAME}" in (page.get("/Resources", Dictionary()).get("/Font") or Dictionary())
    data = b""
    for part in parts[1 if ours else 0 :]:
        if not isinstance(part, Stream):
            continue
        inner = decoded_data(part)
        if inner is None:
            raise NotArchivable("contents")
        data += inner + b"\n"
    if len(data) > _MAX_CONTENTS:
        raise NotArchivable("contents")
    for instruction in pikepdf.parse_content_stream(Stream(pdf, data)):
        if str(instruction.operator) not in _OPERATORS:
            raise NotArchivable("operator")
