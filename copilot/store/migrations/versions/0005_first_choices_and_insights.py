"""First choices have a table; suggestions know who read them, how long it took, and which one first told the same."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_FIRST_TEXT = """
UPDATE suggestions SET first_of_text = COALESCE((
  SELECT other.id FROM suggestions AS other
  WHERE other.ticket_id = suggestions.ticket_id AND other.told_sha256 = suggestions.told_sha256
    AND other.ticket_id NOT IN ('ticket', 'new')
  ORDER BY other.created_at, other.id LIMIT 1
), id)
"""
_COLUMNS = {"extractor": "extractor", "degraded": "degraded", "reading_seconds": "seconds"}
_AT_A_TIME = 500


def upgrade() -> None:
    """Add the table and the columns. Who read a suggestion is known where its text is still kept."""
    op.create_table(
        "first_choices",
        sa.Column("suggestion_id", sa.String(length=30), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("route", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["suggestion_id"], ["suggestions.id"], name="fk_first_choices_suggestion_id_suggestions"),
        sa.PrimaryKeyConstraint("suggestion_id", "agent", name="pk_first_choices"),
    )
    op.add_column("feedback", sa.Column("first_route", sa.String(length=40), nullable=True))
    op.add_column("suggestions", sa.Column("extractor", sa.String(length=40), nullable=True))
    op.add_column("suggestions", sa.Column("degraded", sa.Boolean(), nullable=True))
    op.add_column("suggestions", sa.Column("reading_seconds", sa.Float(), nullable=True))
    op.add_column("suggestions", sa.Column("first_of_text", sa.String(length=30), nullable=True))
    op.execute(sa.text(_FIRST_TEXT))
    op.create_index("ix_suggestions_first_of_text", "suggestions", ["first_of_text"])
    _tell_the_readings(op.get_bind())


def _tell_the_readings(connection: sa.Connection) -> None:
    suggestions = sa.table("suggestions", *(sa.column(name) for name in ("id", "suggestion_json", *_COLUMNS)))
    kept = sa.select(suggestions.c.id, suggestions.c.suggestion_json).where(suggestions.c.suggestion_json.is_not(None))
    last = ""
    while rows := list(connection.execute(kept.where(suggestions.c.id > last).order_by(suggestions.c.id).limit(_AT_A_TIME))):
        for row in rows:
            told = json.loads(row.suggestion_json).get("provenance", {})
            values = {column: told.get(name) for column, name in _COLUMNS.items()}
            connection.execute(sa.update(suggestions).where(suggestions.c.id == row.id).values(values))
        last = rows[-1].id


def downgrade() -> None:
    """There is no way back."""
    raise NotImplementedError("migrations go forward only; restore the copy that was made before")
