"""Where a source is reached: in full, and as people see it."""

from __future__ import annotations

import pytest

from connectors.address import Address
from schemas.errors import SourceRejected


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        (
            "https://bruker:hemmelig@api.example.no:8443/v1/x?apikey=hemmelig",
            "https://api.example.no:8443/v1/x",
        ),
        ("postgresql://fag:${PASSORD}@db/fag?sslmode=require", "postgresql://db/fag"),
        ("${HELE}", "sftp://drop.example.no/inn/*.csv"),
        ("/data/drop/*.csv", "/data/drop/*.csv"),
        ("file:///data/a@b/*.csv", "file:///data/a@b/*.csv"),
        ("sqlite:////data/fag.db", "sqlite:////data/fag.db"),
    ],
)
def test_what_is_shown_holds_no_user_password_or_query(
    template: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSORD", "hemmelig")
    monkeypatch.setenv("HELE", "sftp://drop:hemmelig@drop.example.no/inn/*.csv")
    address = Address.of(template)
    assert address.shown == shown
    assert "hemmelig" not in repr(address)


def test_a_name_that_is_not_set_is_named() -> None:
    with pytest.raises(SourceRejected, match="DATASJO_NOT_SET_ANYWHERE is not set"):
        Address.of("https://${DATASJO_NOT_SET_ANYWHERE}/x")


def test_a_raw_slash_in_a_password_does_not_leak_it() -> None:
    with pytest.raises(SourceRejected, match="percent-encode") as caught:
        Address.of("sftp://drop:hem/melig@drop.example.no/inn")
    assert "melig" not in str(caught.value)
