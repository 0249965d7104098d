from __future__ import annotations

import re
import tomllib

import yaml

from tests.docs.documents import HOUSE, text_of

READERS = ["### For municipalities", "### For data users"]


def releases() -> dict[str, str]:
    """Version → what is said of it, the newest first."""
    parts = re.split(r"^## (\S+).*$", text_of("CHANGELOG.md"), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_the_newest_release_is_the_programs_version() -> None:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert next(iter(releases())) == project["version"]


def test_the_image_has_the_programs_version() -> None:
    compose = yaml.safe_load((HOUSE / "deploy/compose.yaml").read_text(encoding="utf-8"))
    images = {service["image"] for service in compose["services"].values()}
    assert images == {f"datasjo:{next(iter(releases()))}"}


def test_every_release_speaks_to_both_kinds_of_readers() -> None:
    for said in releases().values():
        assert re.findall(r"^### .*$", said, re.MULTILINE) == READERS
        assert all(re.search(rf"{heading}\n\n- ", said) for heading in READERS)
