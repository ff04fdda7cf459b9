"""Tickets that hooks told of wait in a table; suggestions know their urgency, their signs and what they were told."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_URGENCY = """
UPDATE suggestions SET waiting_since = created_at, urgency = CASE
  WHEN suggestion_json LIKE '%"safety_risk"%' THEN 0
  WHEN route = 'account_security' THEN 1
  WHEN route IN ('mediation_disputes', 'content_enforcement') THEN 2
  WHEN route = 'agent_review' THEN 3
  ELSE 4 END
"""


def upgrade() -> None:
    """Add columns and tables. What was kept before has an urgency, and neither signs nor parts."""
    op.add_column("suggestions", sa.Column("urgency", sa.Integer(), nullable=True))
    op.add_column("suggestions", sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("suggestions", sa.Column("told_sha256", sa.String(length=64), nullable=True))
    op.add_column("customers", sa.Column("part", sa.String(length=20), nullable=True))
    op.execute(sa.text(_URGENCY))
    op.create_index("ix_suggestions_urgency_waiting_since_id", "suggestions", ["urgency", "waiting_since", "id"])

    op.create_table(
        "signs",
        sa.Column("suggestion_id", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["suggestion_id"], ["suggestions.id"], name="fk_signs_suggestion_id_suggestions"),
        sa.PrimaryKeyConstraint("suggestion_id", "kind", "value", name="pk_signs"),
    )
    op.create_index("ix_signs_kind_value", "signs", ["kind", "value"])

    op.create_table(
        "arrivals",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("ticket_id", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ticket_sha256", sa.String(length=64), nullable=False),
        sa.Column("ticket_json", sa.Text(), nullable=True),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_arrivals"),
    )
    op.create_index("ix_arrivals_received_at", "arrivals", ["received_at"])


def downgrade() -> None:
    """There is no way back."""
    raise NotImplementedError("migrations go forward only; restore the copy that was made before")
