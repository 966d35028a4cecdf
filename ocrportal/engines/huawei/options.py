"""What users can set for a service: the catalogue's options and one of the portal's own."""

from __future__ import annotations

from ocrportal.catalogue.spec import Option, Service

READ_PDF = "read_pdf"
"""The portal's own option: the service reads the PDF file instead of our page picture."""

_READ_PDF = Option(
    name=READ_PDF,
    type="boolean",
    required=False,
    default=False,
    allowed=None,
    # As in the catalogue: a text of its own for each language.
    labels={"en": "Let the service open PDF files", "zh-hans": "由服务直接读取 PDF"},
    hints={
        "en": "Sends PDF pages as they are, not as pictures made by the portal.",
        "zh-hans": "直接发送 PDF 页面，而不是由本平台转换的图片。",
    },
    value_labels={},
)

# For OFD files, which the portal converts itself.
_WITHOUT_EFFECT = {"ofd_to_image_mode"}


def options_of(service: Service) -> tuple[Option, ...]:
    """The options of a service, the portal's own last.

    The page of a PDF is not among them: the engine sets it.
    """
    page = service.pdf and service.pdf.page_option
    options = [
        option
        for option in service.options
        if option.name != page and option.name not in _WITHOUT_EFFECT
    ]
    return (*options, _READ_PDF) if service.pdf else tuple(options)
