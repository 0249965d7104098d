"""The strict ground that every file of the network is read onto."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=63)]
Kommunenummer = Annotated[str, Field(pattern=r"^\d{4}$", examples=["1103"])]
Filled = Annotated[str, Field(min_length=1)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]+$", max_length=100)]


class Strict(BaseModel):
    """Unknown keys are errors, values keep their type, and errors never echo input."""

    model_config = ConfigDict(
        strict=True,
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        populate_by_name=True,
        allow_inf_nan=False,
    )


class Camel(Strict):
    """The same, in the spelling of the Open Data Contract Standard."""

    model_config = ConfigDict(alias_generator=to_camel)


class Bilingual(Strict):
    """A text in Norwegian bokmål and in English."""

    nb: Filled = Field(examples=["Ledige parkeringsplasser"])
    en: Filled = Field(examples=["Free parking spaces"])


class Keywords(Strict):
    """Search words in Norwegian bokmål and in English."""

    nb: tuple[Filled, ...] = Field(examples=[["parkering"]])
    en: tuple[Filled, ...] = Field(examples=[["parking"]])
