"""Values that are surely of a kind, without a column's name to say so."""

from __future__ import annotations

import polars as pl

from gdpr.identifiers.addresses import is_postcode_place
from gdpr.identifiers.contact import EMAIL_PATTERN, is_phone_number
from gdpr.identifiers.names import person_name_pattern
from gdpr.identifiers.numbers import is_account_number, is_organisation_number
from gdpr.identifiers.plates import is_vehicle_plate
from gdpr.identifiers.written import written

_SEVERAL = 3
_LONG_TEXT = 40


def is_grouped_phone(values: pl.Series) -> pl.Series:
    """Whether each value is a telephone number and is written as no other number would be."""
    return is_phone_number(values) & ~written(values).str.contains("^[0-9]+$")


def is_car(values: pl.Series) -> pl.Series:
    """Whether each value is a car's plate, where letters vary: ids of stations may look so."""
    text = written(values)
    return _if_several(text.str.head(2), is_vehicle_plate(text) & text.str.contains("[0-9]{5}$"))


def are_accounts(values: pl.Series) -> pl.Series:
    """Whether each value is an account number, where there are several such values."""
    return _if_several(values, is_account_number(values))


def are_organisations(values: pl.Series) -> pl.Series:
    """Whether each value is an organisation number, where there are several such values."""
    return _if_several(values, is_organisation_number(values))


def _if_several(marks: pl.Series, fits: pl.Series) -> pl.Series:
    """What fits, where it has several marks; one number in eleven has a control digit by chance."""
    several = marks.filter(fits).n_unique() >= _SEVERAL
    return fits & pl.repeat(several, len(fits), eager=True)


def is_postcode(values: pl.Series) -> pl.Series:
    """Whether each value is a postcode, with its place or without."""
    return is_postcode_place(values) | written(values).str.contains("^[0-9]{4}$")


def is_ip_address(values: pl.Series) -> pl.Series:
    """Whether each value is an IP address of version 4."""
    return written(values).str.contains(r"^(?:[0-9]{1,3}\.){3}[0-9]{1,3}$")


def are_sentences(values: pl.Series) -> pl.Series:
    """Whether each text is long and no other before it is the same."""
    return (values.str.len_chars() > _LONG_TEXT) & values.is_first_distinct()


def mention_somebody(values: pl.Series) -> pl.Series:
    """Whether a person's name or an e-mail address stands in each text."""
    return values.str.contains(EMAIL_PATTERN) | values.str.contains(person_name_pattern())
