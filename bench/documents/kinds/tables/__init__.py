"""Kinds of documents with tables."""
