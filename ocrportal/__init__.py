"""OCR Portal: recognises scans, photos and PDFs, and writes Word, text and searchable PDF."""

VERSION = "0.1.0"
