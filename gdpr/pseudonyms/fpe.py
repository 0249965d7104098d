"""FF1 (NIST SP 800-38G) over columns of digits: as many digits as before, and the key undoes it.

Only where a system insists on the format: a value of digits cannot tell that it was made with the
wrong key. A person's number becomes digits that are no person's number.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
from fastfpe import ff1

from gdpr.identifiers.numbers import is_person_number
from gdpr.pseudonyms.cmac import spread
from schemas.errors import KeyUnavailable, PolicyBreach

LEAST_DIGITS = 6
DIGITS = "0123456789"
_TAKEN = rf"^[0-9]{{{LEAST_DIGITS},}}$"
# half of the ten digits on: twice is nothing, and never both control digits that hold
_SHIFTED = str.maketrans(DIGITS, "5678901234")

Step = Callable[[str, str, str, str], str]


class Ff1:
    """FF1 with AES under one key of 16, 24 or 32 bytes, and no tweak: the key tells fields apart.

    Encryption takes every number of six digits or more but one: a person's number whose two control
    digits are both five off. The person's number takes its place.
    """

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key.hex()

    def encrypt(self, values: pl.Series) -> pl.Series:
        """Each value as other digits of the same width; null stays null.

        Raises:
            PolicyBreach: some values are not of digits, or of fewer than six; names the column.
        """
        _require_digits(values)
        return _of_present(values, self._encrypted)

    def decrypt(self, values: pl.Series) -> pl.Series:
        """The values that `encrypt` was given under the same key.

        Raises:
            KeyUnavailable: some cannot have been made by `encrypt`; names the column.
        """
        made = values.str.contains(_TAKEN) & ~is_person_number(values)
        if not made.all():
            raise KeyUnavailable(f"{values.name}: the values were not all made with this key")
        return _of_present(values, self._decrypted)

    def _encrypted(self, values: pl.Series) -> pl.Series:
        persons = is_person_number(values)
        shifted = _shifted(values)
        if (~persons & is_person_number(shifted)).any():
            raise PolicyBreach(
                f"{values.name}: a value is a person's number with other control digits; "
                "mend the source, or use reversible"
            )
        return self._walked(shifted.zip_with(persons, values), ff1.encrypt)

    def _decrypted(self, values: pl.Series) -> pl.Series:
        walked = self._walked(values, ff1.decrypt)
        shifted = _shifted(walked)
        return shifted.zip_with(is_person_number(shifted), walked)

    def _walked(self, values: pl.Series, step: Step) -> pl.Series:
        """One step from each value, and more from where that is a person's number.

        No value that it is given is one, so the walk is a permutation of those that are none.
        """
        out = [step(self._key, "", DIGITS, value) for value in values]
        while (rows := is_person_number(pl.Series(out, dtype=pl.String)).arg_true()).len():
            for row in rows:
                out[row] = step(self._key, "", DIGITS, out[row])
        return pl.Series(out, dtype=pl.String)


def _require_digits(values: pl.Series) -> None:
    if not values.str.contains(_TAKEN).all():
        raise PolicyBreach(
            f"{values.name}: format_preserving takes numbers of {LEAST_DIGITS} digits or more, "
            "for fewer than a million can be tried one by one; use pseudonym"
        )


def _shifted(values: pl.Series) -> pl.Series:
    return pl.Series([f"{v[:-2]}{v[-2:].translate(_SHIFTED)}" for v in values], dtype=pl.String)


def _of_present(values: pl.Series, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
    present = values.drop_nulls()
    changed = change(present)
    whole = changed if len(present) == len(values) else spread(changed, values.is_not_null())
    return whole.alias(values.name)
