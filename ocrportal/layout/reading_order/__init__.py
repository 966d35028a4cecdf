"""The reading order of the fragments of a page."""
