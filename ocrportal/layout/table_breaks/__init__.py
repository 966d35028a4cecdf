"""Tables that continue on the next page."""
