"""Whether the tables of the database are those of this version of the portal."""

from __future__ import annotations

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def has_pending_migrations() -> bool:
    """True if ``manage.py migrate`` has to run first; raises django.db.Error without a database."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
