"""Overprints: seals and watermarks, which hide the text below them from the networks.

masks.py ── where a reduced page has ink of some kind
coloured.py ── seals, and other marks in one colour
grey.py ── seals in scans without colours
seal_text.py ── the text along the rim of a seal, as a line
pale.py ── watermarks
page.py ── the overprints of a page, and the page without them
lines.py ── the better of two readings of the lines that they cross
"""
