"""Page pictures made better before they are read; every point leads back to the original."""
