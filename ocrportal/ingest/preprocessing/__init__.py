"""Image processing between the file and the engine; points map back to the original page."""
