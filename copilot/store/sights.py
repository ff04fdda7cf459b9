"""What an agent is shown beside a suggestion: what was decided last on its ticket, and whether they are to choose first."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row

from copilot.store.database import Database
from copilot.store.feedback import last_word
from copilot.store.first_choices import sight
from copilot.store.records import StoredSuggestion
from copilot.store.suggestions import About, Look, row_of


class Sights:
    """Suggestions as somebody sees them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, stored: StoredSuggestion, agent: str, share: float) -> StoredSuggestion:
        """The suggestion as that agent is shown it, who chooses first on that share of tickets. Raises `NotFound`."""
        with self._database.reading() as connection:
            seen = look_of(agent, share)(connection, row_of(connection, stored.id))
        return stored.model_copy(update=dict(seen))


def look_of(agent: str, share: float) -> Look:
    """What that agent is shown beside a suggestion, for whoever keeps one, in the same transaction."""

    def look(connection: Connection, about: Row[Any] | About) -> Mapping[str, Any]:
        seen = sight(connection, about, agent, share)
        return {"decided": last_word(connection, about), "blind": seen.is_blind, "first_choice": seen.choice}

    return look
