"""The store as the service holds it: one part for each thing that is kept."""

from copilot.store.agents import Agents
from copilot.store.arrivals import Arrivals
from copilot.store.before import Earlier
from copilot.store.database import Database
from copilot.store.decisions import Decisions
from copilot.store.feedback import FeedbackRows
from copilot.store.first_choices import FirstChoices
from copilot.store.idempotency import Idempotency
from copilot.store.insights.insights import UsedSuggestions
from copilot.store.keys import Keys
from copilot.store.location import checked_url
from copilot.store.outcomes import Outcomes
from copilot.store.past import Past
from copilot.store.probe import check_writes, problems
from copilot.store.queue import Queued
from copilot.store.retention import Retention
from copilot.store.reviewed import ReviewedTickets
from copilot.store.schema import migrate, newest
from copilot.store.sessions import Sessions
from copilot.store.shadows import Shadows
from copilot.store.sights import Sights
from copilot.store.suggestions import Suggestions
from copilot.store.tokens import Tokens


class Store:
    """Everything that is kept. Its parts may be used from many threads at once; each call is a transaction of its own.

    `database` is what its parts stand on. Any call raises `StoreUnavailable` where it is locked, full, read-only or out of reach.
    """

    def __init__(self, database: Database, retention_days: int) -> None:
        self.database = database
        self.suggestions = Suggestions(database, retention_days)
        self.arrivals = Arrivals(database, retention_days)
        self.queue = Queued(database)
        self.earlier = Earlier(database)
        self.decisions = Decisions(database)
        self.feedback = FeedbackRows(database)
        self.first_choices = FirstChoices(database)
        self.sights = Sights(database)
        self.outcomes = Outcomes(database)
        self.agents = Agents(database)
        self.used = UsedSuggestions(database)
        self.reviewed = ReviewedTickets(database)
        self.past = Past(database)
        self.shadows = Shadows(database)
        self.keys = Keys(database)
        self.sessions = Sessions(database)
        self.tokens = Tokens(database)
        self.idempotency = Idempotency(database)
        self.retention = Retention(database, retention_days)

    @classmethod
    def open(cls, url: str, retention_days: int) -> "Store":
        """Open the database of a URL and bring its tables up to date. Raises `SettingsError` and `StoreUnavailable`."""
        database = Database(checked_url(url))
        try:
            migrate(database)
        except BaseException:
            database.close()
            raise
        return cls(database, retention_days)

    @classmethod
    def open_as_it_is(cls, url: str, retention_days: int) -> "Store":
        """Open a database that is there, and change nothing in it. Raises `SettingsError` and `StoreUnavailable`."""
        return cls(Database(checked_url(url), make=False), retention_days)

    def check(self) -> None:
        """Ready to keep a ticket: it writes a row, and tries every table. Raises `StoreUnavailable` otherwise."""
        check_writes(self.database)

    @property
    def overwrites(self) -> bool:
        """Whether bytes of removed text are gone from the files after a purge; PostgreSQL only gives their room free."""
        return self.database.is_sqlite

    @property
    def version(self) -> str:
        """The version that the tables are of, once the store is open."""
        return newest()

    def problems(self) -> list[str]:
        """Everything that a thorough look at the database finds wrong; it takes as long as reading it all."""
        return problems(self.database)

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()
