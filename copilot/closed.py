"""The base of every model that crosses the contract's boundary."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Strict


def _whole(text: str) -> str:
    """Refuse half of a surrogate pair: no file, log or reply could hold it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("holds half of a surrogate pair (a character cut in two)") from None
    return text


WholeText = Annotated[str, Strict(), AfterValidator(_whole)]
"""Text of whole characters, of any script, control characters included."""


class Closed(BaseModel):
    """A model that refuses unknown keys, cannot be changed, and keeps its input out of error texts.

    It is written out under its JSON names, such as `if`, which no Python field can have.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, serialize_by_alias=True)
