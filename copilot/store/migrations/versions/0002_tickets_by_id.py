"""Suggestions are found by their ticket's id, so that a ticket's last decision can be told with each of them."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_suggestions_ticket_id", "suggestions", ["ticket_id"])


def downgrade() -> None:
    """Migrations go forward only."""
    raise NotImplementedError("migrations go forward only; restore the copy that was made before")
