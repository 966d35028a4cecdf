"""Texts of generated documents: sentences, names and numbers in three languages."""
