"""Which part of a case set somebody asked for, kept with what was made of it: a selection never passes for the whole set."""

from pydantic import Field

from copilot.core.closed import Closed


class CaseSelection(Closed):
    """Cases that carry every tag of `tags`, have an id of `ids`, and failed in every run of `failed_in`; of these the `first`.

    What is empty or None asks for nothing. `of` is the number of cases in the whole set.
    """

    tags: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    failed_in: tuple[str, ...] = ()
    first: int | None = Field(default=None, ge=1)
    of: int = 0

    def __bool__(self) -> bool:
        return bool(self.tags or self.ids or self.failed_in or self.first)

    def __str__(self) -> str:
        """Such as `tag hostile, failed in build/before, the first 20`."""
        parts = [f"tag {tag}" for tag in self.tags]
        if self.ids:
            parts.append(f"id {self.ids[0]}" if len(self.ids) == 1 else f"{len(self.ids)} ids")
        parts += [f"failed in {folder}" for folder in self.failed_in]
        return ", ".join([*parts, f"the first {self.first}"] if self.first else parts)

    def holds_all_with(self, tag: str) -> bool:
        """Whether no case with this tag was left out."""
        return set(self.tags) <= {tag} and not (self.ids or self.failed_in or self.first)
