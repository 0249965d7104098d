"""A GDPR policy as data: what each class of field permits in each zone."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.model import Strict, Word

Zone = Literal["lake", "share", "open"]
Treatment = Literal[
    "keep", "pseudonym", "generalise", "truncate", "bucket", "redact", "aggregate", "drop"
]
Permitted = tuple[Treatment, ...] | Literal["keep", "refuse"]
Need = Literal["legal_basis", "legal_basis_9", "dpia", "purpose", "retention"]


class ClassRule(Strict):
    """What one class of field permits in the lake, in a share and in the open."""

    lake: Permitted = Field(examples=[["pseudonym", "drop"]])
    share: Permitted = Field(examples=[["drop"]])
    open: Permitted = Field(examples=["refuse"])
    needs: tuple[Need, ...] = ()


class ReleaseRule(Strict):
    """The least that holds for every release."""

    minimum_group: int = Field(ge=1, examples=[5])
    suppress_below: int = Field(ge=0, examples=[5])


class Policy(Strict):
    """A versioned policy. One that `extends` another may tighten its rules, never loosen them."""

    policy: Word = Field(examples=["datasjo_baseline"])
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$", examples=["1.0.0"])
    extends: Word | None = Field(default=None, examples=["datasjo_baseline"])
    unclassified: Literal["refuse"] = "refuse"
    classes: dict[Word, ClassRule] = Field(examples=[{"open": {"lake": "keep"}}])
    release: ReleaseRule
    landing_retention_days: int = Field(ge=1, examples=[30])
