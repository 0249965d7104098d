from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

import pytest

from gdpr.scan.canaries import Canaries

NAME = "Åse Østhus-Kanari 7"
CANARIES = Canaries((NAME, "2026-11-21", "12825423956"))


@pytest.mark.parametrize(
    "written",
    [
        NAME.encode(),
        NAME.lower().encode(),
        NAME.upper().encode(),
        "åse ØSTHUS-kanari 7".lower().encode(),
        NAME.encode("cp1252"),
        NAME.encode("utf-16-le"),
        NAME.encode("utf-16-be"),
        json.dumps(NAME).encode(),
        json.dumps(NAME).encode().upper().replace(b"\\U", b"\\u"),
        quote(NAME).encode(),
        quote_plus(NAME, encoding="cp1252").lower().encode(),
        *(base64.b64encode(b"x" * lead + NAME.encode() + b"yy") for lead in range(4)),
        base64.b64encode(b"x" + NAME.encode("cp1252")),
        base64.b64encode(b"xx" + NAME.lower().encode("utf-16-le")),
        b"2026-11-21",
        b"12825423956",
    ],
)
def test_a_canary_is_found_in_every_form(written: bytes) -> None:
    places = CANARIES.places(b"some " + written + b" more")
    assert len(places) == 1
    assert 4 <= places[0] <= 10


@pytest.mark.parametrize(
    "data", [b"", b"abc", b"2026-11-22", b"kanari", b"x" * 99, "Åse Østhus".encode()]
)
def test_nothing_else_is_one(data: bytes) -> None:
    assert CANARIES.places(data).tolist() == []
    assert Canaries().places(data).tolist() == []


def test_text_beyond_a_code_page_is_found_in_the_others() -> None:
    canaries = Canaries(("Ŧest-šŧring",))
    assert canaries.places("Ŧest-šŧring".encode()).tolist() == [0]
    assert canaries.places("Ŧest-šŧring".encode("utf-16-le")).tolist() == [0]


def test_a_list_has_one_a_line() -> None:
    assert Canaries.read(["# planted", "", " Kari-1 \n", "Kari-1", "Ola-22"]).texts == (
        "Kari-1",
        "Ola-22",
    )


@pytest.mark.parametrize("text", ["Kari", "x" * 201])
def test_a_canary_of_no_fit_length_is_refused_without_being_told(text: str) -> None:
    with pytest.raises(ValueError, match="line 2 has not between 6 and 200 characters") as raised:
        Canaries.read(["Kari-Kanarifugl", text])
    assert text not in str(raised.value)
