"""Structure of the page that looks like tables: its columns, and headings above rulings."""
