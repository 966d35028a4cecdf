"""The lock that every use of PDFium in an exporter holds."""

from __future__ import annotations

import threading

PDFIUM = threading.Lock()
"""PDFium is not thread-safe, even for different documents (its documentation)."""
