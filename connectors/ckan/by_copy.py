"""Rows brought into a DataStore's table by COPY: all in one transaction of its database.

Until it commits, readers see the table as it was, and they never wait for the rows to be written:
what differs is put into the table itself, and a table with other columns is made beside it and
takes its name at the end.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from adbc_driver_manager.dbapi import Cursor

from connectors.ckan.table import Table, quoted
from schemas.errors import PortalRejected

_FRESH = "datasjo_fresh"
_BESIDE = "datasjo_"
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('{name}'))"
_SHAPE = """
SELECT a.attname, t.typname, EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = a.attrelid
AND i.indisunique AND NOT i.indisprimary AND a.attnum = ANY (i.indkey))
FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
WHERE a.attrelid = to_regclass('public.{table}') AND a.attnum > 0 AND NOT a.attisdropped
AND a.attname NOT IN ('_id', '_full_text') ORDER BY a.attnum
"""
_ALIASES = "SELECT name FROM _table_metadata WHERE alias_of = '{name}'"
# CKAN's own columns and trigger, so that it finds a table as it makes them itself
_MADE = (
    "CREATE TABLE {table} (_id serial PRIMARY KEY, _full_text tsvector, {columns})",
    """CREATE TRIGGER zfulltext BEFORE INSERT OR UPDATE ON {table}
    FOR EACH ROW EXECUTE PROCEDURE populate_full_text_trigger()""",
)
_INDEX = "CREATE {unique} INDEX {index} ON {table} USING {method} ({listed})"
_GONE = "DELETE FROM {table} AS held WHERE NOT EXISTS (SELECT FROM {fresh} AS fresh WHERE {alike})"
_PUT = "INSERT INTO {table} ({listed}) SELECT {listed} FROM {fresh} AS fresh {unheld}"
_UNHELD = "WHERE NOT EXISTS (SELECT FROM {table} AS held WHERE {same})"
_HELD = "SELECT count(*) FROM {table}"
_ALIAS = "CREATE VIEW {alias} AS SELECT * FROM {table}"
_NOTE = "COMMENT ON COLUMN {table}.{column} IS '{note}'"
# CKAN tells the number of rows that it noted last
_COUNTED = """
DO $$ BEGIN IF to_regprocedure('update_cached_table_row_count(name)') IS NOT NULL
THEN PERFORM update_cached_table_row_count('{name}'); END IF; END $$
"""


def bring_by_copy(cursor: Cursor, table: Table, rows: pl.DataFrame) -> None:
    """Bring the table to the rows; PortalRejected where it then holds another number of them.

    Rows of the same key and values stay as they are. No digest is noted: CKAN is to be told of the
    table afterwards.
    """
    cursor.execute(_ONE_AT_A_TIME.format(name=table.name))
    cursor.adbc_ingest(_FRESH, rows.to_arrow(), mode="create", temporary=True)
    shape = _shape(cursor, table)
    as_wanted = shape == _wanted(table)
    for statement in _differing(table) if as_wanted else _anew(table, _aliases(cursor, table)):
        cursor.execute(statement)
    _require(cursor, table)
    cursor.execute(_COUNTED.format(name=table.name))


def _shape(cursor: Cursor, table: Table) -> list[tuple[str, str, bool]]:
    """Each column's name, its type, and whether it is of the key."""
    cursor.execute(_SHAPE.format(table=quoted(table.name)))
    return [(str(name), str(word), bool(keyed)) for name, word, keyed in cursor.fetchall()]


def _wanted(table: Table) -> list[tuple[str, str, bool]]:
    return [(n, t, n in table.key) for n, t in zip(table.names, table.types, strict=True)]


def _aliases(cursor: Cursor, table: Table) -> list[str]:
    cursor.execute(_ALIASES.format(name=table.name))
    return [str(name) for (name,) in cursor.fetchall()]


def _differing(table: Table) -> Iterator[str]:
    """Rows that are gone or differ are deleted, then those that are not there are put in."""
    same = _equal(table.identity, "=")
    alike = f"{same} AND {_equal(table.names, 'IS NOT DISTINCT FROM')}"
    words = {"table": quoted(table.name), "fresh": _FRESH, "listed": _listed(table.schema)}
    yield f"CREATE INDEX ON {_FRESH} ({_listed(table.identity)})"
    yield f"ANALYZE {_FRESH}"
    yield _GONE.format(alike=alike, **words)
    yield _PUT.format(unheld=_UNHELD.format(same=same, **words), **words)
    yield from _described(table, quoted(table.name))


def _anew(table: Table, aliases: Sequence[str]) -> Iterator[str]:
    """The whole table beside the one that stands, whose name it takes at the end."""
    name, beside = quoted(table.name), quoted(_BESIDE + table.name)
    typed = zip(table.names, table.types, strict=True)
    columns = ", ".join(f"{quoted(column)} {word}" for column, word in typed)
    indexes = list(_indexes(table))
    for statement in _MADE:
        yield statement.format(table=beside, columns=columns)
    yield _PUT.format(table=beside, fresh=_FRESH, listed=_listed(table.schema), unheld="")
    for each in indexes:
        yield _INDEX.format(index=quoted(_BESIDE + each.name), table=beside, **each.words)
    yield from _described(table, beside)
    yield f"ANALYZE {beside}"
    yield f"DROP TABLE IF EXISTS {name} CASCADE"
    yield f"ALTER TABLE {beside} RENAME TO {name}"
    for each in indexes:
        yield f"ALTER INDEX {quoted(_BESIDE + each.name)} RENAME TO {quoted(each.name)}"
    for alias in aliases:
        yield _ALIAS.format(alias=quoted(alias), table=name)


@dataclass(frozen=True, slots=True)
class _Index:
    name: str
    words: Mapping[str, str]


def _indexes(table: Table) -> Iterator[_Index]:
    """As CKAN makes and names them: it would make one of another name once more."""
    yield _Index(
        table.index_name("_full_text"),
        {"unique": "", "method": "gist", "listed": quoted("_full_text")},
    )
    for unique, columns in (("UNIQUE", table.key), *(("", each) for each in table.indexes)):
        if columns:
            words = {"unique": unique, "method": "btree", "listed": _listed(columns)}
            yield _Index(table.index_name(*columns), words)


def _described(table: Table, name: str) -> Iterator[str]:
    """The data dictionary as CKAN keeps it, without a digest."""
    for column in table.columns():
        told = json.dumps({"_info": column["info"]}, ensure_ascii=False)
        note = told.replace("'", "''")
        yield _NOTE.format(table=name, column=quoted(column["id"]), note=f" {note}")


def _require(cursor: Cursor, table: Table) -> None:
    cursor.execute(_HELD.format(table=quoted(table.name)))
    (held,) = cursor.fetchone() or (0,)
    if held != table.rows:
        what = f"{held} rows were read back of {table.rows}"
        raise PortalRejected(f"{table.label}: the DataStore: {what}")


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(map(quoted, columns))


def _equal(columns: Iterable[str], word: str) -> str:
    return " AND ".join(f"held.{quoted(c)} {word} fresh.{quoted(c)}" for c in columns)
