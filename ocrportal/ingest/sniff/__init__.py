"""What a file is, from its content."""
