from __future__ import annotations

import copy
import hashlib
import hmac
import pickle
from dataclasses import asdict, dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdpr.keys import FORMAT_PRESERVING, REVERSIBLE, Key, Keyring, info_of
from schemas.errors import KeyUnavailable

SECRET = bytes(range(100, 132))


def extract(salt: bytes, secret: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), secret, hashlib.sha256)


def expand(key: bytes, info: bytes, length: int) -> bytes:
    out = block = b""
    for count in range(1, -(-length // 32) + 1):
        block = hmac.digest(key, block + info + bytes([count]), hashlib.sha256)
        out += block
    return out[:length]


@dataclass(frozen=True)
class Vector:
    secret: bytes
    salt: bytes
    info: bytes
    output: str


RFC_5869 = [
    Vector(
        bytes([0x0B] * 22),
        bytes(range(13)),
        bytes(range(0xF0, 0xFA)),
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    ),
    Vector(
        bytes(range(0x50)),
        bytes(range(0x60, 0xB0)),
        bytes(range(0xB0, 0x100)),
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e"
        "590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
    ),
    Vector(
        bytes([0x0B] * 22),
        b"",
        b"",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    ),
]


@pytest.mark.parametrize("vector", RFC_5869, ids=["A.1", "A.2", "A.3"])
def test_the_derivation_that_keys_are_compared_with_passes_rfc_5869(vector: Vector) -> None:
    got = expand(extract(vector.salt, vector.secret), vector.info, len(vector.output) // 2)
    assert got.hex() == vector.output


@given(st.binary(min_size=32, max_size=80), st.text(), st.text(), st.integers(1, 9))
def test_keys_are_hkdf_sha_256_of_municipality_then_purpose(
    secret: bytes, purpose: str, domain: str, version: int
) -> None:
    municipality = expand(extract(b"", secret), info_of("datasjo", "municipality", "1103"), 32)
    info = info_of("datasjo", "pseudonym", purpose, domain, str(version))
    ring = Keyring({version: secret}, "1103")
    assert ring.derive(purpose, domain, version).material() == expand(municipality, info, 32)
    sealing = info_of("datasjo", "reversible", purpose, domain, str(version))
    key = ring.derive(purpose, domain, version, REVERSIBLE)
    assert key.material() == expand(municipality, sealing, 64)


def test_a_derived_key_does_not_change_between_releases() -> None:
    key = Keyring(SECRET, "1103").derive("facility management", "person", 1)
    assert key.key_id == "580ff34624bfc9db"


@pytest.mark.parametrize("length", [0, 1, 31])
def test_a_short_secret_is_refused_in_one_line_without_it(length: int) -> None:
    secret = b"hush" * 8
    with pytest.raises(KeyUnavailable) as refusal:
        Keyring(secret[:length], "1103")
    assert str(refusal.value) == f"1103: the secret has {length} bytes; it needs 32"


def test_the_same_words_give_the_same_key() -> None:
    one, two = (Keyring(SECRET, "1103").derive("billing", "person", 1) for _ in range(2))
    assert one == two
    assert hash(one) == hash(two)
    assert one.key_id == two.key_id


def test_every_word_gives_another_key() -> None:
    own = Keyring({1: SECRET, 2: SECRET}, "1103")
    keys = {
        own.derive("billing", "person", 1),
        own.derive("planning", "person", 1),
        own.derive("billing", "vehicle", 1),
        own.derive("billing", "person", 2),
        own.derive("person", "billing", 1),
        own.derive("billing", "person", 1, REVERSIBLE),
        own.derive("billing", "person", 1, FORMAT_PRESERVING),
        Keyring(SECRET, "1108").derive("billing", "person", 1),
        Keyring(SECRET[::-1], "1103").derive("billing", "person", 1),
    }
    assert len(keys) == 9
    assert len({key.key_id for key in keys}) == 9


@given(st.lists(st.text()), st.lists(st.text()))
def test_different_parts_never_encode_alike(one: list[str], two: list[str]) -> None:
    assert (info_of(*one) == info_of(*two)) == (one == two)


def test_words_cannot_be_moved_over_a_border() -> None:
    keyring = Keyring(SECRET, "1103")
    assert keyring.derive("ab", "c", 1) != keyring.derive("a", "bc", 1)
    assert info_of("a", "") != info_of("", "a") != info_of("a")


def showings(key: Key) -> list[str]:
    return [repr(key), str(key), f"{key}", repr([key]), f"{key!r:>40}", repr({"key": key})]


def test_a_key_never_shows_its_bytes() -> None:
    key = Keyring(SECRET, "1103").derive("billing", "person", 1)
    material = key.material()
    for shown in showings(key):
        assert material.hex() not in shown
        assert repr(material)[2:-1] not in shown
        assert key.key_id in shown


def test_a_key_s_name_is_not_a_part_of_it() -> None:
    key = Keyring(SECRET, "1103").derive("billing", "person", 1)
    assert bytes.fromhex(key.key_id) not in key.material()


def test_a_key_is_not_stored_or_copied_by_accident() -> None:
    @dataclass
    class Holder:
        held: object

    keyring = Keyring(SECRET, "1103")
    for holder in (Holder(keyring), Holder(keyring.derive("billing", "person", 1))):
        for act in (pickle.dumps, copy.deepcopy):
            with pytest.raises(TypeError, match="not pickled or copied"):
                act(holder.held)
        with pytest.raises(TypeError, match="not pickled or copied"):
            asdict(holder)


def test_a_keyring_shows_its_municipality_alone() -> None:
    assert repr(Keyring(SECRET, "1103")) == "Keyring(1103)"


def test_a_key_has_no_place_for_anything_else() -> None:
    key = Keyring(SECRET, "1103").derive("billing", "person", 1)
    with pytest.raises(AttributeError):
        key.key_id = "other"  # type: ignore[misc]  # what must fail
    with pytest.raises(TypeError):
        vars(key)
    assert key != key.material()


def test_a_generation_that_there_is_not_is_refused_in_one_line() -> None:
    ring = Keyring({1: SECRET, 3: SECRET[::-1]}, "1103")
    assert ring.versions == (1, 3)
    assert ring.current == 3
    with pytest.raises(KeyUnavailable, match=r"^1103: the key has no generation 2, only 1, 3$"):
        ring.derive("billing", "person", 2)


def test_a_bare_secret_is_generation_one() -> None:
    bare = Keyring(SECRET, "1103")
    assert bare.versions == (1,)
    assert bare.derive("a", "b", 1) == Keyring({1: SECRET}, "1103").derive("a", "b", 1)


def test_the_signature_is_hkdf_of_the_first_generation_or_a_seed_of_its_own() -> None:
    municipality = expand(extract(b"", SECRET), info_of("datasjo", "municipality", "1103"), 32)
    signature = expand(municipality, info_of("datasjo", "signature"), 32)
    grown = Keyring({1: SECRET, 2: SECRET[::-1]}, "1103")
    assert grown.signing_key() == Keyring(SECRET, "1103").signing_key() == signature
    assert Keyring(SECRET[::-1], "1103", signature).signing_key() == signature
    assert Keyring(SECRET, "1108").signing_key() != signature
