from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from gdpr.pseudonyms.concealing import Concealing
from pipelines.steps.key_life import begin_rotation, end_rotation, wrap
from pipelines.steps.keys import key_place, keyring_of
from pipelines.steps.refine import refine
from pipelines.steps.renew import renew
from pipelines.steps.site import Site
from tests.builders import LEVEL, OBSERVED, SENSOR, contract, field, landed, site

FEW = settings(max_examples=6, deadline=None)
PERSONAL = {"classification": "identifier", "purpose": "a test"}
BOUND = contract(
    SENSOR,
    OBSERVED,
    LEVEL,
    field("person", "string", mask={"use": "reversible"}, **PERSONAL),
    field("formed", "string", mask={"use": "format_preserving"}, **PERSONAL),
)
HEADER = "sensor_id,observed_at,level_m,person,formed\n"
ROTATE = None
# a batch of rows, each a sensor, a day and a person, or a rotation
Row = tuple[str, int, int]
rows = st.tuples(st.sampled_from("ab"), st.integers(2, 4), st.integers(0, 3))
stories = st.lists(st.lists(rows, min_size=1, max_size=4) | st.just(ROTATE), min_size=1, max_size=4)


@contextmanager
def wrapped() -> Iterator[Site]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "network.key").write_text("ab" * 32, encoding="ascii")
        where = dataclasses.replace(site(folder, BOUND), root_key=f"{folder}/network.key")
        wrap(key_place(where.municipality, where.root_key))
        yield where


def bring(where: Site, batch: list[Row], number: int) -> None:
    lines = [
        f"{sensor},2026-11-{day:02d}T{number:02d}:00:00Z,1,{person:07d},{person:07d}\n"
        for sensor, day, person in batch
    ]
    for before in Path(where.binding.source.url).parent.iterdir():
        before.unlink()
    landed(where, HEADER + "".join(lines), f"{number}.csv")
    assert refine(where)


def rotate(where: Site) -> None:
    place = key_place(where.municipality, where.root_key)
    begin_rotation(place)
    renew(where)
    end_rotation(place)


def told(where: Site, *, rotating: bool, story: list[list[Row] | None]) -> list[tuple[object, ...]]:
    """What the lake holds in the end, with the persons behind the pseudonyms."""
    for number, step in enumerate(story):
        if step is not ROTATE:
            bring(where, step, number)
        elif rotating:
            rotate(where)
    if all(step is ROTATE for step in story):
        return []
    made = where.lake.scan().collect().sort("sensor_id", "observed_at")
    ring, recorded = keyring_of(where), where.lake.snapshot().pseudonyms
    for name in ("person", "formed"):
        behind = Concealing.of(BOUND.field(name), ring, recorded[name].version)
        assert behind is not None
        assert behind.record == recorded[name]
        assert made[name].n_unique() == behind.reveal(made[name]).n_unique()
        made = made.with_columns(behind.reveal(made[name]))
    return made.rows()


@FEW
@given(stories)
def test_rotations_in_between_change_nothing_but_the_pseudonyms(
    story: list[list[Row] | None],
) -> None:
    with wrapped() as where:
        plain = told(where, rotating=False, story=story)
    with wrapped() as where:
        assert told(where, rotating=True, story=story) == plain
