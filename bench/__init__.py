"""Measurements of the portal: quality, speed and robustness, and what these share."""
