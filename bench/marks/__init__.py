"""Marks on a page, on pages drawn from seeds: seals, watermarks and check boxes."""
