from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.steps.publication.generations import fields_change, generation_of
from schemas.released import rows_file, stable_files, stem_of
from schemas.stages import FieldsChange, Release, Resource
from tests.pipelines.steps.released_site import NOW

NAMES = st.sampled_from(["at", "level", "place", "note"])
TYPES = st.dictionaries(NAMES, st.sampled_from(["string", "integer", "number m", "number"]))


def version(types: dict[str, str], generation: int = 1, *, retired: bool = False) -> Release:
    stem = stem_of("tide", generation)
    files = [Resource(f"{stem}.csv", "csv", "", 1, 1), Resource("receipt.json", "json", "", 1, 0)]
    return Release(
        municipality="1103",
        dataset="tide",
        version=f"{NOW:%Y}-{generation}-{len(types)}",
        released_at=NOW,
        resources=files,
        rows=1,
        newest_event=None,
        contract_version="1.0.0",
        receipt="",
        changes=(),
        retired_on=NOW.date() if retired else None,
        generation=generation,
        fields=types,
    )


def test_a_change_of_fields_tells_what_came_what_went_and_what_is_another_type() -> None:
    before = {"at": "timestamp", "level": "number cm", "note": "string", "place": "string"}
    after = {"at": "timestamp", "level": "number m", "place": "integer", "depth": "number m"}
    change = fields_change(before, after)
    assert change == FieldsChange(("depth",), ("note",), ("level", "place"))
    assert change.breaks


@given(before=TYPES, after=TYPES)
def test_only_a_field_that_went_or_is_another_type_breaks(
    before: dict[str, str], after: dict[str, str]
) -> None:
    keeps = all(after.get(name) == kind for name, kind in before.items())
    assert fields_change(before, after).breaks is not keeps
    assert fields_change(before, {**after, **before}).breaks is False


@given(history=st.lists(st.tuples(TYPES.filter(bool), st.booleans()), min_size=1, max_size=6))
def test_no_name_is_used_for_two_generations_also_where_versions_retired(
    history: list[tuple[dict[str, str], bool]],
) -> None:
    known: list[Release] = []
    for types, retired in history:
        generation = generation_of(known, types)
        broken = bool(known) and fields_change(known[-1].fields, types).breaks
        assert generation == (known[-1].generation if known else 1) + broken
        known.append(version(types, generation, retired=retired))
    held = stable_files(known)
    assert bool(held) is not history[-1][1]
    for name, release in held.items():
        assert release.retired_on is None
        assert name == "receipt.json" or name == rows_file(release, "csv").name
        later = [each for each in known if each.generation == release.generation]
        assert release is [each for each in later if each.retired_on is None][-1]


def test_what_was_recorded_before_fields_were_told_breaks_nothing() -> None:
    assert fields_change({}, {"at": "timestamp"}) == FieldsChange()
    assert generation_of([version({})], {"at": "timestamp"}) == 1
