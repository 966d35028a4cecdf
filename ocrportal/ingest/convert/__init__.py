"""Office files and OFD to PDF."""
