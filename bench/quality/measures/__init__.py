"""Measures of a laid-out document against its truth: order, tables, regions, covered text."""
