"""What an agent is shown beside a suggestion: what was decided last on its ticket, and whether they are to choose first."""

from copilot.store.database import Database
from copilot.store.feedback import last_word
from copilot.store.first_choices import sight
from copilot.store.records import StoredSuggestion
from copilot.store.suggestions import row_of


class Sights:
    """Suggestions as somebody sees them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, stored: StoredSuggestion, agent: str, share: float) -> StoredSuggestion:
        """The suggestion as that agent is shown it, who chooses first on that share of tickets. Raises `NotFound`."""
        with self._database.reading() as connection:
            about = row_of(connection, stored.id)
            seen, decided = sight(connection, about, agent, share), last_word(connection, about)
        return stored.model_copy(update={"decided": decided, "blind": seen.is_blind, "first_choice": seen.choice})
