"""Columns of Norwegian numbers, as text in its usual groups or as whole numbers.

A pattern says how a number is written, in Polars' regular expressions; a function also whether it
holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from gdpr.identifiers.digits import (
    ACCOUNT_WIDTH,
    ORGANISATION_WIDTH,
    PERSON_KINDS,
    PERSON_WIDTH,
    Digits,
    account_numbers,
    organisation_numbers,
    person_kinds,
)
from gdpr.identifiers.written import written
from gdpr.pseudonyms.cmac import contents

_GAP = r"[ .\x{a0}\x{202f}-]?"
PERSON_NUMBER_PATTERN = rf"[0-9]{{2}}{_GAP}[0-9]{{2}}{_GAP}[0-9]{{2}}{_GAP}[0-9]{{5}}"
ACCOUNT_NUMBER_PATTERN = rf"[0-9]{{4}}{_GAP}[0-9]{{2}}{_GAP}[0-9]{{5}}"
ORGANISATION_NUMBER_PATTERN = rf"[0-9]{{3}}{_GAP}[0-9]{{3}}{_GAP}[0-9]{{3}}"

Check = Callable[[Digits], NDArray[np.generic]]
_NONE = np.empty(0, np.uint8)
# spreadsheets lose a leading nought
_SHORT = "[0-9]{10}"


@dataclass(frozen=True, slots=True)
class _Form:
    """How a number may be written, and its digits."""

    pattern: str
    width: int


_PERSON = _Form(f"^(?:{PERSON_NUMBER_PATTERN}|{_SHORT})$", PERSON_WIDTH)
_ACCOUNT = _Form(f"^(?:{ACCOUNT_NUMBER_PATTERN}|{_SHORT})$", ACCOUNT_WIDTH)
_ORGANISATION = _Form(
    f"^(?i:NO{_GAP})?{ORGANISATION_NUMBER_PATTERN}(?i:{_GAP}MVA)?$", ORGANISATION_WIDTH
)


def person_number_kind(values: pl.Series) -> pl.Series:
    """The word of PERSON_KINDS for each person's number; null where a value is none."""
    words = pl.Series(values.name, PERSON_KINDS)
    codes = _checked(values, _PERSON, person_kinds)
    return words.gather(codes.set(codes == 0, None))


def is_person_number(values: pl.Series) -> pl.Series:
    """Whether each value is a person's number of any kind; null stays null."""
    return _checked(values, _PERSON, person_kinds) > 0


def is_organisation_number(values: pl.Series) -> pl.Series:
    """Whether each value is an organisation number, as by NO ... MVA; null stays null."""
    return _checked(values, _ORGANISATION, organisation_numbers)


def is_account_number(values: pl.Series) -> pl.Series:
    """Whether each value is an account number and no person's number; null stays null."""
    return _checked(values, _ACCOUNT, account_numbers)


def _checked(values: pl.Series, form: _Form, check: Check) -> pl.Series:
    """What the check says of each value, and of what is not written in that form: nought."""
    digits = _digits(values, form)
    found = check(_matrix(digits.drop_nulls(), form.width))
    told = np.zeros(len(values), found.dtype)
    told[digits.is_not_null().to_numpy()] = found
    return pl.Series(values.name, told).set(values.is_null(), None)


def _digits(values: pl.Series, form: _Form) -> pl.Series:
    """The digits of each value alone, all that the form has; null where it has another form."""
    text = written(values)
    plain = text.set(~text.str.contains(form.pattern), None)
    if (plain.str.len_bytes() == form.width).all():
        return plain
    return plain.str.replace_all("[^0-9]", "").str.zfill(form.width)


def _matrix(digits: pl.Series, width: int) -> Digits:
    return np.concatenate([_NONE, *contents(digits)]).reshape(-1, width)
