"""The heads of tables: the rows that name the columns."""
