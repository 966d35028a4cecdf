"""QR codes and barcodes as SVG, which encode a text."""

from __future__ import annotations

import re

import zxingcpp
from zxingcpp import BarcodeFormat

SQUARE = (BarcodeFormat.QRCode, BarcodeFormat.DataMatrix, BarcodeFormat.Aztec)
"""Formats whose symbols are squares."""
WIDE = (BarcodeFormat.Code128, BarcodeFormat.Code39, BarcodeFormat.PDF417)
"""Formats of barcodes, the last with several rows."""


def code(content: str, kind: BarcodeFormat, module: float) -> str:
    """A code whose narrowest bar or module is so many CSS pixels wide."""
    symbol = zxingcpp.create_barcode(content, kind)
    drawn = zxingcpp.write_barcode_to_svg(symbol, add_quiet_zones=False)
    found = re.search(r'<svg width="(\d+)" height="(\d+)"', drawn)
    assert found is not None
    columns, rows = map(int, found.groups())
    body = drawn[drawn.index("<g ") : drawn.index("</svg>")]
    height = rows * module
    return (
        f'<svg width="{columns * module:.1f}" height="{height:.1f}" '
        f'viewBox="0 0 {columns} {rows}" preserveAspectRatio="none">{body}</svg>'
    )
