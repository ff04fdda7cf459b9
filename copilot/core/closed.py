"""The bases of every model that crosses the contract's boundary."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, GetJsonSchemaHandler, Strict, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema


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


class Given(Closed):
    """A model of what others hand in, as exports write it: null for a field that may be left out means that it is left out.

    The JSON Schema says so too.
    """

    @model_validator(mode="before")
    @classmethod
    def _leave_out_nulls(cls, given: Any) -> Any:
        if not isinstance(given, dict) or None not in given.values():
            return given
        needed = {name for name, field in cls.model_fields.items() if field.is_required()}
        return {
            name: value for name, value in given.items() if value is not None or name in needed or name not in cls.model_fields
        }

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core_schema)
        if handler.mode == "validation":
            body = handler.resolve_ref_schema(schema)
            for name, shape in body.get("properties", {}).items():
                if name not in body.get("required", ()) and {"type": "null"} not in shape.get("anyOf", ()):
                    body["properties"][name] = _or_null(shape)
        return schema


_ABOUT_A_FIELD = ("title", "description", "default")


def _or_null(shape: JsonSchemaValue) -> JsonSchemaValue:
    """The same field, which may be null as well."""
    about = {key: value for key, value in shape.items() if key in _ABOUT_A_FIELD}
    return {"anyOf": [{key: value for key, value in shape.items() if key not in about}, {"type": "null"}], **about}
