"""How good the results are, compared with known texts and with other programs."""
