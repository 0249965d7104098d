from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import xlsxwriter

from pipelines.demo.persons import people
from schemas.reading import read_contract
from tests.builders import binding_document
from tests.pipelines.cli.region import BASIS, CANARY, Region, one_line

SAMPLES = Path(__file__).parents[2] / "contracts"
ROWS = (
    ("Målernr", "Tid", "Verdi", "Melder epost"),
    ("0012", "20.11.2026 12:00", "1,5", "kari@example.no"),
    ("0013", "20.11.2026 12:00", "2,25", "ola@example.no"),
    ("0012", "20.11.2026 13:00", "-", "kari@example.no"),
    ("0013", "20.11.2026 13:00", "3", "ola@example.no"),
)
TEXT = "\n".join(";".join(row) for row in ROWS) + "\n"
UNDECIDED = re.compile(
    r"^(\s*)# (classification: \w+|- \{property: (?:unit|category|subject|mask|purpose)\b.*)$"
)
DECISION = {"classification", "unit"}


def sample(here: Region, name: str = "meter.csv", text: str = TEXT) -> Path:
    path = here.folder / name
    path.write_text(text, encoding="cp1252")
    return path


def drafted(here: Region, path: Path, name: str = "meters") -> Path:
    result = here("new", "dataset", name, "--from", str(path))
    assert result.exit_code == 0, result.output
    return here.folder / "datasets" / f"{name}.odcs.yaml"


def decide(contract: Path) -> None:
    """Take every suggestion, as a person would who agrees with all of them."""
    lines = contract.read_text(encoding="utf-8").splitlines()
    taken = [UNDECIDED.sub(r"\1\2", re.sub(r"  # (suggested|which|or ).*$", "", x)) for x in lines]
    contract.write_text("\n".join(taken), encoding="utf-8")


def test_a_draft_is_whole_but_for_what_a_person_decides(here: Region) -> None:
    contract = drafted(here, sample(here))
    result = here("check")
    assert result.exit_code == 1
    assert all(line.startswith(f"{contract}: ") for line in result.stderr.splitlines())
    asked = [line.split(": ")[1].split(".") for line in result.stderr.splitlines()]
    assert {word for _, word in asked} <= DECISION
    assert sorted(name for name, word in asked if word == "classification") == [
        "malernr",
        "melder_epost",
        "tid",
        "verdi",
    ]
    assert [name for name, word in asked if word == "unit"] == ["verdi"]


def test_a_draft_knows_its_sources_conventions(here: Region) -> None:
    contract = drafted(here, sample(here))
    decide(contract)
    assert here("check").exit_code == 0
    read = read_contract(contract)
    assert (read.profile.separator, read.profile.encoding) == (";", "cp1252")
    assert (read.profile.decimal, read.profile.null_marks) == (",", ("", "-"))
    assert read.key == ("malernr", "tid")
    assert read.event.source.format == ("%d.%m.%Y %H:%M",)
    assert read.event.source.zone == "Europe/Oslo"
    assert {field.name: field.type for field in read.fields} == {
        "malernr": "string",
        "tid": "timestamp",
        "verdi": "number",
        "melder_epost": "string",
    }


def test_what_stands_above_the_header_and_below_the_rows_is_no_row(here: Region) -> None:
    text = f"Uttrekk fra Driftskontroll\n\n{TEXT}Totalt 4 målinger;;;\n"
    path = sample(here, text=text)
    contract = drafted(here, path)
    decide(contract)
    profile = read_contract(contract).profile
    assert (profile.skip_rows, profile.footer_starts_with) == (2, ("Totalt",))
    here.bind(binding_document("meters", {"engine": "files", "url": str(path)}, legal_basis=BASIS))
    assert here("run").exit_code == 0
    assert here.rows() == 4


def test_a_decided_draft_brings_its_own_sample_into_the_lake(here: Region) -> None:
    path = sample(here)
    decide(drafted(here, path))
    source = {"engine": "files", "url": str(path)}
    here.bind(binding_document("meters", source, legal_basis=BASIS))
    assert here("run").exit_code == 0
    assert here.rows() == 4
    assert here.kept("quarantine") == []


def part(contract: Path, field: str) -> str:
    """What a draft says of one field."""
    text = contract.read_text(encoding="utf-8")
    return text.partition(f"- name: {field}\n")[2].partition("- name:")[0]


def test_a_field_that_tells_of_a_person_is_suggested_so(here: Region) -> None:
    of_person = part(drafted(here, sample(here)), "melder_epost")
    why = "suggested: 100 % of its values are e-mail addresses"
    assert f"        # classification: identifier  # {why}\n" in of_person
    assert "# - {property: category, value: user.contact.email}" in of_person
    assert "# - {property: subject, value: inhabitant}  # or employee, pupil" in of_person
    assert "# - {property: mask, value: {use: drop}}" in of_person


def persons(here: Region) -> Path:
    rows = (
        f"{person.national_id};{person.name};ref-{at};20.11.2026 12:{at:02d}"
        for at, person in enumerate(people("1103", ("4006",), 50))
    )
    unknown = "ukjent;Ukjent;ref-50;20.11.2026 13:00"
    return sample(here, "people.csv", "\n".join(["Ansatt;Navn;Sak;Tid", *rows, unknown]) + "\n")


def test_a_suggestion_says_how_many_of_the_values_it_rests_on(here: Region) -> None:
    contract = drafted(here, persons(here))
    person, name = part(contract, "ansatt"), part(contract, "navn")
    assert "identifier  # suggested: 98 % of its values are fødselsnummer\n" in person
    assert "# - {property: mask, value: {use: pseudonym, domain: person}}" in person
    assert "# - {property: subject, value: employee}" in person
    assert "identifier  # suggested: 98 % of its values are names of persons\n" in name
    text = contract.read_text(encoding="utf-8")
    assert not [p for p in people("1103", ("4006",), 50) if p.national_id in text or p.name in text]


def test_a_suggestion_is_no_decision(here: Region) -> None:
    contract = drafted(here, persons(here))
    result = here("check")
    assert result.exit_code == 1
    missing = "classification: is missing: an unclassified field is refused"
    assert f"{contract}: ansatt.{missing}" in result.stderr
    assert f"{contract}: navn.{missing}" in result.stderr


def test_a_person_in_the_key_is_suggested_a_mask_that_keeps_rows_apart(here: Region) -> None:
    hours = [
        f"{p.email};20.11.2026 {at}:00" for at in (12, 13) for p in people("1103", ("4006",), 9)
    ]
    text = "\n".join(["Bruker navn;Tid", *hours]) + "\n"
    of_key = part(drafted(here, sample(here, "key.csv", text)), "bruker_navn")
    assert "primaryKey: true" in of_key
    assert "# - {property: mask, value: {use: pseudonym, domain: person}}" in of_key


def test_no_value_of_the_sample_is_in_the_draft(here: Region) -> None:
    path = sample(here, text=TEXT + f"0014;20.11.2026 14:00;{CANARY};{CANARY}@example.no\n")
    text = drafted(here, path).read_text(encoding="utf-8")
    assert CANARY not in text
    assert "kari@" not in text


def test_a_draft_is_never_written_over_another_contract(here: Region) -> None:
    before = (here.folder / "datasets" / "readings.odcs.yaml").read_text()
    line = one_line(here("new", "dataset", "readings", "--from", str(sample(here))))
    assert "stands there already" in line
    assert (here.folder / "datasets" / "readings.odcs.yaml").read_text() == before


def test_a_name_that_other_datasets_use_means_the_same_here(here: Region) -> None:
    known = "sensor_id,observed_at,level_m\ns-1,2026-11-20T12:00:00Z,1.5\n"
    text = drafted(here, sample(here, "b.csv", known)).read_text()
    assert "as other datasets have it" in text
    other = "sensor_id,observed_at,level_m\ns-1,2026-11-20T12:00:00Z,high\n"
    text = drafted(here, sample(here, "c.csv", other), "words").read_text()
    assert "- name: words_level_m" in text


def test_what_is_asked_for_by_words_stands_in_the_draft(here: Region) -> None:
    words = ("--owner", "drift", "--alarm", "vakt@example.no")
    here("new", "dataset", "meters", "--from", str(sample(here)), *words)
    contract = here.folder / "datasets" / "meters.odcs.yaml"
    decide(contract)
    read = read_contract(contract)
    assert (read.operation.owner, read.operation.alarm_recipient) == ("drift", "vakt@example.no")


def test_a_workbook_is_a_sample(here: Region) -> None:
    path = here.folder / "meter.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate((("Meter", "Dag", "Antall"), ("a", "2026-11-20", 3))):
            sheet.write_row(at, 0, row)
    contract = drafted(here, path)
    decide(contract)
    read = read_contract(contract)
    assert read.profile.format == "xlsx"
    assert {field.name: field.type for field in read.fields} == {
        "meter": "string",
        "dag": "date",
        "antall": "integer",
    }


REFUSED: Mapping[str, tuple[str, bytes, str]] = {
    "unknown ending": ("a.pdf", b"%PDF", "ends in no known format"),
    "torn workbook": ("a.xlsx", b"PK\x03\x04 torn", "is no readable xlsx"),
    "torn JSON": ("a.json", b'{"a": ', "is no readable json"),
    "nothing": ("a.csv", b"", "holds no rows"),
    "a header alone": ("a.csv", b"a;b\n", "holds no rows"),
    "no records": ("a.ndjson", b"[1]\n[2]\n", "holds no rows"),
}


@pytest.mark.parametrize(("name", "content", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_a_sample_that_cannot_be_read_is_one_line(
    name: str, content: bytes, said: str, here: Region
) -> None:
    (here.folder / name).write_bytes(content)
    line = one_line(here("new", "dataset", "meters", "--from", str(here.folder / name)))
    assert said in line
    assert not (here.folder / "datasets" / "meters.odcs.yaml").exists()


def test_a_sample_that_is_not_there_is_one_line(here: Region) -> None:
    line = one_line(here("new", "dataset", "meters", "--from", "nowhere.csv"))
    assert "nowhere.csv: --from: cannot be read: FileNotFoundError" in line


def test_a_name_that_no_dataset_may_have_is_a_usage_error(here: Region) -> None:
    assert here("new", "dataset", "Meters!", "--from", str(sample(here))).exit_code == 2


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*/sample.*")), ids=lambda p: p.parent.name)
def test_every_format_that_the_project_reads_can_be_drafted(path: Path, here: Region) -> None:
    contract = drafted(here, path, "drafted")
    decide(contract)
    read = read_contract(contract)
    assert read.event.type in ("timestamp", "date")
    assert read.event.name in read.key


MUNICIPALITY = (
    "--name",
    "Sola kommune",
    "--organisation-number",
    "948243113",
    "--contact",
    "datadeling@example.no",
)


def test_a_new_municipality_is_ready_to_be_bound(here: Region) -> None:
    result = here("new", "municipality", "1124", *MUNICIPALITY)
    assert result.exit_code == 0, result.output
    assert "DATASJO_ROOT_1124" in result.stdout
    assert here.document("check")["municipalities"] == 2


def test_a_municipality_is_never_written_over(here: Region) -> None:
    before = (here.folder / "municipalities" / "1103.yaml").read_text()
    assert "stands there already" in one_line(here("new", "municipality", "1103", *MUNICIPALITY))
    assert (here.folder / "municipalities" / "1103.yaml").read_text() == before


def test_a_municipality_with_a_wrong_number_is_not_written(here: Region) -> None:
    assert "number" in one_line(here("new", "municipality", "sola", *MUNICIPALITY))
    assert not (here.folder / "municipalities" / "sola.yaml").exists()
