"""Files from web addresses, and from and to buckets, within limits of place, size and time."""
