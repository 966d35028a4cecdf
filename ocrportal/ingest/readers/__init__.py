"""Page pictures and text out of each file format."""
