"""Sessions know who opened them, and what they were renewed to."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add two columns."""
    with op.batch_alter_table("sessions") as sessions:
        sessions.add_column(sa.Column("opened_by", sa.String(length=20), nullable=True))
        sessions.add_column(sa.Column("renewal_salt", sa.String(length=64), nullable=True))


def downgrade() -> None:
    """There is no way back."""
    raise NotImplementedError("migrations go forward only; restore the copy that was made before")
