"""The first tables: suggestions, decisions, feedback, outcomes, keys, sessions, tokens, claims."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make them all."""
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(length=8), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
    )
    op.create_table(
        "claims",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("request_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=True),
        sa.Column("resource_id", sa.String(length=30), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_claims"),
    )
    op.create_index("ix_claims_created_at", "claims", ["created_at"])

    op.create_table(
        "suggestions",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Text(), nullable=True),
        sa.Column("route", sa.String(length=40), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("text_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ticket_json", sa.Text(), nullable=True),
        sa.Column("suggestion_json", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_suggestions"),
    )
    op.create_index("ix_suggestions_created_at", "suggestions", ["created_at"])
    op.create_index("ix_suggestions_text_until", "suggestions", ["text_until"])

    op.create_table(
        "used_tokens",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_used_tokens"),
    )
    op.create_index("ix_used_tokens_expires_at", "used_tokens", ["expires_at"])

    op.create_table(
        "customers",
        sa.Column("suggestion_id", sa.String(length=30), nullable=False),
        sa.Column("customer_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["suggestion_id"], ["suggestions.id"], name="fk_customers_suggestion_id_suggestions"),
        sa.PrimaryKeyConstraint("suggestion_id", "customer_sha256", name="pk_customers"),
    )
    op.create_index("ix_customers_customer_sha256", "customers", ["customer_sha256"])

    op.create_table(
        "decisions",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("suggestion_id", sa.String(length=30), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("route", sa.String(length=40), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("context_json", sa.Text(), nullable=True),
        sa.Column("extraction_json", sa.Text(), nullable=True),
        sa.Column("suggestion_json", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["suggestion_id"], ["suggestions.id"], name="fk_decisions_suggestion_id_suggestions"),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_suggestion_id", "decisions", ["suggestion_id"])

    op.create_table(
        "outcomes",
        sa.Column("suggestion_id", sa.String(length=30), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("route", sa.String(length=40), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["suggestion_id"], ["suggestions.id"], name="fk_outcomes_suggestion_id_suggestions"),
        sa.PrimaryKeyConstraint("suggestion_id", name="pk_outcomes"),
    )
    op.create_table(
        "sessions",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("key_id", sa.String(length=8), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["api_keys.id"], name="fk_sessions_key_id_api_keys"),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_sessions"),
    )
    op.create_index("ix_sessions_key_id", "sessions", ["key_id"])

    op.create_table(
        "feedback",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("suggestion_id", sa.String(length=30), nullable=False),
        sa.Column("decision_id", sa.String(length=30), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("route", sa.String(length=40), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("changed_route", sa.String(length=40), nullable=True),
        sa.Column("changed_labels", sa.Text(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name="fk_feedback_decision_id_decisions"),
        sa.ForeignKeyConstraint(["suggestion_id"], ["suggestions.id"], name="fk_feedback_suggestion_id_suggestions"),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
    )
    op.create_index("ix_feedback_created_at", "feedback", ["created_at"])
    op.create_index("ix_feedback_suggestion_id", "feedback", ["suggestion_id"])


def downgrade() -> None:
    """There is nothing older."""
    raise NotImplementedError("migrations go forward only; restore the copy that was made before")
