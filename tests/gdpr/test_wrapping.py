from __future__ import annotations

import base64
import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdpr.keys import Keyring
from gdpr.wrapping import Bare, KeyFile, LocalRootKey, destroyed, new_secret, read_key
from schemas.errors import KeyUnavailable

SECRET = bytes(range(32))
ROOT = LocalRootKey(bytes(range(100, 132)))
WRAPPED = Bare("1103", SECRET).wrapped(ROOT)
# case 16 of the specification of Galois/Counter Mode by McGrew and Viega
GCM_KEY = bytes.fromhex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")
GCM_NONCE = bytes.fromhex("cafebabefacedbaddecaf888")
GCM_CONTEXT = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
GCM_PLAIN = bytes.fromhex(
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
)
GCM_SEALED = bytes.fromhex(
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
    "76fc6ece0f4e1768cddf8853bb2d551b"
)


def opened(text: str, root: LocalRootKey = ROOT, municipality: str = "1103") -> Keyring:
    kept = read_key(text, municipality, "a.key")
    return kept.keyring() if isinstance(kept, Bare) else kept.keyring(root)


def changed(**words: object) -> str:
    return json.dumps(json.loads(WRAPPED.text()) | words)


def test_a_vector_of_galois_counter_mode() -> None:
    assert LocalRootKey(GCM_KEY).unwrap(GCM_NONCE + GCM_SEALED, GCM_CONTEXT) == GCM_PLAIN


@given(st.binary(min_size=32, max_size=64), st.binary(max_size=40))
def test_a_wrapped_key_opens_under_its_context_alone(key: bytes, context: bytes) -> None:
    wrapped = ROOT.wrap(key, context)
    assert key not in wrapped
    assert ROOT.unwrap(wrapped, context) == key
    for root, other, sealed in (
        (ROOT, context + b"!", wrapped),
        (LocalRootKey(SECRET), context, wrapped),
        (ROOT, context, wrapped[:-1]),
        (ROOT, context, b""),
    ):
        with pytest.raises(KeyUnavailable, match="the root key does not open it"):
            root.unwrap(sealed, other)


def test_the_same_key_is_wrapped_differently_each_time() -> None:
    assert ROOT.wrap(SECRET, b"") != ROOT.wrap(SECRET, b"")


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_a_root_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(KeyUnavailable, match=f"the root key has {length} bytes; it needs 32"):
        LocalRootKey(bytes(length))


def test_a_root_key_shows_its_name_alone() -> None:
    assert repr(ROOT) == f"LocalRootKey({ROOT.key_id})"
    assert SECRET.hex() not in repr(Bare("1103", SECRET))


def test_a_bare_secret_that_is_wrapped_gives_the_same_keys_and_signature() -> None:
    bare = opened(SECRET.hex())
    wrapped = opened(WRAPPED.text())
    assert wrapped.derive("a", "b", 1) == bare.derive("a", "b", 1)
    assert wrapped.signing_key() == bare.signing_key()
    assert SECRET.hex() not in WRAPPED.text()


def test_a_new_generation_changes_the_keys_and_keeps_the_old_and_the_signature() -> None:
    grown = opened(WRAPPED.grown(ROOT, new_secret()).text())
    before = opened(WRAPPED.text())
    assert grown.versions == (1, 2)
    assert grown.current == 2
    assert grown.derive("a", "b", 1) == before.derive("a", "b", 1)
    assert grown.derive("a", "b", 2) != before.derive("a", "b", 1)
    assert grown.signing_key() == before.signing_key()


def test_without_a_seed_the_first_generation_signs() -> None:
    document = json.loads(WRAPPED.text())
    del document["seed"]
    assert opened(json.dumps(document)).signing_key() == opened(WRAPPED.text()).signing_key()


def test_a_document_as_documented_is_read() -> None:
    secret = ROOT.wrap(SECRET, b"datasjo 1103 generation 3")
    document = {
        "municipality": "1103",
        "root": ROOT.key_id,
        "generations": [
            {
                "version": 3,
                "created": "2026-11-21T08:00:00Z",
                "wrapped": base64.b64encode(secret).decode(),
            }
        ],
    }
    assert opened(json.dumps(document)).versions == (3,)


MEANT = f"the network's is {ROOT.key_id}; datasjo gdpr rewrap moves it there"
SWAPPED = [
    {**generation, "version": generation["version"] % 2 + 1}
    for generation in json.loads(WRAPPED.grown(ROOT, new_secret()).text())["generations"]
]
GENERATION = json.loads(WRAPPED.text())["generations"][0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not hexadecimal", "1103: the key at a.key is not hexadecimal"),
        ("5e", "1103: the secret has 1 bytes; it needs 32"),
        ("{", "1103: the key at a.key is no key file"),
        ('{"municipality": "1103"}', "1103: the key at a.key has no generation"),
        (changed(extra=1), "1103: the key at a.key is no key file"),
        (changed(municipality="1108"), "1103: the key at a.key is that of 1108"),
        (
            changed(root="00ff"),
            f"1103: the key was wrapped with root key 00ff, and {MEANT}",
        ),
        (
            changed(generations=SWAPPED),
            "1103: generation 2 of the key: the root key does not open it",
        ),
        (
            changed(generations=[{**GENERATION, "wrapped": "ééé"}]),
            "1103: generation 1 of the key: it is not base64",
        ),
        (changed(seed="AAAA"), "1103: the signature's seed: the root key does not open it"),
    ],
)
def test_a_key_that_cannot_be_used_is_one_line(text: str, said: str) -> None:
    with pytest.raises(KeyUnavailable) as refusal:
        opened(text)
    assert str(refusal.value) == said
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None


def test_another_municipalitys_wrapped_secret_does_not_open_here() -> None:
    text = changed(municipality="1108")
    with pytest.raises(KeyUnavailable, match="1108: generation 1 of the key: the root key does"):
        opened(text, municipality="1108")


def test_a_destroyed_key_says_when_and_holds_nothing() -> None:
    record = destroyed("1103")
    assert record.newest == 0
    kept: Mapping[str, object] = json.loads(record.text())
    assert set(kept) == {"municipality", "destroyed"}
    day = str(kept["destroyed"])[:10]
    with pytest.raises(KeyUnavailable, match=f"^1103: the key at a.key was destroyed on {day}$"):
        opened(record.text())


OTHER = LocalRootKey(bytes(range(40, 72)))


@given(st.integers(1, 4))
def test_a_key_moved_to_another_root_key_gives_the_same_keys_and_signature(count: int) -> None:
    file = WRAPPED
    for _ in range(count - 1):
        file = file.grown(ROOT, new_secret())
    before = opened(file.text())
    moved = file.model_copy(update={"rotating": count}).moved_to(OTHER, ROOT)
    after = opened(moved.text(), OTHER)
    assert after.versions == before.versions
    assert all(after.derive("a", "b", v) == before.derive("a", "b", v) for v in before.versions)
    assert after.signing_key() == before.signing_key()
    assert [g.created for g in moved.generations] == [g.created for g in file.generations]
    assert moved.rotating == count
    with pytest.raises(KeyUnavailable, match="datasjo gdpr rewrap moves it there"):
        opened(moved.text(), ROOT)


def test_nothing_that_the_old_root_key_opens_is_left_in_a_moved_key() -> None:
    moved = json.loads(WRAPPED.moved_to(OTHER, ROOT).text())
    for sealed in (moved["seed"], *(g["wrapped"] for g in moved["generations"])):
        for context in (b"datasjo 1103 signature", b"datasjo 1103 generation 1"):
            with pytest.raises(KeyUnavailable):
                ROOT.unwrap(base64.b64decode(sealed), context)


def test_each_move_is_remembered_until_a_log_tells_of_it() -> None:
    third = LocalRootKey(bytes(32))
    moved = WRAPPED.moved_to(OTHER, ROOT).moved_to(third, OTHER)
    told = [(move.old, move.new) for move in KeyFile.model_validate_json(moved.text()).untold]
    assert told == [(ROOT.key_id, OTHER.key_id), (OTHER.key_id, third.key_id)]


def test_a_key_without_a_seed_moves_without_one() -> None:
    document = json.loads(WRAPPED.text())
    del document["seed"]
    moved = KeyFile.model_validate_json(json.dumps(document)).moved_to(OTHER, ROOT)
    assert moved.seed is None
    assert opened(moved.text(), OTHER).signing_key() == opened(WRAPPED.text()).signing_key()


def test_a_key_does_not_move_with_a_root_key_that_does_not_open_it() -> None:
    said = "1103: generation 1 of the key: the root key does not open it"
    with pytest.raises(KeyUnavailable, match=said):
        WRAPPED.moved_to(ROOT, OTHER)


class Forgetful(LocalRootKey):
    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        return super().unwrap(wrapped, context)[::-1]


def test_a_key_does_not_move_under_a_root_key_that_gives_back_another() -> None:
    forgetful = Forgetful(bytes(range(32)))
    said = f"^1103: root key {forgetful.key_id} does not give back what it wrapped$"
    with pytest.raises(KeyUnavailable, match=said):
        WRAPPED.moved_to(forgetful, ROOT)


def test_a_key_file_reads_back_as_it_was_written() -> None:
    assert KeyFile.model_validate_json(WRAPPED.text()) == WRAPPED
