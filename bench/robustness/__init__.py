"""How the portal handles damaged and hostile files."""
