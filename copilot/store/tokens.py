"""Tokens that are good for one use, such as a signed URL's: the first to show one wins."""

from datetime import UTC, datetime

from copilot.store.database import Database
from copilot.store.ids import digest
from copilot.store.once import insert_once
from copilot.store.tables import USED_TOKENS


class Tokens:
    """Which tokens were used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def use_once(self, id: str, expires_at: datetime) -> bool:
        """Use a token up. False: it was used before, or it is past its time, from when on its use is forgotten."""
        if expires_at <= datetime.now(UTC):
            return False
        with self._database.writing() as connection:
            return insert_once(connection, USED_TOKENS, {"token_sha256": digest(id), "expires_at": expires_at})
