"""From sources outside the portal to page pictures, without a database."""
