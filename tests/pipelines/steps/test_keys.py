import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connectors.lake import CommitConflict
from gdpr.keys import Keyring
from gdpr.wrapping import Bare, LocalRootKey
from pipelines.steps.keys import keyring_of, require_same_keys
from pipelines.steps.refine import refine
from pipelines.steps.root_key import open_root_key
from pipelines.steps.site import Site
from schemas.errors import ConfigurationError, ContractBroken, KeyUnavailable
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


ROOT = "ab" * 32
NAMES = {"ROOT": ROOT, "OTHER": "cd" * 32}


def under(folder: Path, root_key: str | None, content: str) -> Site:
    (folder / "1103.key").write_text(content, encoding="ascii")
    return replace(with_key(folder, f"{folder}/1103.key"), root_key=root_key)


def test_a_wrapped_key_gives_the_keys_of_the_secret_in_it(tmp_path: Path) -> None:
    wrapped = Bare("1103", bytes.fromhex(SECRET)).wrapped(open_root_key("env:ROOT", NAMES))
    where = under(tmp_path, "env:${WHICH}", wrapped.text())
    ring = keyring_of(where, {**NAMES, "WHICH": "ROOT"})
    assert ring.derive("a", "b", 1) == Keyring(bytes.fromhex(SECRET), "1103").derive("a", "b", 1)
    (tmp_path / "root.key").write_text(f"{ROOT}\n", encoding="ascii")
    in_file = replace(where, root_key=f"{tmp_path}/root.key")
    assert keyring_of(in_file, {}).versions == (1,)


@pytest.mark.parametrize(
    ("root_key", "said"),
    [
        (None, "1103: the network's file names no root_key"),
        ("env:NONE", "there is no root key at env:NONE"),
        ("env:WORD", "the root key at env:WORD is not hexadecimal"),
        ("env:SHORT", "the root key has 1 bytes; it needs 32"),
        ("env:OTHER", "1103: the key was wrapped with root key"),
    ],
)
def test_a_wrapped_key_without_its_root_key_is_one_line(
    tmp_path: Path, root_key: str | None, said: str
) -> None:
    wrapped = Bare("1103", bytes.fromhex(SECRET)).wrapped(open_root_key("env:ROOT", NAMES))
    names = {**NAMES, "WORD": "no secret", "SHORT": "ab"}
    with pytest.raises(KeyUnavailable) as caught:
        keyring_of(under(tmp_path, root_key, wrapped.text()), names)
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("aws-kms:", "network: root_key: names no key"),
        ("aws-kms:k?endpoint=http://127.0.0.1&user=x", "network: root_key: knows no user"),
    ],
)
def test_a_service_is_asked_for_what_it_knows(reference: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        open_root_key(reference, {})


def test_a_service_is_known_by_its_key() -> None:
    root = open_root_key("aws-kms:alias/datasjo?endpoint=http://127.0.0.1:1&region=eu-north-1", {})
    assert root.key_id == "alias/datasjo"


def person(use: str) -> dict[str, Any]:
    return field(
        "person_id", "string", classification="identifier", mask={"use": use}, purpose="a test"
    )


def test_the_generation_that_the_table_records_is_taken_on(tmp_path: Path) -> None:
    where = site(tmp_path, contract(SENSOR, OBSERVED, LEVEL, person("pseudonym")))
    header = "sensor_id,observed_at,level_m,person_id\n"
    landed(where, f"{header}a,2026-11-02T00:00:00Z,1,01810000000\n", "first.csv")
    first = refine(where)
    assert first
    assert first.pseudonyms == where.lake.snapshot().pseudonyms
    assert first.pseudonyms["person_id"].version == 1
    secret = bytes.fromhex((tmp_path / "secret.key").read_text(encoding="ascii"))
    root = LocalRootKey(bytes.fromhex(ROOT))
    grown = Bare("1103", secret).wrapped(root).grown(root, bytes(32))
    (tmp_path / "secret.key").write_text(grown.text(), encoding="ascii")
    (tmp_path / "root.key").write_text(ROOT, encoding="ascii")
    rooted = replace(where, root_key=f"{tmp_path}/root.key")
    landed(rooted, f"{header}a,2026-11-03T00:00:00Z,1,01810000000\n", "second.csv")
    assert refine(rooted)
    assert rooted.lake.snapshot().pseudonyms == first.pseudonyms
    assert rooted.lake.scan().collect()["person_id"].n_unique() == 1


def test_a_mask_of_another_algorithm_needs_another_field(tmp_path: Path) -> None:
    where = site(tmp_path, contract(SENSOR, OBSERVED, LEVEL, person("pseudonym")))
    header = "sensor_id,observed_at,level_m,person_id\n"
    landed(where, f"{header}a,2026-11-02T00:00:00Z,1,01810000000\n", "first.csv")
    assert refine(where)
    other = {"person_id": Pseudonymised("AES-SIV", "00ff", 1)}
    with pytest.raises(ContractBroken, match="person_id is AES-CMAC in the lake and AES-SIV in"):
        require_same_keys(where, other)
    rotated = {"person_id": Pseudonymised("AES-CMAC", "00ff", 2)}
    with pytest.raises(CommitConflict, match="the key behind person_id was rotated meanwhile"):
        require_same_keys(where, rotated)
