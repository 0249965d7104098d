"""What each kind of personal data is known by, and what is suggested for a field that has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from gdpr.identifiers.addresses import is_postcode_place, is_street_address
from gdpr.identifiers.contact import is_email_address, is_phone_number
from gdpr.identifiers.names import is_given_name, is_person_name, is_surname
from gdpr.identifiers.numbers import is_account_number, is_organisation_number, is_person_number
from gdpr.identifiers.plates import is_vehicle_plate
from gdpr.identifiers.sureness import (
    are_accounts,
    are_organisations,
    are_sentences,
    is_car,
    is_grouped_phone,
    is_ip_address,
    is_postcode,
    mention_somebody,
)

Test = Callable[[pl.Series], pl.Series]
_PERSON = "{use: pseudonym, domain: person}"
_DROP = "{use: drop}"
_MOST, _SOME = 0.5, 0.05
_WHO = (
    "kontakt|contact|melder|bruker|user|kunde|customer|eier|owner|ansatt|employee|person|"
    "innbygger|citizen|organizer|arrangor|leder|responsible|elev(?!at)|pupil|student|pasient|patient|"
    "foresatt|parorende|sjafor|driver"
)


@dataclass(frozen=True, slots=True)
class Sign:
    """A kind of personal data.

    `named` is a pattern that its column's name has, in a contract's letters; `fits` tells which
    values are of the kind; `alone` which are so surely of it that no name is needed where more than
    the share `enough` are.
    """

    kind: str
    called: str
    category: str
    classification: str = "identifier"
    mask: str = _DROP
    named: str | None = None
    fits: Test | None = None
    alone: Test | None = None
    enough: float = _MOST


# the order counts: every person's number is an account number too
SIGNS: tuple[Sign, ...] = (
    Sign(
        "national_id",
        "fødselsnummer",
        "user.government_id.national_identification_number",
        mask=_PERSON,
        named=r"fnr|fodselsn|personn(umme)?r|(^|_)ssn|national_id|(^|_)d_?(nummer|nr)$",
        fits=is_person_number,
        alone=is_person_number,
        enough=_SOME,
    ),
    Sign(
        "email",
        "e-mail addresses",
        "user.contact.email",
        named="epost|e_post|e?mail",
        fits=is_email_address,
        alone=is_email_address,
        enough=_SOME,
    ),
    Sign(
        "account_number",
        "account numbers",
        "user.financial.bank_account",
        named=r"konto(_?(nummer|nr))?$|bank_account|iban",
        fits=is_account_number,
        alone=are_accounts,
    ),
    Sign(
        "organisation_number",
        "organisation numbers: a sole trader's is personal",
        "user.unique_id.sole_trader_number",
        mask="{use: pseudonym, domain: organisation}",
        named="org(anisasjons?|ani[sz]ation)?_?(nummer|nr|number)",
        fits=is_organisation_number,
        alone=are_organisations,
    ),
    Sign(
        "phone",
        "telephone numbers",
        "user.contact.phone_number",
        named="telefon|phone|mobil|tlf",
        fits=is_phone_number,
        alone=is_grouped_phone,
    ),
    Sign(
        "vehicle_plate",
        "vehicle plates",
        "user.government_id.vehicle_registration",
        named="regnr|skilt|licen[cs]e_plate|kjennemerke|registreringsn",
        fits=is_vehicle_plate,
        alone=is_car,
    ),
    Sign(
        "ip_address",
        "IP addresses",
        "user.device.ip_address",
        named=r"(^|_)ip(_?(adr|addr)|$)",
        fits=is_ip_address,
        alone=is_ip_address,
    ),
    Sign(
        "given_name",
        "given names",
        "user.name.first",
        named="fornavn|given_name|first_name",
        fits=is_given_name,
    ),
    Sign(
        "surname",
        "surnames",
        "user.name.last",
        named="etternavn|surname|family_name|last_name",
        fits=is_surname,
    ),
    Sign(
        "person_name",
        "names of persons",
        "user.name",
        named=f"({_WHO}|full)(.*_)?(navn|name)|organizer|saksbehandler$",
        fits=is_person_name,
        alone=is_person_name,
    ),
    Sign(
        "person_id",
        "ids of persons",
        "user.unique_id",
        mask=_PERSON,
        named=f"({_WHO})(.*_)?(id|nr|number|nummer)$",
    ),
    Sign(
        "health",
        "about health",
        "user.health_and_medical",
        "special",
        named="diagnos|helse|health|sykdom|sykefrav|medisin|medici",
    ),
    Sign(
        "belief",
        "about belief",
        "user.demographic.religious_belief",
        "special",
        named="religi|livssyn|trossamf",
    ),
    Sign(
        "ethnicity",
        "about ethnic origin",
        "user.demographic.race_ethnicity",
        "special",
        named="etnisk|etnisitet|ethnic",
    ),
    Sign(
        "trade_union",
        "about trade unions",
        "user.demographic.trade_union",
        "special",
        named="fagforening|trade_union",
    ),
    Sign(
        "criminal_history",
        "about offences",
        "user.criminal_history",
        "special",
        named="straff|criminal|lovbrudd",
    ),
    Sign(
        "child_welfare",
        "about child welfare",
        "user.social.child_welfare",
        "special",
        named="barnevern|child_welfare",
    ),
    Sign(
        "postcode",
        "postcodes",
        "user.contact.address.postal_code",
        "personal",
        "{use: truncate, length: 2}",
        named="postn|zip|postal|post_?code",
        fits=is_postcode,
        alone=is_postcode_place,
    ),
    Sign(
        "street",
        "street addresses",
        "user.contact.address.street",
        "personal",
        named="adress|address|gate(navn)?$|street",
        fits=is_street_address,
        alone=is_street_address,
    ),
    Sign(
        "birth_date",
        "dates of birth",
        "user.demographic.date_of_birth",
        "personal",
        "{use: generalise, to: year}",
        named="fodt|fodselsd|birth|(^|_)fdato",
    ),
    Sign(
        "age",
        "ages",
        "user.demographic.age_range",
        "personal",
        "{use: generalise, bands: [18, 67]}",
        named=r"\b(alder|age)\b|_(alder|age)$",
    ),
    Sign(
        "gender",
        "genders",
        "user.demographic.gender",
        "personal",
        named="kjonn|gender",
    ),
    Sign(
        "pay",
        "pay",
        "user.workplace.pay",
        "personal",
        named="lonn(?!e)|salary",
    ),
    Sign(
        "free_text",
        "free text",
        "user.content",
        "free_text",
        named="beskriv|descri|komment|comment|merknad|notat|note|fritekst|free_text",
    ),
)
# what no name tells of: judged last, of text that is of no other kind
TEXTS: tuple[Sign, ...] = (
    Sign("free_text", "sentences", "user.content", "free_text", alone=are_sentences),
    Sign(
        "free_text",
        "text that mentions somebody",
        "user.content",
        "free_text",
        alone=mention_somebody,
        enough=_SOME,
    ),
)
