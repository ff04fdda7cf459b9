"""Other policies and readers that decide beside the service have a table, and so has what they decide."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add both tables."""
    op.create_table(
        "shadows",
        sa.Column("contender", sa.String(length=200), nullable=False),
        sa.Column("followed_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("contender", name="pk_shadows"),
    )
    op.create_table(
        "shadow_decisions",
        sa.Column("suggestion_id", sa.String(length=30), nullable=False),
        sa.Column("contender", sa.String(length=200), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("differs", sa.Boolean(), nullable=True),
        sa.Column("route", sa.String(length=40), nullable=True),
        sa.Column("labels", sa.Text(), nullable=True),
        sa.Column("rule", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["suggestion_id"], ["suggestions.id"], name="fk_shadow_decisions_suggestion_id_suggestions"),
        sa.ForeignKeyConstraint(["contender"], ["shadows.contender"], name="fk_shadow_decisions_contender_shadows"),
        sa.PrimaryKeyConstraint("suggestion_id", "contender", name="pk_shadow_decisions"),
    )


def downgrade() -> None:
    """There is no way back."""
    raise NotImplementedError("migrations go forward only; restore the copy that was made before")
