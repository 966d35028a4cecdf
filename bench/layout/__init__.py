"""Benchmarks of the layout on lines that are drawn as boxes, without images."""
