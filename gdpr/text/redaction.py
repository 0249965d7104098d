"""Free text with what tells of a person taken out, and a word in brackets in its place.

Numbers are taken by their shape and never by their check digits: a mistyped number is as personal
as a right one. When in doubt, it is taken, and no eight digits in a row are left.
"""

from __future__ import annotations

from functools import partial

import polars as pl

from gdpr.identifiers.contact import EMAIL_PATTERN
from gdpr.text.names import without_names
from gdpr.text.rewriting import KNOWN, Rule, rewritten, where
from gdpr.text.telling_numbers import EMAIL, LEFT, NUMBER, left_rules, number_rules
from gdpr.text.telling_places import place_rules
from schemas.errors import PolicyBreach

# what is not Latin as it is usually written, and what nobody sees
_UNUSUAL = r"[^\x{00}-\x{ac}\x{ae}-\x{17f}\x{2010}-\x{2027}\x{202f}-\x{205f}\x{20ac}]"
_UNSEEN = rf"[\p{{Cf}}{KNOWN}]"
_FOREIGN_DIGITS = r"[\p{Nd}&&[^0-9]](?:[ .\-]?\p{Nd}){3,}"
_NUMBERS = r"[0-9](?:[^0-9\p{L}]{0,3}[0-9]){3}|(?:[Ff]ød|[Bb]orn|[Bb]irth|dag).*[0-9]"
_EMAILS = (Rule(EMAIL_PATTERN, EMAIL),)


def redact(values: pl.Series) -> pl.Series:
    """The texts without what tells of a person; null stays null, and empty stays empty.

    Person numbers, account numbers, telephone numbers, e-mail addresses, plates, street addresses
    with their postcodes, dates of birth and names become words such as [fødselsnummer].

    Raises:
        PolicyBreach: the values are no text.
    """
    if values.dtype != pl.String:
        raise PolicyBreach(f"{values.name}: redact is of text, not {values.dtype}")
    texts = where(values, _UNUSUAL, _usual)
    texts = where(texts, "@", partial(rewritten, rules=_EMAILS))
    texts = where(texts, _NUMBERS, partial(rewritten, rules=number_rules()))
    texts = where(texts, LEFT, partial(rewritten, rules=left_rules()))
    texts = where(texts, "[0-9]", partial(rewritten, rules=place_rules()))
    return without_names(texts).str.replace_all(KNOWN, "", literal=True)


def _usual(texts: pl.Series) -> pl.Series:
    plain = texts.str.replace_all(_UNSEEN, "").str.normalize("NFKC")
    return plain.str.replace_all(_FOREIGN_DIGITS, NUMBER)
