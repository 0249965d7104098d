from __future__ import annotations

import pytest

from gdpr.scan import text
from gdpr.scan.findings import (
    ACCOUNT,
    EMAIL,
    ORGANISATION,
    PERSON,
    PHONE,
    Finding,
    Sought,
    Tally,
    merged,
)
from gdpr.scan.names import count_names
from gdpr.scan.text import scan_text

ALL = frozenset({PERSON, ACCOUNT, ORGANISATION, EMAIL, PHONE})
NUMBER = "12825423956"


def found(written: str, sought: Sought | None = None) -> dict[str, int]:
    tally = Tally()
    scan_text([written.encode()], sought or Sought(ALL), tally)
    return tally.total()


@pytest.mark.parametrize(
    "written",
    [
        NUMBER,
        f"{NUMBER}.",
        f"{NUMBER}.0",
        f"{NUMBER}.00,x",
        "128254 23956",
        "128254-23956",
        f"nr.{NUMBER}",
        f"id_{NUMBER}_x",
        f"fnr{NUMBER}",
        f"{NUMBER}kr-1",
        f"{NUMBER}kr",
        "1.2825423956E10",
        "1.2825423956e+10",
        "x 1.2825423956e10",
        "15108695088",
        "53097248016",
        "30108299939",
    ],
)
def test_a_persons_number_is_found_as_people_and_programs_write_it(written: str) -> None:
    assert found(written) == {"person number": 1}


@pytest.mark.parametrize(
    "written",
    [
        "12825423955",
        f"{NUMBER}1",
        f"1{NUMBER}",
        f"0.{NUMBER}",
        f"{NUMBER}.5",
        f"{NUMBER}.00000",
        f"{NUMBER}.0e5",
        f"a{NUMBER}f",
        "f" * 80 + NUMBER,
        f"9f{NUMBER}",
        "128254  23956",
        "128254,23956",
        "5.128254 23956",
        "128254 23956.5",
        "3.1e10",
    ],
)
def test_what_only_looks_like_one_is_not(written: str) -> None:
    assert found(written) == {}


SHORT = "7843330287"


@pytest.mark.parametrize(
    "written", [SHORT, f"id;{SHORT}\n", f"{SHORT}.0", f'"{SHORT}"', "7.843330201e9"]
)
def test_a_nought_that_was_lost_is_put_back(written: str) -> None:
    assert found(written) == ({} if "e9" in written else {"person number": 1})


@pytest.mark.parametrize(
    "written", [f"+{SHORT}", f"x{SHORT}", f"{SHORT}.5", "7853330201", "7043330201"]
)
def test_ten_digits_are_a_person_only_where_they_stand_alone(written: str) -> None:
    assert found(written) == {}


def test_what_chance_explains_is_no_finding() -> None:
    others = [f"78433{number:05}" for number in range(1000)]
    assert 0 < sum(map(len, map(found, others))) < 25
    assert found("\n".join(others)) == {}
    assert found("\n".join([*others, *[SHORT] * 40]))["person number"] > 40


@pytest.mark.parametrize("written", ["86011117947", "8601.11.17947", "8601 11 17947"])
def test_an_account_is_found(written: str) -> None:
    assert found(f"til {written} i dag") == {"account number": 1}


@pytest.mark.parametrize("written", ["86011117948", "a86011117947", "0.86011117947", "00000000000"])
def test_what_is_no_account_is_not(written: str) -> None:
    assert found(written) == {}


@pytest.mark.parametrize("written", ["974760673", "974 760 673", "974\u00a0760\u00a0673"])
def test_an_organisation_is_found_where_it_is_sought_and_not_permitted(written: str) -> None:
    assert found(written) == {"organisation number": 1}
    assert found(written, Sought()) == {}
    assert found(written, Sought(ALL, permitted=frozenset({"974760673"}))) == {}


@pytest.mark.parametrize(
    "written",
    [
        "+4722334455",
        "+47 22334455",
        "+47 22 33 44 55",
        "(+47) 912 34 567",
        "004722334455",
        "0047 22334455",
        "22 33 44 55",
        "912 34 567",
        "22\u00a033\u00a044\u00a055",
        "tlf 22334455",
        "Telefon: 91234567",
        "mob.nr: 91234567",
    ],
)
def test_a_phone_number_is_found(written: str) -> None:
    assert found(f"ring {written}, takk") == {"phone number": 1}


@pytest.mark.parametrize("between", [" ", ", ", ",", ";", "/", " / ", "|", "\n", " og ", "\u00a0"])
@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (PERSON, NUMBER, "15108695088"),
        (PERSON, "128254 23956", "151086 95088"),
        (ACCOUNT, "8601.11.17947", "86011117947"),
        (ORGANISATION, "974 760 673", "974760673"),
        (PHONE, "22 33 44 55", "91 23 45 67"),
        (PHONE, "912 34 567", "912 34 568"),
        (PHONE, "+4722334455", "+47 912 34 567"),
        (PHONE, "tlf 22334455", "91234567"),
        (EMAIL, "kari@example.no", "ola@example.no"),
    ],
)
def test_two_in_one_cell_are_counted_as_two(kind: str, one: str, other: str, between: str) -> None:
    assert found(f"1,{one}{between}{other},2\n") == {kind: 2}


@pytest.mark.parametrize("between", [" ", ", ", "/", "\u00a0"])
def test_a_phone_number_is_counted_beside_a_persons_number(between: str) -> None:
    both = {PERSON: 1, PHONE: 1}
    assert found(f"{NUMBER}{between}22 33 44 55") == both
    assert found(f"22 33 44 55{between}{NUMBER}") == both


def test_more_figures_than_a_computers_number_has_are_two_numbers() -> None:
    assert found(f"{NUMBER}.15108695088") == {PERSON: 2}
    assert found(f"{NUMBER}.151086") == {}


@pytest.mark.parametrize(
    "written",
    [
        "22334455",
        "20261121",
        "22 33 44 55 66 77",
        "22 33 44 55 66 77 88 99 11",
        "tlf 12345678",
        "tlf 20261121.5",
        "12 33 44 55",
        "1 22 33 44 55",
        "22 33 44 55 66",
        "M22 33 44 55",
        "2.22 33 44 55",
        "22-33-44-55",
        "4722334455",
        "+4712334455",
        "0048 22334455",
        "+48 22334455",
        "+47, 22334455",
    ],
)
def test_eight_digits_alone_are_no_phone_number(written: str) -> None:
    assert found(written) == {}


@pytest.mark.parametrize("written", ["kari.nordmann@example.no", "KARI@x.example.no", "k@xn--a.no"])
def test_an_address_is_found(written: str) -> None:
    assert found(f"til <{written}>.") == {"e-mail address": 1}


@pytest.mark.parametrize(
    "written", ["@example.no", "kari@", "kari@example", "kari@example.n", "a @ b"]
)
def test_what_is_no_address_is_not(written: str) -> None:
    assert found(written) == {}


def test_names_are_told_by_lists() -> None:
    assert count_names("Møte med Kari Nordmann\nog Ola Nordmann i dag") == 2
    assert count_names("") == count_names("Sum for hele året") == 0


@pytest.mark.parametrize("coding", ["utf-8", "cp1252"])
def test_an_address_beside_letters_beyond_ascii_is_found(coding: str) -> None:
    tally = Tally()
    scan_text(["bjørg@example.no, åse@example.no!".encode(coding, "replace")], Sought(), tally)
    assert tally.total() == {"e-mail address": 2}


def test_bytes_of_a_binary_file_are_not_taken_for_an_address() -> None:
    tally = Tally()
    scan_text([b"\x01ab@cd.ef\x02 x\xff\xffab@cd.ef \xab", b" ab@cd.ef\xff"], Sought(), tally)
    assert tally.total() == {}


def test_a_permitted_address_or_phone_number_is_no_finding() -> None:
    sought = Sought(permitted=frozenset({"datadeling@example.no", "51507090"}))
    assert found("Datadeling@example.no +47 51 50 70 90", sought) == {}
    assert found("kari@example.no", sought) == {"e-mail address": 1}


def test_only_the_kinds_that_are_sought_are_found() -> None:
    written = f"{NUMBER} 86011117947 974760673 kari@example.no +4722334455"
    assert found(written, Sought(frozenset())) == {}
    assert found(written) == dict.fromkeys(sorted(ALL), 1)


def test_names_are_counted_by_whom_the_caller_asks() -> None:
    sought = Sought(frozenset(), names=lambda written: written.count("Kari"))
    assert found("Kari og Kari", sought) == {"name": 2}


@pytest.mark.parametrize("shift", [0, 1, 500, 1010, 1020, 1030])
@pytest.mark.parametrize("step", [1 << 18, 77_777, 1 << 20])
def test_each_number_is_counted_once_wherever_blocks_end(shift: int, step: int) -> None:
    line = f"{NUMBER},kari@example.no,+4722334455,{'x' * 60}\n"
    written = (" " * shift + line * 6000).encode()
    tally = Tally()
    parts = (written[at : at + step] for at in range(0, len(written), step))
    scan_text(parts, Sought(), tally)
    assert tally.total() == {"e-mail address": 6000, "person number": 6000, "phone number": 6000}


def test_no_text_has_no_findings() -> None:
    tally = Tally()
    scan_text([], Sought(), tally)
    assert tally.total() == {}
    assert text.detect(b"", Sought())["person number"].tolist() == []


def test_findings_of_a_file_are_told_once() -> None:
    one, other = Finding("a", "canary", 1), Finding("a", "name", 1)
    assert merged([other, one, one]) == (Finding("a", "canary", 2), other)
