"""Kinds of cards: cards in a grid, and reference cards."""
