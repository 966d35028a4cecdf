"""Generates small Word files with what python-docx does not write."""

from pathlib import Path

import docx
from docx.oxml import parse_xml

_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def text_box(*paragraphs: str) -> str:
    """A run with a text box that is 60 by 10 mm, whatever it contains."""
    content = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    return f"""<w:r {_NAMESPACES}><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>
      <wp:inline><wp:extent cx="2160000" cy="360000"/><wp:docPr id="7" name="box"/>
      <a:graphic><a:graphicData
        uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>
      <wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>
      <a:ext cx="2160000" cy="360000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>
      </wps:spPr><wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx>
      <wps:bodyPr><a:noAutofit/></wps:bodyPr></wps:wsp></a:graphicData></a:graphic></wp:inline>
      </w:drawing></mc:Choice><mc:Fallback><w:pict/></mc:Fallback></mc:AlternateContent></w:r>"""


def word_file(path: Path, *paragraphs: str, box: tuple[str, ...] = ()) -> Path:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if box:
        document.add_paragraph("Steps:")._p.append(parse_xml(text_box(*box)))
    hidden = document.add_paragraph().add_run("This run is hidden and not printed at all")
    hidden.font.hidden = True
    document.save(path)
    return path
