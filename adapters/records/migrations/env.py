"""Alembic runs this file; the connection and its transaction come from `adapters.records.migrate`."""

from alembic import context

from adapters.records.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
