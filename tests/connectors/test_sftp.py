"""Files dropped behind SFTP, on a real server."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from connectors.files import FilesSource
from schemas import source as spec
from schemas.errors import SourceRejected, SourceUnavailable
from schemas.stages import Batch, Window
from tests.connectors.sftp_site import PASSWORD, USER, SftpSite, sftp_site
from tests.fakes import RememberedBatches

pytestmark = pytest.mark.live
TODAY = Window(dt.date(2026, 11, 20), dt.date(2026, 11, 20))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "served"
    (path / "inn").mkdir(parents=True)
    return path


@pytest.fixture
def site(folder: Path, tmp_path: Path) -> Iterator[SftpSite]:
    with sftp_site(folder, tmp_path) as running:
        yield running


def fetched(
    url: str, site: SftpSite, memory: RememberedBatches | None = None, **words: object
) -> list[Batch]:
    options = {"known_hosts": str(site.known_hosts), **words.pop("options", {})}
    document = {"engine": "files", "url": url, "options": options, **words}
    binding = spec.FilesSource.model_validate(document)
    return list(FilesSource(binding, memory or RememberedBatches()).fetch(TODAY))


def test_files_are_streamed_skipped_and_renamed(folder: Path, site: SftpSite) -> None:
    big = bytes(range(256)) * 20_000
    (folder / "inn" / "b.csv").write_bytes(big)
    (folder / "inn" / "a.csv").write_bytes(b"a;b\n")
    (folder / "inn" / "c.csv.filepart").write_bytes(b"half")
    url = f"sftp://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{site.port}/inn/*"
    memory = RememberedBatches()
    batches = fetched(url, site, memory)
    assert [batch.source_url for batch in batches] == [
        f"sftp://127.0.0.1:{site.port}/inn/a.csv",
        f"sftp://127.0.0.1:{site.port}/inn/b.csv",
    ]
    assert [memory.land(batch) for batch in batches] == [b"a;b\n", big]
    assert fetched(url, site, memory) == []
    assert fetched(url, site, memory, rename_when_done=".done") == []
    assert sorted(path.name for path in (folder / "inn").iterdir()) == [
        "a.csv.done",
        "b.csv.done",
        "c.csv.filepart",
    ]


def test_a_key_from_the_options_opens_the_door(
    folder: Path, site: SftpSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "inn" / "a.csv").write_bytes(b"a;b\n")
    monkeypatch.setenv("DROP_KEY", str(site.client_key))
    options = {"username": USER, "client_keys": "${DROP_KEY}"}
    [batch] = fetched(f"sftp://127.0.0.1:{site.port}/inn/*.csv", site, options=options)
    assert RememberedBatches().land(batch) == b"a;b\n"


@pytest.mark.parametrize(
    ("login", "options", "says"),
    [
        (f"{USER}:hemmelig@", {"client_keys": ""}, "refuses access"),
        (f"{USER}:hemmelig@", {"known_hosts": "/dev/null"}, "host key is not in known_hosts"),
        (
            f"{USER}:hemmelig@",
            {"client_keys": "/nowhere/key"},
            "a file that the options name does not exist",
        ),
    ],
)
def test_a_refusal_is_one_line_without_the_password(
    site: SftpSite, login: str, options: dict[str, str], says: str
) -> None:
    with pytest.raises((SourceRejected, SourceUnavailable), match=says) as caught:
        fetched(f"sftp://{login}127.0.0.1:{site.port}/inn/*.csv", site, options=options)
    assert "hemmelig" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_missing_folder_is_rejected(site: SftpSite) -> None:
    url = f"sftp://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{site.port}/ut/*.csv"
    with pytest.raises(SourceRejected, match="/ut is not a folder"):
        fetched(url, site)


def test_a_server_that_is_down_may_come_back(site: SftpSite) -> None:
    with pytest.raises(SourceUnavailable, match="cannot be reached"):
        fetched(f"sftp://{USER}:hemmelig@127.0.0.1:1/inn/*.csv", site)
