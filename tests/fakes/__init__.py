"""Servers that stand in for what the portal reaches over the network."""
