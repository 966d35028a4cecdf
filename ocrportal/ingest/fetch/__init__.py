"""Files from web addresses and from buckets, within limits of place, size and time."""
