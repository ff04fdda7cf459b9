"""Settings that come from environment variables, and what a variable may hold.

Comes in: a mapping of strings, such as the environment; a blank value counts as not set. Goes out: a frozen object. A value that
cannot be used raises `SettingsError` of one line, which names the variable and what it takes, and never shows the value.
"""

import os
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, AliasGenerator, BeforeValidator, Field, Strict, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from copilot.config.pasted import Unusable, checked_name
from copilot.core.errors import SettingsError
from copilot.core.strict_json import JsonFault, parse


def _in_small_letters(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _one_or_zero(value: object) -> object:
    return {"0": False, "1": True}.get(value, value) if isinstance(value, str) else value


def _json_object(text: str) -> str:
    try:
        is_object = isinstance(parse(text), dict)
    except JsonFault:
        is_object = False
    if not is_object:
        raise Unusable('is not a JSON object; set it to one such as {"top_k": 1}, or leave it out')
    return text


InAnyCase = BeforeValidator(_in_small_letters)
"""Marks a choice that may be written in capitals."""

Name = Annotated[str, AfterValidator(checked_name)]
Number = Annotated[float, BeforeValidator(float), Field(gt=0, lt=1e9, description="a number over 0")]
Whole = Annotated[int, BeforeValidator(float), Field(gt=0, lt=1_000_000_000, description="a whole number over 0")]
Flag = Annotated[bool, BeforeValidator(_one_or_zero), Strict(), Field(description="1 or 0")]
Fraction = Annotated[float, BeforeValidator(float), Field(ge=0, le=1, description="a number from 0 to 1", examples=[0.1])]
JsonObject = Annotated[str, AfterValidator(_json_object)]
Price = Annotated[
    Annotated[float, BeforeValidator(float), Field(ge=0, lt=1e6)] | None,
    Field(description="a price of a million tokens", examples=[2.5]),
]
Temperature = Annotated[
    Annotated[float, BeforeValidator(float), Field(ge=0, le=2)] | Literal["off"] | None,
    Field(description="a number from 0 to 2, or off", examples=[0]),
]
Seed = Annotated[
    Annotated[int, Field(ge=0, lt=1_000_000_000)] | Literal["off"] | None,
    Field(description="a whole number, or off", examples=[7]),
]


class FromEnvironment(BaseSettings):
    """Settings of which each field is a variable: `COPILOT_` and its name, or its alias. Called outright, it reads nothing.

    Raises `SettingsError` for the first value that cannot be used.
    """

    model_config = SettingsConfigDict(
        alias_generator=AliasGenerator(validation_alias=lambda name: f"COPILOT_{name.upper()}"),
        case_sensitive=True,
        defer_build=True,
        populate_by_name=True,
        frozen=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
        validate_default=False,
    )

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            raise SettingsError(self._in_a_line(first)) from None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read settings from a mapping (default: the process environment).

        Raises `SettingsError` naming the variable where a value cannot be used.
        """
        source = EnvSettingsSource(cls)
        given = os.environ if environment is None else environment
        source.env_vars = {name: text.strip() for name, text in given.items() if text.strip()}
        return cls(**source())

    @classmethod
    def variables(cls) -> dict[str, str]:
        """Each field and the variable that sets it."""
        return {name: str(field.validation_alias) for name, field in cls.model_fields.items()}

    @classmethod
    def settings_customise_sources(cls, *_: Any, **sources: Any) -> tuple[PydanticBaseSettingsSource, ...]:
        """A call takes what it is given and nothing else: the environment is read in `from_environment` alone."""
        return (sources["init_settings"],)

    @classmethod
    def _in_a_line(cls, error: ErrorDetails) -> str:
        context, place = error.get("ctx", {}), str(error["loc"][0]) if error["loc"] else ""
        name = next((name for name, variable in cls.variables().items() if place in (name, variable)), "")
        variable = cls.variables().get(name, place)
        if isinstance(context.get("error"), Unusable):
            return f"{variable} {context['error']}".lstrip()
        if not name:
            return f"{variable} is no setting"
        field = cls.model_fields[name]
        takes = field.description or f"one of {context['expected']}"
        example = (field.examples or [field.default])[0]
        such_as = f", such as {example:.10g}" if isinstance(example, (int, float)) and not isinstance(example, bool) else ""
        return f"{variable} is not {takes}{such_as}; set it to one, or leave it out"
