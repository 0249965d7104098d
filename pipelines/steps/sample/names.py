"""From a source's names to a contract's: small letters, digits and underscores."""

import re
from collections.abc import Collection, Sequence

_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ö": "o", "ä": "a", "ü": "u", "é": "e"})
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_OTHER = re.compile(r"[^a-z0-9]+")
_LONGEST = 63


def field_names(paths: Sequence[str]) -> dict[str, str]:
    """Source path → field name: the path's last step, with steps before it where it needs them."""
    names: dict[str, str] = {}
    for path in paths:
        names[path] = _free(path, set(names.values()))
    return names


def snake(text: str) -> str:
    """The text as a field's name; never empty."""
    plain = _HUMP.sub("_", text).lower().translate(_LETTERS)
    word = _OTHER.sub("_", plain).strip("_")[:_LONGEST]
    return word if word[:1].isalpha() else f"field_{word}".rstrip("_")


def _free(path: str, taken: Collection[str]) -> str:
    steps = path.split(".")
    for count in range(1, len(steps) + 1):
        name = snake("_".join(steps[-count:]))
        if name not in taken:
            return name
    numbers = range(2, len(taken) + 3)
    return next(name for n in numbers if (name := f"{snake(steps[-1])}_{n}") not in taken)
