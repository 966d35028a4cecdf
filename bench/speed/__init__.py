"""How fast the portal is, and how much memory it uses."""
