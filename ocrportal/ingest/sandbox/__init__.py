"""Processes with limits, in which users' files are read."""
