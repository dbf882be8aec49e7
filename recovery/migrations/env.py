"""Alembic's entry: run the migrations on the connection `upgrade` gives."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], version_table_schema="desk")
with context.begin_transaction():
    context.run_migrations()
