from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, NoReturn

import polars as pl
import pytest

from gdpr.apply import Keys, Masking
from gdpr.keys import Keyring
from gdpr.policy import effective
from schemas.contract import Contract
from schemas.errors import KeyUnavailable, PolicyBreach
from schemas.stages import DAY, Masked, Pseudonymised, Valid
from tests.builders import contract, event, field, key, policies

SECRET = bytes(range(32))
NOON = dt.datetime(2026, 11, 20, 22, 30, tzinfo=dt.UTC)
PERSONAL: dict[str, Any] = {"classification": "personal", "purpose": "a test"}
BOUND = contract(
    key("person", mask={"use": "pseudonym", "domain": "person"}, **PERSONAL),
    event(),
    field("second", "string", mask={"use": "pseudonym", "domain": "person"}, **PERSONAL),
    field("number", "integer", mask={"use": "pseudonym"}, **PERSONAL),
    field("age", "integer", mask={"use": "generalise", "bands": [18, 67]}, **PERSONAL),
    field("born", "date", mask={"use": "generalise", "to": "year"}, **PERSONAL),
    field("postcode", "string", mask={"use": "truncate", "length": 2}, **PERSONAL),
    field("income", "integer", mask={"use": "bucket", "width": 100}, **PERSONAL),
    field("seen_at", "timestamp", mask={"use": "bucket", "to": "day"}, **PERSONAL),
    field("note", "string", mask={"use": "drop"}, **PERSONAL),
    field("count", "integer"),
)
ROW = {
    "person": "15877600065",
    "observed_at": NOON,
    "second": "15877600065",
    "number": 49000001,
    "age": 40,
    "born": dt.date(1986, 5, 4),
    "postcode": "4330",
    "income": 1234,
    "seen_at": NOON,
    "note": "Ring Tuva",
    "count": 3,
    DAY: dt.date(2026, 11, 20),
}


def ring(number: str = "1103") -> Callable[[], Keyring]:
    return lambda: Keyring(SECRET, number)


def masking(bound: Contract = BOUND, keyring: Callable[[], Keyring] = ring()) -> Masking:  # noqa: B008 - a constant
    policy = effective("datasjo_baseline", policies())
    return Masking.of(bound, policy, Keys(keyring), "Europe/Oslo")


def valid(*rows: dict[str, Any], gone: tuple[str, ...] = ()) -> Valid:
    schema = {f.name: f.kind.dtype for f in BOUND.fields} | {DAY: pl.Date()}
    frame = pl.DataFrame(rows, schema=schema)
    return Valid(frame, pl.DataFrame({"person": gone}, schema={"person": pl.String()}))


def masked(*rows: dict[str, Any], number: str = "1103") -> Masked:
    return masking(keyring=ring(number)).apply(valid(*rows))


def nowhere() -> NoReturn:
    raise KeyUnavailable("there is no key")


def test_only_stored_fields_and_the_day_remain_in_the_lakes_types() -> None:
    frame = masked(ROW).frame
    assert frame.schema == {**BOUND.lake_schema, DAY: pl.Date()}
    assert "note" not in frame.columns


def test_each_field_is_treated_as_its_mask_says() -> None:
    [row] = masked(ROW).frame.rows(named=True)
    assert row["age"] == "18-66"
    assert row["born"] == "1986"
    assert row["postcode"] == "43"
    assert row["income"] == 1200
    assert row["seen_at"] == dt.datetime(2026, 11, 19, 23, tzinfo=dt.UTC)
    assert row["count"] == 3


def test_no_personal_value_survives() -> None:
    text = str(masked(ROW).frame.drop("observed_at").rows())
    for value in ("15877600065", "49000001", "4330", "1234", "1986, 5", "22, 30", "Tuva"):
        assert value in str(valid(ROW).frame.rows())
        assert value not in text


def test_pseudonyms_of_one_domain_agree_and_of_another_do_not() -> None:
    frame = masked(ROW, ROW | {"person": "15877600146"}).frame
    assert frame["person"][0] == frame["second"][0]
    assert frame["person"][1] != frame["second"][1]


def test_another_municipality_gets_other_pseudonyms() -> None:
    assert masked(ROW).frame["person"][0] != masked(ROW, number="1108").frame["person"][0]


def test_what_is_null_stays_null() -> None:
    empty = {name: None for name in ROW if name not in ("person", "observed_at", DAY)}
    [row] = masked(ROW | empty).frame.rows(named=True)
    assert all(row[name] is None for name in empty if name != "note")


def test_no_rows_give_no_rows() -> None:
    assert masked().frame.schema == masked(ROW).frame.schema


def test_the_keys_of_deleted_rows_are_masked_as_the_keys_of_others() -> None:
    result = masking().apply(valid(ROW, gone=("15877600065",)))
    assert result.deleted["person"].to_list() == result.frame["person"].to_list()


def test_a_position_is_masked_with_the_half_that_stands_beside_it() -> None:
    told = PERSONAL | {"unit": "m"}
    mask = {"use": "grid", "beside": "north_m", "width": 1000}
    east = field("east_m", "number", mask=mask, **told)
    north = field("north_m", "number", mask={"use": "drop"}, **told)
    bound = contract(key("row"), event(), east, north)
    place = {"row": "a", "observed_at": NOON, "east_m": 312_345.6, "north_m": 6_541_234.5}
    frame = pl.DataFrame([{**place, DAY: NOON.date()}])
    [row] = masking(bound).apply(Valid(frame, frame.select("row").clear())).frame.rows(named=True)
    assert row["east_m"] == "23120006541000"
    assert "north_m" not in row


IDENTIFIER = PERSONAL | {"classification": "identifier"}
SEALED = contract(
    key("row"),
    event(),
    field("person", "string", mask={"use": "reversible", "domain": "person"}, **IDENTIFIER),
    field("formed", "string", mask={"use": "format_preserving"}, **IDENTIFIER),
)


def test_each_field_takes_the_generation_that_the_table_records_or_the_newest() -> None:
    rings = Keyring({1: SECRET, 2: SECRET[::-1]}, "1103")
    policy = effective("datasjo_baseline", policies())
    fresh = Masking.of(SEALED, policy, Keys(lambda: rings), "Europe/Oslo").pseudonyms
    assert {name: made.version for name, made in fresh.items()} == {"person": 2, "formed": 2}
    recorded = {"person": Pseudonymised("AES-SIV", "00ff", 1)}
    masked = Masking.of(SEALED, policy, Keys(lambda: rings, recorded), "Europe/Oslo").pseudonyms
    assert {name: made.version for name, made in masked.items()} == {"person": 1, "formed": 2}
    assert masked["person"].key_id != fresh["person"].key_id
    assert {made.algorithm for made in fresh.values()} == {"AES-SIV", "FF1"}


def test_receipts_can_name_the_keys_without_showing_them() -> None:
    ids = {name: made.key_id for name, made in masking().pseudonyms.items()}
    assert set(ids) == {"person", "second", "number"}
    assert ids["person"] == ids["second"] != ids["number"]
    assert all(len(key_id) == 16 for key_id in ids.values())


def test_a_contract_without_pseudonyms_needs_no_key() -> None:
    assert masking(contract(), nowhere).pseudonyms == {}


def test_a_contract_with_pseudonyms_is_not_masked_without_a_key() -> None:
    with pytest.raises(KeyUnavailable):
        masking(BOUND, nowhere)


def test_a_field_without_a_permitted_mask_is_not_masked_at_all() -> None:
    bare = contract(key("a"), event(), field("b", "string", **PERSONAL))
    with pytest.raises(PolicyBreach, match=r"b\.mask: class personal does not permit keep"):
        masking(bare)
