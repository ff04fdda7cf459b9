"""The tables. Text that came from a ticket stands only in columns that purge and erase set to null.

JSON is kept as text, byte for byte as it was written: a database's own JSON type would refuse U+0000.
"""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

from copilot.store.columns import AnyText, UtcTime

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    }
)

SUGGESTIONS = Table(
    "suggestions",
    METADATA,
    Column("id", String(30), primary_key=True),
    Column("created_at", UtcTime, nullable=False, index=True),
    Column("agent", AnyText, nullable=False),
    Column("ticket_id", AnyText, index=True),
    Column("route", String(40), nullable=False),
    Column("labels", Text, nullable=False),
    Column("rule", String(40), nullable=False),
    Column("text_until", UtcTime, index=True),  # null once the text is gone
    Column("ticket_json", Text),
    Column("suggestion_json", Text),
    Column("urgency", Integer),  # the place in `Urgency`, most urgent first
    Column("waiting_since", UtcTime),  # since when the ticket has waited for a decision
    Column("told_sha256", String(64)),  # a digest of what was said on the ticket; null once the text is gone
    Column("first_of_text", String(30), index=True),  # the first suggestion on the ticket that was told the same
    Column("extractor", String(40)),  # this and the next two: null where a version did not keep it and the text is gone
    Column("degraded", Boolean),
    Column("reading_seconds", Float),
    Index("ix_suggestions_urgency_waiting_since_id", "urgency", "waiting_since", "id"),
)

CUSTOMERS = Table(
    "customers",
    METADATA,
    Column("suggestion_id", String(30), ForeignKey("suggestions.id"), primary_key=True),
    Column("customer_sha256", String(64), primary_key=True),
    Column("part", String(20)),  # reporter or counterpart; null for staff, and for a version that did not keep it
    Index("ix_customers_customer_sha256", "customer_sha256"),
)

SIGNS = Table(
    "signs",
    METADATA,
    Column("suggestion_id", String(30), ForeignKey("suggestions.id"), primary_key=True),
    Column("kind", String(10), primary_key=True),  # harm, asset or demand, and a word of the closed vocabulary
    Column("value", String(40), primary_key=True),
    Index("ix_signs_kind_value", "kind", "value"),
)

ARRIVALS = Table(
    "arrivals",
    METADATA,
    Column("id", String(64), primary_key=True),  # a digest of the ticket's id: one row a ticket
    Column("ticket_id", AnyText, nullable=False),
    Column("source", String(20), nullable=False),
    Column("sent_at", UtcTime, nullable=False),
    Column("received_at", UtcTime, nullable=False, index=True),
    Column("ticket_sha256", String(64), nullable=False),
    Column("ticket_json", Text),  # null once it was read
    Column("version", String(32), nullable=False),  # another one with each newer text
    Column("attempts", Integer, nullable=False),
    Column("lease", String(32)),
    Column("leased_until", UtcTime),
)

DECISIONS = Table(
    "decisions",
    METADATA,
    Column("id", String(30), primary_key=True),
    Column("suggestion_id", String(30), ForeignKey("suggestions.id"), nullable=False, index=True),
    Column("created_at", UtcTime, nullable=False),
    Column("agent", AnyText, nullable=False),
    Column("route", String(40), nullable=False),
    Column("labels", Text, nullable=False),
    Column("rule", String(40), nullable=False),
    Column("context_json", Text),
    Column("extraction_json", Text),
    Column("suggestion_json", Text),
)

FEEDBACK = Table(
    "feedback",
    METADATA,
    Column("id", String(30), primary_key=True),
    Column("suggestion_id", String(30), ForeignKey("suggestions.id"), nullable=False, index=True),
    Column("decision_id", String(30), ForeignKey("decisions.id")),
    Column("created_at", UtcTime, nullable=False, index=True),
    Column("agent", AnyText, nullable=False),
    Column("action", String(20), nullable=False),
    Column("route", String(40), nullable=False),
    Column("labels", Text, nullable=False),
    Column("rule", String(40), nullable=False),
    Column("changed_route", String(40)),
    Column("changed_labels", Text),
    Column("reason", String(40)),
    Column("edited", Boolean, nullable=False),
    Column("first_route", String(40)),  # what they chose before they saw the suggestion; null: decided with sight
    Column("comment", AnyText),
    Column("note", AnyText),
)

FIRST_CHOICES = Table(
    "first_choices",
    METADATA,
    Column("suggestion_id", String(30), ForeignKey("suggestions.id"), primary_key=True),
    Column("agent", AnyText, primary_key=True),
    Column("created_at", UtcTime, nullable=False),
    Column("route", String(40)),  # null: looked without choosing
)

OUTCOMES = Table(
    "outcomes",
    METADATA,
    Column("suggestion_id", String(30), ForeignKey("suggestions.id"), primary_key=True),
    Column("recorded_at", UtcTime, nullable=False),
    Column("agent", AnyText, nullable=False),
    Column("route", String(40), nullable=False),
    Column("labels", Text, nullable=False),
)

SHADOWS = Table(
    "shadows",
    METADATA,
    Column("contender", String(200), primary_key=True),  # a policy or reader that decides beside the service
    Column("followed_from", UtcTime, nullable=False),
    Column("seen_until", UtcTime, nullable=False),  # what was suggested before is settled, but for what was written late
)

SHADOW_DECISIONS = Table(
    "shadow_decisions",
    METADATA,
    Column("suggestion_id", String(30), ForeignKey("suggestions.id"), primary_key=True),
    Column("contender", String(200), ForeignKey("shadows.contender"), primary_key=True),
    Column("decided_at", UtcTime, nullable=False),
    Column("outcome", String(20), nullable=False),  # decided; or why there is no decision: gone, undecided, degraded
    Column("differs", Boolean),  # whether team or labels are others than suggested; this and the next three: if decided
    Column("route", String(40)),
    Column("labels", Text),
    Column("rule", String(40)),
)

API_KEYS = Table(
    "api_keys",
    METADATA,
    Column("id", String(8), primary_key=True),
    Column("name", AnyText, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("secret_sha256", String(64), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Column("revoked_at", UtcTime),
)

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("token_sha256", String(64), primary_key=True),
    Column("agent", AnyText, nullable=False),
    Column("key_id", String(8), ForeignKey("api_keys.id"), index=True),  # the key that asked for it, if one did
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),  # no renewal goes past it
    Column("seconds", Integer, nullable=False),
    Column("opened_by", String(20)),  # a principal's id; null: Zendesk's signed URL, or a version that did not keep it
    Column("renewal_salt", String(64)),  # once it was renewed: with the token it makes the next one, the same each time
)

USED_TOKENS = Table(
    "used_tokens",
    METADATA,
    Column("token_sha256", String(64), primary_key=True),
    Column("expires_at", UtcTime, nullable=False, index=True),
)

CLAIMS = Table(
    "claims",
    METADATA,
    Column("id", String(64), primary_key=True),  # a digest of caller, path and key
    Column("token", String(64), nullable=False),
    Column("request_sha256", String(64), nullable=False),
    Column("created_at", UtcTime, nullable=False, index=True),
    Column("leased_until", UtcTime, nullable=False),
    Column("kind", String(20)),
    Column("resource_id", String(30)),
)
