"""A GDPR policy as data: what each class of field permits in each zone."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.mask import MaskWord
from schemas.model import Filled, Strict, Word

Zone = Literal["lake", "share", "open"]
Treatment = Literal["keep"] | MaskWord
Permitted = tuple[Treatment, ...] | Literal["keep", "refuse"]
Need = Literal[
    "legal_basis", "legal_basis_9", "dpia", "purpose", "retention", "category", "subject"
]


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
    minimum_diversity: int = Field(default=1, ge=1, examples=[2])
    maximum_distance: float = Field(default=1, gt=0, le=1, examples=[0.3])


class Policy(Strict):
    """A versioned policy. One that `extends` another may tighten its rules, never loosen them."""

    policy: Word = Field(examples=["datasjo_baseline"])
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$", examples=["1.0.0"])
    extends: Word | None = Field(default=None, examples=["datasjo_baseline"])
    unclassified: Literal["refuse"] = "refuse"
    classes: dict[Word, ClassRule] = Field(examples=[{"open": {"lake": "keep"}}])
    categories: dict[Filled, tuple[Word, ...]] = Field(
        default_factory=dict, examples=[{"user.contact": ["personal", "identifier"]}]
    )
    refused_domains: tuple[Word, ...] = Field(default=(), examples=[["patient_journal"]])
    aggregate_only_domains: tuple[Word, ...] = Field(default=(), examples=[["social_services"]])
    release: ReleaseRule
    landing_retention_days: int = Field(ge=1, examples=[30])
