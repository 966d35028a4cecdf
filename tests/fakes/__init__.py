"""Test servers that replace the servers which the portal reaches over the network."""
