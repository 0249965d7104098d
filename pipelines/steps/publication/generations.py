"""When files of rows get other names: a reader of the version before might fail on the new one."""

from collections.abc import Mapping, Sequence

from schemas.stages import FieldsChange, Release


def fields_change(before: Mapping[str, str], after: Mapping[str, str]) -> FieldsChange:
    """What became of the released fields, whose types are given by name; nothing where none were.

    Any other type or unit counts as another: who reads whole numbers fails on decimal ones, and
    who reads metres is wrong about feet. A field that is new breaks nobody who reads by name.
    """
    if not before:
        return FieldsChange()
    return FieldsChange(
        added=tuple(name for name in after if name not in before),
        removed=tuple(name for name in before if name not in after),
        retyped=tuple(name for name in after if before.get(name, after[name]) != after[name]),
    )


def generation_of(releases: Sequence[Release], types: Mapping[str, str]) -> int:
    """The generation of a version with fields of these types after those, retired ones as well."""
    if not releases:
        return 1
    newest = releases[-1]
    return newest.generation + int(fields_change(newest.fields, types).breaks)
