"""Generates small PDFs with reportlab, or by hand for features that it lacks."""

import io
import math
from collections.abc import Callable

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas


def drawn(draw: Callable[[Canvas], None], size: tuple[float, float] = (595, 842)) -> bytes:
    """One page of ``size`` points, drawn by ``draw``."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def scanned(image: Image.Image, size: tuple[float, float]) -> bytes:
    """One page covered by one picture."""
    return drawn(lambda canvas: canvas.drawImage(ImageReader(image), 0, 0, *size), size)


def with_image_stream(
    data: bytes, entries: str, pixels: tuple[int, int], size: tuple[int, int], rotate: int = 0
) -> bytes:
    """One page of ``size`` points, covered by an encoded picture."""
    head = "/Type /XObject /Subtype /Image /Width {} /Height {} ".format(*pixels) + entries
    return assembled(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Rotate %d /Contents 4 0 R"
        b" /Resources << /XObject << /Picture 5 0 R >> >> >>" % (*size, rotate),
        _stream("", b"q %d 0 0 %d 0 0 cm /Picture Do Q" % size),
        _stream(head, data),
    )


def with_map(text: bytes, ranges: bytes, angle: float = 0) -> bytes:
    """A page with a font that has this ToUnicode map, of bfrange entries; its text is rotated."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    content = b"BT /F 12 Tf %f %f %f %f 300 400 Tm <%s> Tj ET"
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        b"1 begincodespacerange <00> <ff> endcodespacerange\n"
        b"%d beginbfrange %s endbfrange endcmap end end" % (len(ranges.split()) // 3, ranges)
    )
    return assembled(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F 5 0 R >> >> >>",
        _stream("", content % (cos, sin, -sin, cos, text.hex().encode())),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        _stream("", cmap),
    )


def assembled(*objects: bytes) -> bytes:
    """A PDF with these objects, numbered from 1; the first is the catalog."""
    body = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return body + table + end % (len(objects) + 1, len(body))


def _stream(entries: str, data: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries.encode(), len(data), data)
