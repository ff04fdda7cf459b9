"""How Alembic runs here: on the connection that it is given, inside the transaction that is already open."""

from alembic import context

from copilot.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=False,  # the caller's transaction holds the whole migration
    render_as_batch=True,
)
context.run_migrations()
