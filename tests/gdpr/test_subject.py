from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from gdpr.subject import Subject, comparable, one_form
from pipelines.demo.persons import synthetic_number
from schemas.errors import ConfigurationError

NUMBER = synthetic_number(dt.date(1986, 7, 15), 1)
OTHER = synthetic_number(dt.date(1981, 11, 2), 4)


def test_a_request_names_a_person_by_what_it_gives_in_whatever_form() -> None:
    number = f"{NUMBER[:6]} {NUMBER[6:]}"
    text = f"# a form\n\nphone: +47 49 01 00 01\nemail:  Kari@Example.NO \nnational_id: {number}\n"
    found = {i.kind: i.value for i in Subject.of(text).identifiers}
    assert found == {"phone": "49010001", "email": "kari@example.no", "national_id": NUMBER}


def test_one_identifier_is_enough() -> None:
    [one] = Subject.of(f"national_id: {NUMBER}").identifiers
    assert one.spellings == (NUMBER,)


def test_a_telephone_number_is_sought_as_sources_write_it() -> None:
    [one] = Subject.of("phone: 49010001").identifiers
    assert one.spellings == ("49010001", "+4749010001", "004749010001", "4749010001")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "request: names nobody"),
        ("\n# nothing\n", "request: names nobody"),
        (f"number: {NUMBER}", "line 1: is not one of national_id, phone, email"),
        (f"{NUMBER}", "line 1: is not one of"),
        (f"national_id: {NUMBER}\nnational_id: {OTHER}", "line 2: is not one of"),
        (f"\nnational_id: {NUMBER[:9]}X", "line 2: has no national_id of a form"),
        (f"national_id: {NUMBER}1", "line 1: has no national_id"),
        (f"national_id: {NUMBER[:10]}{(int(NUMBER[10]) + 1) % 10}", "line 1: has no national_id"),
        ("phone: 1234", "line 1: has no phone"),
        ("phone:", "line 1: has no phone"),
        ("email: kari.example.no", "line 1: has no email"),
    ],
)
def test_what_names_nobody_is_refused_with_its_line_and_without_its_value(
    text: str, said: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Subject.of(text)
    assert said in str(refused.value)
    assert NUMBER[:9] not in str(refused.value)
    assert "1234" not in str(refused.value)


def test_a_request_may_name_several_persons() -> None:
    several = Subject.several(f"national_id: {NUMBER}\n---\nphone: 49010001\n")
    assert [s.identifiers[0].kind for s in several] == ["national_id", "phone"]
    with pytest.raises(ConfigurationError, match="names nobody"):
        Subject.several(f"national_id: {NUMBER}\n---\n")


def test_a_person_is_never_shown() -> None:
    subject = Subject.of(f"national_id: {NUMBER}")
    assert NUMBER not in repr(subject)
    assert NUMBER not in repr(subject.identifiers)


def test_a_number_that_lost_its_leading_nought_is_found() -> None:
    assert comparable("national_id", pl.Series([int(OTHER)])).to_list() == [OTHER]


def test_what_is_nothing_is_nobody() -> None:
    blank = pl.Series([None, "", "-", "ukjent"])
    for kind in ("national_id", "phone", "email"):
        assert comparable(kind, blank).to_list() == [None] * 4


def test_a_number_abroad_keeps_its_country() -> None:
    written = pl.Series(["+46 70 123 45 67", "4749010001", "47 49 01 00 01", "47010001"])
    assert comparable("phone", written).to_list() == [
        "46701234567",
        "49010001",
        "49010001",
        "47010001",
    ]


def test_an_address_is_found_among_its_trimmings() -> None:
    written = pl.Series(["mailto:Kari@Example.no", "Kari <kari@example.no>", "kari@example.no;"])
    assert comparable("email", written).to_list() == ["kari@example.no"] * 3


@pytest.mark.parametrize(
    ("kind", "written", "form"),
    [
        ("national_id", f"{NUMBER[:6]}-{NUMBER[6:]}", NUMBER),
        ("national_id", "12 34", "12 34"),
        ("phone", "(+47) 49 01 00 01", "49010001"),
        ("phone", "ring 110", "ring 110"),
        ("email", "Kari <Kari@Example.NO>", "kari@example.no"),
        ("email", "@Kari", "@Kari"),
        ("email", "", ""),
        ("phone", None, None),
    ],
)
def test_what_is_of_the_form_gets_one_form_and_all_else_stays(
    kind: str, written: str | None, form: str | None
) -> None:
    assert one_form(kind, pl.Series("a", [written], dtype=pl.String)).to_list() == [form]


@pytest.mark.parametrize(
    "odd", [f"{OTHER[:6]} {OTHER[6:]}", "0101901234a", "kari@example.no", None]
)
def test_a_column_of_plain_numbers_is_as_one_with_an_odd_one(odd: str | None) -> None:
    plain = pl.Series("a", [NUMBER, OTHER, NUMBER])
    assert one_form("national_id", plain).equals(plain)
    mixed = one_form("national_id", pl.Series("a", [NUMBER, odd, OTHER]))
    assert mixed.to_list()[::2] == [NUMBER, OTHER]


def test_what_is_no_text_stays_as_it_is() -> None:
    numbers = pl.Series("a", [49010001])
    assert one_form("phone", numbers).equals(numbers, check_dtypes=True, check_names=True)
