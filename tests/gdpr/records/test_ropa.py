from __future__ import annotations

import dataclasses

from gdpr.records.record_text import NOT_TOLD
from gdpr.records.ropa import Ropa, ropa
from gdpr.records.ropa_text import ropa_text
from tests.builders import contract
from tests.gdpr.declared import (
    AGE,
    BASIS,
    GRANT,
    ILL,
    NAME,
    PERSON,
    baseline,
    declared,
    keyed,
    persons,
)

NAMES = {"1108": "Sandnes kommune"}


def row(text: str, name: str) -> str:
    [line] = [line for line in text.splitlines() if line.startswith(f"| {name} |")]
    return line.removeprefix(f"| {name} | ").removesuffix(" |")


def whole() -> Ropa:
    nine = {**BASIS, "article_9": "h", "dpia": "2026/1"}
    bound = persons(PERSON, AGE, NAME, ILL)
    owner, held = declared(bound, (GRANT,), legal_basis=nine)
    released = dataclasses.replace(keyed(held), released="2026-11-20-abcdef01")
    return ropa(owner, baseline(), [released], NAMES)


def test_a_processing_tells_what_article_thirty_asks_for() -> None:
    [one] = whole().processings
    assert one.purposes == ("drain maintenance",)
    assert one.legal_basis == "artikkel 6 nr. 1 e, artikkel 9 nr. 2 h, forurensningsloven § 24"
    assert (one.use, one.dpia) == ("Planlegging av tjenester", "2026/1")
    assert one.subjects == ("Innbyggere",)
    assert [datum.field for datum in one.data] == ["person_id", "age", "name", "ill"]
    assert (one.data[2].category, one.data[2].treatment) == ("Navn", "drop")
    assert (one.retention_days, one.landing_days) == (5 * 365, 30)


def test_recipients_are_grants_and_what_has_been_released() -> None:
    [neighbour, public] = whole().processings[0].recipients
    assert (neighbour.name, neighbour.fields) == ("Sandnes kommune", ("age",))
    assert neighbour.legal_basis == "artikkel 6 nr. 1 e"
    assert public.name == "Allmennheten, som åpne data (2026-11-20-abcdef01)"
    assert public.fields == ("observed_at",)


def test_a_recipient_of_another_network_is_told_by_its_number() -> None:
    owner, held = declared(persons(AGE), (GRANT,), legal_basis=BASIS)
    assert ropa(owner, baseline(), [held], {}).processings[0].recipients[0].name == "1108"


def test_a_grant_of_another_dataset_is_no_recipient() -> None:
    owner, held = declared(persons(AGE), ({**GRANT, "dataset": "other"},), legal_basis=BASIS)
    assert ropa(owner, baseline(), [held], NAMES).processings[0].recipients == ()


def test_measures_are_those_that_hold_for_the_dataset() -> None:
    measures = whole().processings[0].measures
    assert "2 felt fjernes før lagring i sjøen" in measures
    assert "person_id er et pseudonym: AES-CMAC, nøkkel 00ff00ff00ff00ff v2" in measures
    counted = persons(AGE, aggregate={"by": ["sensor_id"], "every": "month"})
    owner, held = declared(counted, legal_basis=BASIS)
    told = ropa(owner, baseline(), [held], NAMES).processings[0].measures
    assert "Bare antall forlater sonen, i grupper på minst 5" in told
    assert not any("fjernes" in line for line in told)


def test_a_dataset_of_things_is_named_and_no_more() -> None:
    owner, held = declared(contract())
    record = ropa(owner, baseline(), [held], NAMES)
    assert (record.processings, record.without_persons) == ((), ("readings",))


def test_a_system_of_persons_is_a_processing_even_where_no_field_tells_of_one() -> None:
    system = {"name": "x", "owner": "y", "responsible": "z", "personal_data": "ordinary"}
    owner, held = declared(contract(), system=system)
    [one] = ropa(owner, baseline(), [held], NAMES).processings
    assert (one.data, one.legal_basis, one.use, one.purposes) == ((), None, None, ())


def test_the_text_says_what_is_known_in_norwegian() -> None:
    text = ropa_text(whole())
    assert text.startswith("# Protokoll over behandlingsaktiviteter: Stavanger kommune\n")
    assert row(text, "Personvernombud") == "personvernombud@example.no"
    assert row(text, "Slettes fra sjøen etter") == "1825 dager"
    assert row(text, "name") == "Navn | personal | fjernes"
    assert row(text, "Sandnes kommune") == ("age | flood warning | artikkel 6 nr. 1 e | 2028-12-31")


def test_what_nobody_declared_is_said_to_be_missing() -> None:
    text = ropa_text(whole())
    assert row(text, "Overføring til tredjeland") == NOT_TOLD
    levels = [{"property": p, "value": 1, "unit": "days"} for p in ("frequency", "latency")]
    owner, held = declared(persons(AGE, slaProperties=levels))
    bare = ropa_text(ropa(owner, baseline(), [held], NAMES))
    for name in ("Rettslig grunnlag", "Bruk", "Slettes fra sjøen etter"):
        assert row(bare, name) == NOT_TOLD
    assert "### Mottakere\n\nIkke oppgitt.\n" in bare


def test_a_text_of_a_file_cannot_break_a_table() -> None:
    owner, held = declared(persons(AGE), legal_basis={**BASIS, "law": "a | b\nc"})
    assert r"a \| b c" in ropa_text(ropa(owner, baseline(), [held], NAMES))
