from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer

from connectors.kms import KmsRootKey
from gdpr.wrapping import Bare, KeyFile, RootKey
from pipelines.steps.key_life import begin_rotation, wrap
from pipelines.steps.key_place import KeyPlace
from pipelines.steps.rewrap import Roots, rewrap
from pipelines.steps.root_key import open_root_key
from schemas.errors import KeyUnavailable, StoreUnavailable

pytestmark = pytest.mark.live

REGION = "eu-north-1"
SECRET = bytes(range(32))
CONTEXT = b"datasjo 1103 generation 1"


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a-test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-test")
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.delenv("AWS_REGION", raising=False)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def made(endpoint: str | None) -> KmsRootKey:
    service = boto3.client("kms", endpoint_url=endpoint, region_name=REGION)
    return KmsRootKey(service.create_key()["KeyMetadata"]["KeyId"], endpoint, REGION)


def reference(root: KmsRootKey) -> str:
    return f"aws-kms:{root.key_id}?endpoint={root.endpoint}&region={root.region}"


@pytest.fixture
def root(endpoint: str) -> KmsRootKey:
    return made(endpoint)


def test_a_key_that_the_service_wrapped_opens_under_its_context_alone(root: KmsRootKey) -> None:
    wrapped = root.wrap(SECRET, CONTEXT)
    assert SECRET not in wrapped
    assert root.unwrap(wrapped, CONTEXT) == SECRET
    with pytest.raises(KeyUnavailable, match="the service refuses"):
        root.unwrap(wrapped, b"datasjo 1108 generation 1")


def test_a_municipalitys_key_file_is_wrapped_by_the_service(root: RootKey) -> None:
    file = Bare("1103", SECRET).wrapped(root).grown(root, SECRET[::-1])
    again = KeyFile.model_validate_json(file.text())
    ring = again.keyring(root)
    assert ring.versions == (1, 2)
    assert ring.derive("a", "b", 1) == Bare("1103", SECRET).keyring().derive("a", "b", 1)
    swapped = again.model_copy(update={"municipality": "1108"})
    with pytest.raises(KeyUnavailable, match=r"1108: generation 1 of the key: root key .* refuses"):
        swapped.keyring(root)


def test_a_networks_file_may_name_the_service(root: KmsRootKey, tmp_path: Path) -> None:
    place = KeyPlace("1103", str(tmp_path / "1103.key"), reference(root), {})
    kept = wrap(place)
    assert (kept.root, kept.generation, kept.changed) == (root.key_id, 1, True)
    begun = begin_rotation(place)
    assert begun.generation == 2
    assert place.keyring().versions == (1, 2)


def test_a_key_that_the_service_does_not_have_is_one_line(root: KmsRootKey) -> None:
    absent = KmsRootKey("absent", root.endpoint, root.region)
    with pytest.raises(KeyUnavailable) as refusal:
        absent.wrap(SECRET, CONTEXT)
    assert str(refusal.value) == "root key absent: the service refuses (NotFoundException)"


def test_a_service_out_of_reach_may_be_tried_again() -> None:
    with pytest.raises(StoreUnavailable, match=r"^root key k: the service is out of reach$"):
        KmsRootKey("k", "http://127.0.0.1:9", REGION).wrap(SECRET, CONTEXT)


@pytest.mark.parametrize(
    ("endpoint_told", "region"), [("http://127.0.0.1:9", None), ("gopher:/127.0.0.1", REGION)]
)
def test_a_service_that_cannot_be_asked_is_one_line(endpoint_told: str, region: str | None) -> None:
    with pytest.raises(KeyUnavailable, match=r"^root key k: the service cannot be asked \(\w+\)$"):
        KmsRootKey("k", endpoint_told, region).wrap(SECRET, CONTEXT)


def test_a_busy_service_may_be_tried_again(
    root: KmsRootKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy: Any = {"Error": {"Code": "ThrottlingException", "Message": "hush"}}

    class Busy:
        def encrypt(self, **_: object) -> None:
            raise ClientError(busy, "Encrypt")

    monkeypatch.setattr(KmsRootKey, "_client", lambda _: Busy())
    with pytest.raises(StoreUnavailable, match=r"is busy \(ThrottlingException\)$"):
        root.wrap(SECRET, CONTEXT)


@pytest.mark.parametrize("way", ["into the service", "out of it", "from key to key in it"])
def test_keys_move_between_the_service_and_a_file_and_back(
    root: KmsRootKey, tmp_path: Path, way: str
) -> None:
    (tmp_path / "root.key").write_text("ab" * 32, encoding="ascii")
    local, other = f"{tmp_path}/root.key", reference(made(root.endpoint))
    old, new = {
        "into the service": (local, reference(root)),
        "out of it": (reference(root), local),
        "from key to key in it": (reference(root), other),
    }[way]
    place = KeyPlace("1103", str(tmp_path / "1103.key"), old, {})
    wrap(place)
    begin_rotation(place)
    before = place.keyring()
    roots = Roots(new=open_root_key(new), old=open_root_key(old))
    assert rewrap(place, roots).changed
    assert not rewrap(place, roots).changed
    after = replace(place, root_reference=new).keyring()
    assert after.signing_key() == before.signing_key()
    assert [after.derive("a", "b", v) for v in (1, 2)] == [
        before.derive("a", "b", v) for v in (1, 2)
    ]


def test_a_key_that_the_service_may_not_use_leaves_the_municipalitys_where_it_was(
    root: KmsRootKey, tmp_path: Path
) -> None:
    (tmp_path / "root.key").write_text("ab" * 32, encoding="ascii")
    place = KeyPlace("1103", str(tmp_path / "1103.key"), f"{tmp_path}/root.key", {})
    wrap(place)
    stood = (tmp_path / "1103.key").read_bytes()
    absent = KmsRootKey("absent", root.endpoint, root.region)
    with pytest.raises(KeyUnavailable, match="root key absent: the service refuses"):
        rewrap(place, Roots(new=absent, old=place.root()))
    far = KmsRootKey("far", "http://127.0.0.1:9", REGION)
    with pytest.raises(StoreUnavailable, match="root key far: the service is out of reach"):
        rewrap(place, Roots(new=far, old=place.root()))
    assert (tmp_path / "1103.key").read_bytes() == stood
