from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gdpr.seal import canonical, sealed, signer_of
from pipelines.steps.keys import keyring_of
from pipelines.steps.release import release
from pipelines.steps.verify import TYPE, verify
from schemas.errors import RecordBroken
from tests.pipelines.cli.region import invoke
from tests.pipelines.steps.released_site import NOW, Town, town_with_readings

SEED = bytes(32)
CSV, PARQUET = "parking_occupancy.csv", "parking_occupancy.parquet"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    made = town_with_readings(tmp_path_factory.mktemp("town"))
    release(made.site, made.portal, NOW)
    return made


@pytest.fixture
def folder(town: Town, tmp_path: Path) -> Path:
    latest = Path(town.site.store.uri("open/parking_occupancy/latest"))
    return Path(shutil.copytree(latest, tmp_path / "taken"))


def shown(town: Town) -> Path:
    return Path(town.portal.store.uri("datasets/1103-parking_occupancy/latest/receipt.json"))


def fingerprint(town: Town) -> str:
    return signer_of(keyring_of(town.site).signing_key()).fingerprint


def refused(receipt: Path, said: str, *key: str) -> None:
    with pytest.raises(RecordBroken) as raised:
        verify(receipt, *key)
    assert str(raised.value).startswith(f"{receipt}: ")
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_download_holds_and_names_its_signer(town: Town, folder: Path) -> None:
    held = verify(folder / "receipt.json")
    assert held.signer.fingerprint == fingerprint(town)
    assert held.known_from is None
    assert held.told["dataset"] == "parking_occupancy"


def test_every_version_on_the_portal_holds_with_the_portals_own_keys(town: Town) -> None:
    receipts = list(Path(town.portal.store.url).rglob("receipt.json"))
    assert len(receipts) == 2
    for receipt in receipts:
        assert str(verify(receipt).known_from).endswith("signing-keys.json")


@pytest.mark.parametrize("name", [CSV, PARQUET, "datapackage.json", "receipt.json"])
@pytest.mark.parametrize("share", [0.0, 0.5, 0.999])
def test_one_changed_byte_of_any_file_is_told(folder: Path, name: str, share: float) -> None:
    content = bytearray((folder / name).read_bytes())
    content[int(len(content) * share)] ^= 1
    (folder / name).write_bytes(content)
    said = "no receipt to trust" if name == "receipt.json" else f"{name}, which has been changed"
    refused(folder / "receipt.json", said)


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda f: (f / CSV).unlink(), f"names {CSV}, which is missing"),
    "longer": (lambda f: (f / CSV).write_bytes(b"x"), f"names {CSV}, which has another size"),
    "more": (lambda f: (f / "more.csv").write_bytes(b"a"), "does not name more.csv"),
    "no receipt": (lambda f: (f / "receipt.json").unlink(), "cannot be read"),
    "empty": (lambda f: (f / "receipt.json").write_bytes(b""), "no receipt to trust"),
    "another": (
        lambda f: (f / "receipt.json").write_bytes(sealed({"a": 1}, SEED)),
        "no release receipt",
    ),
    "of nothing": (
        lambda f: (f / "receipt.json").write_bytes(sealed({"type": TYPE, "files": [1]}, SEED)),
        "names no files",
    ),
    "without files": (
        lambda f: (f / "receipt.json").write_bytes(sealed({"type": TYPE, "files": 1}, SEED)),
        "names no files",
    ),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_every_damage_is_one_clear_line(folder: Path, what: str) -> None:
    damage, said = DAMAGE[what]
    damage(folder)
    refused(folder / "receipt.json", said)


def test_what_is_no_data_beside_it_is_left_alone(folder: Path) -> None:
    (folder / ".hidden").write_bytes(b"x")
    (folder / "notes").mkdir()
    assert verify(folder / "receipt.json")


def test_a_given_key_must_be_the_signers(town: Town, folder: Path, tmp_path: Path) -> None:
    receipt, file = folder / "receipt.json", tmp_path / "key.txt"
    file.write_text(f"Stavanger: {fingerprint(town)}\n")
    for key in (fingerprint(town), fingerprint(town).upper(), str(file)):
        assert verify(receipt, key).known_from == "the key that was given"
    refused(receipt, "another key", "0000-0000")
    file.write_bytes(b"\xff")
    refused(receipt, "another key", str(file))


def listing(folder: Path, *signers: object) -> None:
    (folder.parent / "signing-keys.json").write_text(json.dumps({"signers": signers}))


def test_a_list_above_must_give_the_municipality_that_key(town: Town, folder: Path) -> None:
    receipt = folder / "receipt.json"
    public = signer_of(keyring_of(town.site).signing_key()).public_key
    listing(folder, {"municipality": "1103", "public_key": public})
    assert str(verify(receipt).known_from) == str(folder.parent / "signing-keys.json")
    listing(folder, {"municipality": "1108", "public_key": public})
    refused(receipt, "does not give 1103")
    listing(folder, "x")
    with pytest.raises(RecordBroken, match="no list of signers"):
        verify(receipt)


def test_a_receipt_of_nobody_is_known_to_no_list(folder: Path) -> None:
    listing(folder)
    (folder / "receipt.json").write_bytes(sealed({"type": TYPE}, SEED))
    refused(folder / "receipt.json", "does not give nobody")


def test_a_receipt_signed_anew_by_somebody_else_is_told_where_the_key_is_known(
    town: Town, folder: Path
) -> None:
    receipt = folder / "receipt.json"
    document = json.loads(receipt.read_bytes())
    del document["seal"]
    receipt.write_bytes(sealed(document, SEED))
    assert verify(receipt).signer != signer_of(keyring_of(town.site).signing_key())
    refused(receipt, "another key", fingerprint(town))
    shutil.copy(Path(town.portal.store.uri("signing-keys.json")), folder.parent)
    refused(receipt, "does not give 1103")
    assert receipt.read_bytes() == canonical(json.loads(receipt.read_bytes()))


def test_the_command_says_who_signed_what(town: Town) -> None:
    result = invoke("gdpr", "verify", str(shown(town)))
    assert result.exit_code == 0, result.stderr
    assert "Holds: parking_occupancy" in result.stdout
    assert "of Stavanger kommune, 9 files unchanged" in result.stdout
    assert fingerprint(town) in result.stdout
    told = json.loads(invoke("gdpr", "verify", str(shown(town)), "--json").stdout)
    assert (told["holds"], told["signer"]) == (True, fingerprint(town))
    assert told["receipt"]["dataset"] == "parking_occupancy"


def test_the_command_says_where_a_key_is_not_known(folder: Path) -> None:
    assert "nowhere" in invoke("gdpr", "verify", str(folder / "receipt.json")).stdout


def test_the_command_ends_with_one_line_where_it_does_not_hold(folder: Path) -> None:
    (folder / CSV).unlink()
    result = invoke("gdpr", "verify", str(folder / "receipt.json"), "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 1
    assert "which is missing" in result.stderr
