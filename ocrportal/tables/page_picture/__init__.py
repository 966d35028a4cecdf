"""The picture of a page on which tables are located: straight, of a moderate size, and its ink."""
