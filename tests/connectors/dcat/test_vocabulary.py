from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import get_args

import pytest

from connectors.dcat.vocabulary import (
    Kind,
    check_words,
    concept,
    concepts,
    file_types,
    place,
    unknown_words,
)
from schemas.contract import Contract
from schemas.errors import ConfigurationError
from schemas.licences import LICENCES
from tests.connectors.dcat.made import PARKING, released


def saying(**words: object) -> Contract:
    assert PARKING.publication is not None
    return replace(PARKING, publication=PARKING.publication.model_copy(update=words))


@pytest.mark.parametrize("contract", released(), ids=lambda contract: contract.name)
def test_every_word_of_the_project_is_known(contract: Contract) -> None:
    check_words(contract)


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_concept_has_an_address_and_two_names(kind: Kind) -> None:
    for known in concepts(kind).values():
        assert known.iri.startswith(("http://", "https://"))
        assert known.label.nb.strip()
        assert known.label.en.strip()
    assert len({known.iri for known in concepts(kind).values()}) == len(concepts(kind))


def test_every_licence_of_a_contract_is_in_the_table() -> None:
    assert set(concepts("licence")) == set(LICENCES)
    assert concept("licence", "CC0_1_0").iri.endswith("/licence/CC0")


@pytest.mark.parametrize(
    ("field", "word", "nearest"),
    [
        ("theme", ("TRANS",), "TRAN"),
        ("los", ("vaer-og-klima",), "var-og-klima"),
        ("los", ("parkering",), "parkering-og-hvileplasser"),
        ("frequency", "HOUR", "HOURLY"),
        ("high_value", "meteorology", "meteorological"),
    ],
)
def test_an_unknown_word_has_a_nearest(field: str, word: object, nearest: str) -> None:
    [problem] = unknown_words(saying(**{field: word}))
    assert problem.field == f"release.{field}"
    assert problem.example == nearest
    assert "is no" in problem.what


def test_all_unknown_words_are_told_at_once() -> None:
    with pytest.raises(ConfigurationError) as refused:
        check_words(saying(theme=("X", "Y"), frequency="Z"))
    assert len(refused.value.problems) == 3


def test_a_contract_that_is_not_released_says_no_words() -> None:
    assert unknown_words(replace(PARKING, publication=None)) == []


def test_places_are_known_by_the_municipalitys_name() -> None:
    assert place("Sandnes kommune") == place("Sandnes")
    assert place("Atlantis kommune") is None


def test_the_method_counts_csv_and_not_parquet_or_xlsx() -> None:
    csv = concept("file_type", "csv").iri
    xlsx = csv.replace("CSV", "XLSX")
    assert csv in file_types("non_proprietary") & file_types("machine_readable")
    assert xlsx in file_types("machine_readable") - file_types("non_proprietary")


def test_words_are_checked_without_rdf() -> None:
    code = "import connectors.dcat.vocabulary, sys; print('rdflib' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
