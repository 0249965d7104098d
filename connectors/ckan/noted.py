"""Which version each table of a DataStore was last brought to, as its columns' descriptions say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.ckan.client import Ckan
from connectors.ckan.database import Database
from connectors.ckan.failures import NotThere
from connectors.ckan.table import noted_in

_NOTED = """
SELECT c.relname::text, d.description FROM pg_description AS d
JOIN pg_class AS c ON c.oid = d.objoid AND d.classoid = 'pg_class'::regclass
WHERE d.objsubid > 0 AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
AND d.description LIKE '%sha256:%'
"""
_TABLES = "_table_metadata"
_MOST = 32_000


def told_by(database: Database) -> Mapping[str, str]:
    """The digest of each table that has one, by one query."""
    with database.transaction() as cursor:
        cursor.execute(_NOTED)
        described = [(str(name), str(text)) for name, text in cursor.fetchall()]
    noted = ((name, noted_in([_info(text)])) for name, text in described)
    return {name: digest for name, digest in noted if digest is not None}


@dataclass(frozen=True, slots=True)
class Asked(Mapping[str, str]):
    """The same from CKAN's API, a table at a time when it is asked for."""

    ckan: Ckan

    def __getitem__(self, name: str) -> str:
        told = {"resource_id": name, "include_meta": False, "include_fields_schema": False}
        try:
            shown: Mapping[str, Any] = self.ckan.ask("datastore_info", told)
        except NotThere:
            raise KeyError(name) from None
        digest = noted_in([each.get("info", {}) for each in shown.get("fields", [])])
        if digest is None:
            raise KeyError(name)
        return digest

    def __iter__(self) -> Iterator[str]:
        asked = {"resource_id": _TABLES, "limit": _MOST, "fields": ["name", "alias_of"]}
        tables = self.ckan.ask("datastore_search", asked)["records"]
        return (str(each["name"]) for each in tables if each["alias_of"] is None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _info(description: str) -> Mapping[str, Any]:
    # people may have written anything of their own about a column
    try:
        told = json.loads(description)
    except ValueError:
        return {}
    info = told.get("_info") if isinstance(told, dict) else None
    return info if isinstance(info, dict) else {}
