"""The network's files as JSON Schemas, with which an editor completes and explains them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from schemas.contract import ContractExtras, FieldExtras
from schemas.municipality import Municipality
from schemas.network import Network
from schemas.odcs import Document
from schemas.policy import Policy

Schema = dict[str, Any]
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_REFERENCE = "#/$defs/{model}"


def editor_schemas() -> Mapping[str, Schema]:
    """File name → the schema of that kind of file."""
    models: dict[str, type[BaseModel]] = {
        "municipality": Municipality,
        "network": Network,
        "policy": Policy,
    }
    plain = {f"{word}.schema.json": _schema(model) for word, model in models.items()}
    return {"dataset.schema.json": _dataset(), **plain}


def _schema(model: type[BaseModel]) -> Schema:
    return {"$schema": _DRAFT, **model.model_json_schema(by_alias=True)}


def _dataset() -> Schema:
    schema = _schema(Document)
    own = schema["$defs"]
    for extras, where in ((ContractExtras, schema), (FieldExtras, own["Property"])):
        made = extras.model_json_schema(by_alias=True, ref_template=_REFERENCE)
        own.update(made.pop("$defs", {}))
        where["properties"]["customProperties"]["items"] = {"anyOf": _words(made)}
    del own["CustomProperty"]
    return schema


def _words(extras: Schema) -> list[Schema]:
    """One entry of customProperties for each word, with the type of its value."""
    return [
        {
            "type": "object",
            "properties": {
                "property": {"const": word},
                "value": value,
                "description": {"type": "string"},
            },
            "required": ["property", "value"],
            "additionalProperties": False,
        }
        for word, value in extras["properties"].items()
    ]
