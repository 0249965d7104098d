import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.steps.keys import keyring_of, require_same_keys
from pipelines.steps.refine import refine
from pipelines.steps.site import Site
from schemas.errors import ConfigurationError, KeyUnavailable
from schemas.stages import Pseudonymised
from tests.builders import LEVEL, OBSERVED, SENSOR, contract, field, landed, site

SECRET = "5e" * 32


def with_key(folder: Path, reference: str) -> Site:
    where = site(folder)
    return replace(where, municipality=where.municipality.model_copy(update={"key": reference}))


def test_a_key_is_read_from_a_file_or_from_the_environment(tmp_path: Path) -> None:
    (tmp_path / "1103.key").write_text(f" {SECRET}\n", encoding="ascii")
    in_file = keyring_of(with_key(tmp_path, "${KEYS}/1103.key"), {"KEYS": str(tmp_path)})
    outside = keyring_of(with_key(tmp_path, "env:KEY_1103"), {"KEY_1103": SECRET})
    assert in_file.derive("a", "b", 1) == outside.derive("a", "b", 1)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "1103: there is no key at env:KEY"),
        ("not hexadecimal", "1103: the key at env:KEY is not hexadecimal"),
        ("5e", "1103: the secret has 1 bytes; it needs 32"),
        ("", "1103: the secret has 0 bytes; it needs 32"),
    ],
)
def test_a_key_that_cannot_be_used_is_one_line_without_its_content(
    tmp_path: Path, content: str | None, said: str
) -> None:
    names = {} if content is None else {"KEY": content}
    with pytest.raises(KeyUnavailable) as caught:
        keyring_of(with_key(tmp_path, "env:KEY"), names)
    assert str(caught.value) == said
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_file_that_is_missing_or_no_text_is_no_key(tmp_path: Path) -> None:
    (tmp_path / "bytes.key").write_bytes(bytes(range(200, 232)))
    for name in ("none.key", "bytes.key", "."):
        with pytest.raises(KeyUnavailable, match="there is no key at"):
            keyring_of(with_key(tmp_path, f"{tmp_path}/{name}"))


def test_a_name_that_is_not_set_is_a_fault_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"1103: key: the environment variable NONE is"):
        keyring_of(with_key(tmp_path, "${NONE}"), {})


def test_another_key_than_the_one_behind_the_lake_is_refused(tmp_path: Path) -> None:
    person = field(
        "person_id",
        "string",
        classification="identifier",
        mask={"use": "pseudonym"},
        purpose="a test",
    )
    where = site(tmp_path, contract(SENSOR, OBSERVED, LEVEL, person))
    header = "sensor_id,observed_at,level_m,person_id\n"
    landed(where, f"{header}a,2026-11-02T00:00:00Z,1,01810000000\n", "first.csv")
    assert refine(where)
    (tmp_path / "secret.key").write_text("6f" * 32, encoding="ascii")
    landed(where, f"{header}a,2026-11-03T00:00:00Z,1,01810000000\n", "second.csv")
    before = where.lake.snapshot()
    with pytest.raises(KeyUnavailable, match="not the one behind the pseudonyms of person_id"):
        refine(where)
    assert where.lake.snapshot() == before
    today = {"key_since": dt.datetime.now(dt.UTC).date()}
    decided = replace(where, municipality=where.municipality.model_copy(update=today))
    require_same_keys(decided, {"person_id": Pseudonymised("AES-CMAC", "another", 1)})
    (tmp_path / "secret.key").write_text("5e" * 32, encoding="ascii")
    assert refine(where)
    assert where.lake.scan().collect()["person_id"].n_unique() == 1
