"""JSON for scripts: the same forms and functions as the screens, another door."""
