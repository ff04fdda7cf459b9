"""The base of every model that crosses the contract's boundary."""

from pydantic import BaseModel, ConfigDict


class Closed(BaseModel):
    """A model that refuses unknown keys, cannot be changed, and keeps its input out of error texts.

    It is written out under its JSON names, such as `if`, which no Python field can have.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, serialize_by_alias=True)
