"""The pseudonym mask: a keyed one-way name for a value, the same wherever the key is the same."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from gdpr.keys import Key
from gdpr.pseudonyms.cmac import Bytes, contents, series_of, spread, tags
from schemas.errors import PolicyBreach

# consonants only: no digit, so no pseudonym holds a number that a leak scan must fear or that a
# spreadsheet reads as one; no vowel, so none holds a name
LETTERS = "bcdfghjklmnpqrst"
PATTERN = rf"^[{LETTERS}]{{32}}$"
_FIRST, _LAST = (np.uint8(ord(printable)) for printable in "!~")
# every character before U+0300 is its own NFC
_MAYBE_DECOMPOSED = r"[^\x{0}-\x{2FF}]"
_SPACED_NUMBER = r"^[+-]?[0-9]+\s[0-9\s]*$"


def pseudonym(values: pl.Series, key: Key) -> pl.Series:
    """128 bits of AES-CMAC over each value's canonical text, as 32 letters that match PATTERN.

    Null stays null; the empty text has a pseudonym.

    Raises:
        PolicyBreach: the values are neither text, whole numbers nor dates.
    """
    text = canonical(values)
    present = text.drop_nulls()
    named = _spelled(tags(present, key.material())).alias(values.name)
    return named if len(present) == len(text) else spread(named, text.is_not_null())


def canonical(values: pl.Series) -> pl.Series:
    """The text that stands for each value, so that what means the same gets the same pseudonym.

    - Text is in Unicode NFC, without white space around it; case and leading zeros count.
    - Digits, with or without one sign before them, lose the white space between them.
    - A whole number is its decimal digits, without leading zeros; a date is YYYY-MM-DD.

    Raises:
        PolicyBreach: the values are neither text, whole numbers nor dates.
    """
    if not _has_text(values.dtype):
        raise PolicyBreach(
            f"{values.name}: a pseudonym is of text, a whole number or a date, not {values.dtype}"
        )
    text = values.cast(pl.String)
    return text if all(map(_is_tidy, contents(text))) else _tidied(text)


def _has_text(dtype: pl.DataType) -> bool:
    words = (pl.String, pl.Categorical, pl.Enum, pl.Date, pl.Null)
    return dtype.is_integer() or isinstance(dtype, words)


def _is_tidy(content: Bytes) -> bool:
    # one comparison for both ends: below the first, the difference wraps round
    return bool((content - _FIRST <= _LAST - _FIRST).all())


def _tidied(text: pl.Series) -> pl.Series:
    composed = _changed(text, text.str.contains(_MAYBE_DECOMPOSED), _composed).str.strip_chars()
    return _changed(composed, composed.str.contains(_SPACED_NUMBER), _unspaced)


def _changed(
    text: pl.Series, where: pl.Series, change: Callable[[pl.Series], pl.Series]
) -> pl.Series:
    rows = where.fill_null(value=False)
    return spread(change(text.filter(rows)), rows).zip_with(rows, text) if rows.any() else text


def _composed(text: pl.Series) -> pl.Series:
    return text.str.normalize("NFC")


def _unspaced(text: pl.Series) -> pl.Series:
    return text.str.replace_all(r"\s", "")


def _spelled(rows: Bytes) -> pl.Series:
    letters = np.frombuffer(LETTERS.encode(), np.uint8)
    pairs = np.stack([letters.repeat(16), np.tile(letters, 16)], axis=1).view(np.uint16).ravel()
    # two bytes at a time take half the look-ups
    fours = pairs[np.arange(1 << 16, dtype=np.uint16).view(np.uint8)].view(np.uint32)
    return series_of(fours[rows.view(np.uint16)].view(np.uint8)).cast(pl.String)
