"""The roles of the paragraphs of a page: what kind of text each is."""
