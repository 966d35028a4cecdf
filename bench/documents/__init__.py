"""Random documents whose content is known completely: text, order, tables, regions and styles.

    writing.py ──▶ texts          pictures.py ──▶ charts, seals …
               ──▶ kinds/*.py: a design in HTML whose order is the reading order
               ──▶ printing.py: a PDF and PNG files by Chromium, and the truth by truth.js
               ──▶ variants.py: the pages as printed, scanned or photographed

A kind and a seed always give the same document. ``split.py`` divides the documents into
those for tuning and those for the test. Rules are written while looking at documents of the tuning part only.

To add a kind, create a module in ``kinds`` with ``LANGUAGES`` and ``design``.
"""
