"""The rule of a column's type, in the words of Polars.

Great Expectations' own rule knows the types of pandas, Spark and SQL, and no others.
"""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import polars as pl
from great_expectations.expectations.core.expect_column_values_to_be_of_type import (
    ExpectColumnValuesToBeOfType,
)
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

from pipelines.steps.gx.errors import NotJudgeable

GENUINE = "expect_column_values_to_be_of_type"
STAND_IN = "expect_column_values_to_be_of_polars_type"


class _Column(TypedDict):
    name: str
    type: pl.DataType


class ExpectColumnValuesToBeOfPolarsType(ExpectColumnValuesToBeOfType):
    """Holds when `type_` names the column's Polars type, with or without its parameters.

    `Int64`, `Datetime` and `Datetime(time_unit='us', time_zone='UTC')` are such names.
    """

    @property
    def configuration(self) -> ExpectationConfiguration:
        """The configuration of the rule that this one stands in for."""
        return renamed(super().configuration, GENUINE)

    def _validate(
        self, metrics: Mapping[str, Sequence[_Column]], *_: object, **__: object
    ) -> dict[str, object]:
        types = {column["name"]: column["type"] for column in metrics["table.column_types"]}
        if self.column not in types:
            raise NotJudgeable(f"column {self.column} is missing from the table")
        found = types[self.column]
        return {
            "success": self.type_ in {str(found), found.base_type().__name__},
            "result": {"observed_value": str(found)},
        }


def renamed(configuration: ExpectationConfiguration, name: str) -> ExpectationConfiguration:
    """The same configuration, for a rule of another name."""
    return ExpectationConfiguration(
        type=name,
        kwargs=configuration.kwargs,
        meta=configuration.meta,
        notes=configuration.notes,
        description=configuration.description,
        severity=configuration.severity,
        id=configuration.id,
    )
