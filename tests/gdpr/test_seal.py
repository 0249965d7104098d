from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdpr.seal import Json, SealBroken, Signer, canonical, sealed, signer_of, unsealed

SEED = bytes(range(32))
DOCUMENT: dict[str, Json] = {"dataset": "vann", "files": [{"size": 3, "ok": True}], "å": None}


def test_the_key_of_a_seed_is_rfc_8032s() -> None:
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert signer_of(seed) == Signer(public)
    assert signer_of(seed).fingerprint == "21fe-31df-a154-a261-626b-f854-046f-d227"


def test_the_form_is_rfc_8785s() -> None:
    told = canonical({"b": [1, True, None, '€\n"\\'], "a": {}, "\U0001f600": -1, "\ufb33": ""})
    expected = '{"a":{},"b":[1,true,null,"€\\n\\"\\\\"],"\U0001f600":-1,"\ufb33":""}'
    assert told == expected.encode()


@pytest.mark.parametrize("number", [0.5, 1e3, 2**53, float("nan"), object()])
def test_what_has_no_one_form_is_refused(number: Json) -> None:
    with pytest.raises(SealBroken, match="no one form"):
        canonical({"a": number})


def test_a_sealed_document_opens_and_names_its_signer() -> None:
    document, signer = unsealed(sealed(DOCUMENT, SEED))
    assert document == DOCUMENT
    assert signer == signer_of(SEED) != signer_of(bytes(32))


def test_the_same_document_gives_the_same_bytes_in_whatever_order() -> None:
    turned = dict(reversed(DOCUMENT.items()))
    assert sealed(DOCUMENT, SEED) == sealed(turned, SEED)


@given(st.data())
def test_a_document_of_which_a_byte_is_another_does_not_open(data: st.DataObject) -> None:
    content = sealed(DOCUMENT, SEED)
    at = data.draw(st.integers(0, len(content) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != content[at]))
    with pytest.raises(SealBroken):
        unsealed(content[:at] + bytes([byte]) + content[at + 1 :])


def rewritten(**changes: object) -> bytes:
    document = json.loads(sealed(DOCUMENT, SEED))
    document["seal"] |= changes
    return canonical(document)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no JSON"),
        (b"[]", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'{"a":0.5}', "no JSON"),
        (b'{"a":1, "b":2}', "no JSON"),
        (b'{"a":1,"a":1}', "no JSON"),
        (b'{"a":1}', "no seal"),
        (b'{"seal":{}}', "no seal"),
        (rewritten(algorithm="none"), "no seal"),
        (rewritten(signature="00" * 64), "not what was signed"),
        (rewritten(signature=None), "not what was signed"),
        (rewritten(signature="no hex"), "not what was signed"),
        (rewritten(public_key="00"), "another key"),
        (rewritten(public_key=1), "another key"),
        (rewritten(note="more"), "not what was signed"),
        (
            rewritten(public_key="00", fingerprint=Signer("00").fingerprint),
            "not what was signed",
        ),
        (
            rewritten(
                public_key=signer_of(bytes(32)).public_key,
                fingerprint=signer_of(bytes(32)).fingerprint,
            ),
            "not what was signed",
        ),
    ],
)
def test_what_is_not_sealed_says_why(content: bytes, said: str) -> None:
    with pytest.raises(SealBroken, match=said):
        unsealed(content)
