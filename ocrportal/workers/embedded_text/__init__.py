"""The text that files contain themselves, as results of their pages."""
