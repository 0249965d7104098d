"""The words for personal data: what it tells, what it is used for, and whom it is about.

Keys are those of Fides (fideslang 3.1.4) where it has one; a municipality's own stand apart.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from schemas.contract import SubjectWord


class Label(NamedTuple):
    """What a key is called in Norwegian bokmål and in English."""

    nb: str
    en: str


FIDES: Final[Mapping[str, Label]] = {
    "user": Label("Opplysninger om en person", "Data on a person"),
    "user.account": Label("Konto", "Account"),
    "user.account.settings": Label("Kontoinnstillinger", "Account settings"),
    "user.account.username": Label("Brukernavn", "User name"),
    "user.authorization": Label("Tilganger", "Authorisation"),
    "user.authorization.biometric": Label("Biometrisk innlogging", "Biometric credentials"),
    "user.authorization.credentials": Label("Innlogging", "Credentials"),
    "user.authorization.password": Label("Passord", "Password"),
    "user.behavior": Label("Observert atferd", "Observed behaviour"),
    "user.behavior.browsing_history": Label("Nettlesing", "Browsing history"),
    "user.behavior.media_consumption": Label("Mediebruk", "Media consumption"),
    "user.behavior.purchase_history": Label("Kjøp", "Purchase history"),
    "user.behavior.search_history": Label("Søk", "Search history"),
    "user.biometric": Label("Biometri", "Biometric data"),
    "user.biometric.fingerprint": Label("Fingeravtrykk", "Fingerprint"),
    "user.biometric.health": Label("Biometriske helseopplysninger", "Biometric health data"),
    "user.biometric.retinal": Label("Netthinneskann", "Retina scan"),
    "user.biometric.voice": Label("Stemmeopptak", "Voice recording"),
    "user.childrens": Label("Opplysninger om barn", "Data on a child"),
    "user.contact": Label("Kontaktopplysninger", "Contact data"),
    "user.contact.address": Label("Adresse", "Address"),
    "user.contact.address.city": Label("Poststed", "City"),
    "user.contact.address.country": Label("Land", "Country"),
    "user.contact.address.postal_code": Label("Postnummer", "Postcode"),
    "user.contact.address.state": Label("Fylke", "County"),
    "user.contact.address.street": Label("Gateadresse", "Street address"),
    "user.contact.email": Label("E-postadresse", "E-mail address"),
    "user.contact.fax_number": Label("Faksnummer", "Fax number"),
    "user.contact.organization": Label("Organisasjon", "Organisation"),
    "user.contact.phone_number": Label("Telefonnummer", "Telephone number"),
    "user.contact.url": Label("Nettsted", "Web site"),
    "user.content": Label("Innhold fra en person", "Content of a person"),
    "user.content.private": Label("Privat innhold", "Private content"),
    "user.content.public": Label("Offentlig innhold", "Public content"),
    "user.content.self_image": Label("Bilde av personen", "Image of the person"),
    "user.criminal_history": Label("Straffedommer og lovovertredelser", "Criminal history"),
    "user.demographic": Label("Demografi", "Demographic data"),
    "user.demographic.age_range": Label("Alder eller aldersgruppe", "Age or age range"),
    "user.demographic.date_of_birth": Label("Fødselsdato", "Date of birth"),
    "user.demographic.gender": Label("Kjønn", "Gender"),
    "user.demographic.language": Label("Språk", "Language"),
    "user.demographic.marital_status": Label("Sivilstand", "Marital status"),
    "user.demographic.political_opinion": Label("Politisk oppfatning", "Political opinion"),
    "user.demographic.profile": Label("Profil", "Profile"),
    "user.demographic.race_ethnicity": Label("Etnisk opprinnelse", "Race or ethnicity"),
    "user.demographic.religious_belief": Label("Religion eller livssyn", "Religious belief"),
    "user.demographic.sexual_orientation": Label("Seksuell orientering", "Sexual orientation"),
    "user.device": Label("Utstyr", "Device"),
    "user.device.cookie": Label("Informasjonskapsel", "Cookie"),
    "user.device.cookie_id": Label("Informasjonskapselens id", "Cookie id"),
    "user.device.device_id": Label("Utstyrets id", "Device id"),
    "user.device.ip_address": Label("IP-adresse", "IP address"),
    "user.financial": Label("Økonomi", "Financial data"),
    "user.financial.bank_account": Label("Kontonummer", "Bank account"),
    "user.financial.credit_card": Label("Betalingskort", "Credit card"),
    "user.government_id": Label("Offentlig id", "Government id"),
    "user.government_id.birth_certificate": Label("Fødselsattest", "Birth certificate"),
    "user.government_id.drivers_license_number": Label("Førerkortnummer", "Driver's licence"),
    "user.government_id.immigration": Label("DUF-nummer", "Immigration id"),
    "user.government_id.national_identification_number": Label(
        "Fødselsnummer eller D-nummer", "National identity number"
    ),
    "user.government_id.passport_number": Label("Passnummer", "Passport number"),
    "user.government_id.vehicle_registration": Label("Kjøretøys kjennemerke", "Vehicle plate"),
    "user.health_and_medical": Label("Helse", "Health"),
    "user.health_and_medical.genetic": Label("Genetiske opplysninger", "Genetic data"),
    "user.health_and_medical.insurance_beneficiary_id": Label("Trygde-id", "Insurance id"),
    "user.health_and_medical.record_id": Label("Journalnummer", "Medical record id"),
    "user.job_title": Label("Stilling", "Job title"),
    "user.location": Label("Sted", "Location"),
    "user.location.imprecise": Label("Omtrentlig sted", "Imprecise location"),
    "user.location.precise": Label("Nøyaktig sted", "Precise location"),
    "user.name": Label("Navn", "Name"),
    "user.name.first": Label("Fornavn", "First name"),
    "user.name.last": Label("Etternavn", "Last name"),
    "user.payment": Label("Betaling", "Payment"),
    "user.privacy_preferences": Label("Personvernvalg", "Privacy preferences"),
    "user.sensor": Label("Sensordata om en person", "Sensor data on a person"),
    "user.social": Label("Sosiale forhold", "Social data"),
    "user.telemetry": Label("Telemetri", "Telemetry"),
    "user.unique_id": Label("Entydig id", "Unique id"),
    "user.unique_id.pseudonymous": Label("Pseudonym", "Pseudonym"),
    "user.user_sensor": Label("Personens egen sensor", "The person's own sensor"),
    "user.workplace": Label("Arbeidssted", "Workplace"),
    "system": Label("Opplysninger om et system", "System data"),
    "system.authentication": Label("Autentisering", "Authentication data"),
    "system.operations": Label("Drift", "Operations data"),
}
OWN: Final[Mapping[str, Label]] = {
    "user.behavior.key_use": Label("Bruk av digital nøkkel", "Use of a digital key"),
    "user.case": Label("Sak hos kommunen", "Case with the municipality"),
    "user.case.case_number": Label("Saksnummer", "Case number"),
    "user.case.party": Label("Part i en sak", "Party of a case"),
    "user.case.title": Label("Sakstittel", "Title of a case"),
    "user.demographic.household": Label("Husholdning", "Household"),
    "user.demographic.trade_union": Label("Fagforening", "Trade union membership"),
    "user.education": Label("Opplæring", "Education"),
    "user.education.class": Label("Skole, trinn eller klasse", "School, grade or class"),
    "user.education.support": Label("Individuell tilrettelegging", "Special education"),
    "user.health_and_medical.care_service": Label("Helse- og omsorgstjeneste", "Care service"),
    "user.health_and_medical.sickness_absence": Label("Sykefravær", "Sickness absence"),
    "user.health_and_medical.welfare_technology": Label(
        "Hendelse fra velferdsteknologi", "Event of welfare technology"
    ),
    "user.location.dwelling_id": Label("Bruksenhetsnummer", "Dwelling id"),
    "user.location.metering_point_id": Label("Målepunkt-id", "Metering point id"),
    "user.location.property_id": Label("Gårds- og bruksnummer", "Property id"),
    "user.social.child_welfare": Label("Barnevern", "Child welfare"),
    "user.social.social_service": Label("Sosialtjeneste", "Social service"),
    "user.unique_id.employee_number": Label("Ansattnummer", "Employee number"),
    "user.unique_id.sole_trader_number": Label(
        "Enkeltpersonforetaks organisasjonsnummer", "Organisation number of a sole trader"
    ),
    "user.workplace.attendance": Label("Arbeidstid og fravær", "Working time and absence"),
    "user.workplace.pay": Label("Lønn", "Pay"),
    "user.workplace.recruitment": Label("Rekruttering", "Recruitment"),
}
CATEGORIES: Final[Mapping[str, Label]] = {**FIDES, **OWN}

FIDES_USES: Final[Mapping[str, Label]] = {
    "analytics": Label("Analyse", "Analytics"),
    "analytics.reporting": Label("Rapportering", "Reporting"),
    "analytics.reporting.system": Label("Rapportering om systemer", "System activity"),
    "analytics.reporting.system.performance": Label("Ytelse", "System performance"),
    "collect": Label("Innsamling", "Collection"),
    "employment": Label("Arbeidsforhold", "Employment"),
    "employment.recruitment": Label("Rekruttering", "Recruitment"),
    "essential": Label("Nødvendig", "Essential"),
    "essential.fraud_detection": Label("Avdekking av svindel", "Fraud detection"),
    "essential.legal_obligation": Label("Rettslig forpliktelse", "Legal obligation"),
    "essential.service": Label("Tjeneste til innbyggere", "Service to inhabitants"),
    "essential.service.authentication": Label("Innlogging", "Authentication"),
    "essential.service.notifications": Label("Varsling", "Notifications"),
    "essential.service.notifications.email": Label("Varsling på e-post", "E-mail notifications"),
    "essential.service.notifications.sms": Label("Varsling på SMS", "SMS notifications"),
    "essential.service.operations": Label("Drift av tjenesten", "Operations of a service"),
    "essential.service.operations.improve": Label("Bedre drift", "Better operations"),
    "essential.service.operations.support": Label("Brukerstøtte", "Support"),
    "essential.service.payment_processing": Label("Betaling", "Payment"),
    "essential.service.security": Label("Sikkerhet", "Security"),
    "essential.service.upgrades": Label("Oppgradering", "Upgrades"),
    "finance": Label("Økonomi", "Finance"),
    "functional": Label("Funksjon", "Function"),
    "functional.service": Label("Tjenestens funksjon", "Function of a service"),
    "functional.service.improve": Label("Bedre tjenester", "Better services"),
    "operations": Label("Drift", "Operations"),
    "third_party_sharing": Label("Deling med andre", "Sharing with others"),
    "third_party_sharing.legal_obligation": Label("Pliktig deling", "Sharing by legal duty"),
    "train_ai_system": Label("Trening av kunstig intelligens", "Training of an AI system"),
}
OWN_USES: Final[Mapping[str, Label]] = {
    "municipal": Label("Kommunens egne formål", "A municipality's own purposes"),
    "municipal.archive": Label("Arkivering i allmennhetens interesse", "Archiving"),
    "municipal.emergency": Label("Beredskap", "Emergency preparedness"),
    "municipal.planning": Label("Planlegging av tjenester", "Planning of services"),
    "municipal.research": Label("Forskning", "Research"),
    "municipal.statistics": Label("Statistikk", "Statistics"),
    "municipal.supervision": Label("Tilsyn og kontroll", "Supervision"),
}
USES: Final[Mapping[str, Label]] = {**FIDES_USES, **OWN_USES}

SUBJECTS: Final[Mapping[SubjectWord, Label]] = {
    "inhabitant": Label("Innbyggere", "Inhabitants"),
    "employee": Label("Ansatte", "Employees"),
    "pupil": Label("Elever", "Pupils"),
    "patient": Label("Pasienter og tjenestemottakere", "Patients and receivers of care"),
    "next_of_kin": Label("Pårørende", "Next of kin"),
    "visitor": Label("Besøkende", "Visitors"),
}
IDENTITIES: Final[Mapping[str, str]] = {
    "user.government_id.national_identification_number": "national_id",
    "user.contact.phone_number": "phone",
    "user.contact.email": "email",
}


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is most like another."""
    (found,) = difflib.get_close_matches(word, known, n=1, cutoff=0)
    return found


def governing(category: str, rules: Iterable[str]) -> str | None:
    """The longest of the rules' keys that the category is or stands under; None where none is."""
    parts = category.split(".")
    prefixes = {".".join(parts[:length]) for length in range(1, len(parts) + 1)}
    return max(prefixes.intersection(rules), key=len, default=None)
