"""From a recognised page to blocks in reading order: paragraphs, tables, fields, formulas."""
