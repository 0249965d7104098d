"""Who publishes a dataset: the municipality that releases it, or a body that it releases for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from schemas.errors import Problem
from schemas.model import Bilingual
from schemas.municipality import Approval, Municipality
from schemas.network import Organisation, PortalSite

_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "đ": "d", "ŋ": "n", "ŧ": "t"})
_BETWEEN = re.compile(r"[^a-z0-9]+")


def own_organisation(owner: Municipality, name: str | None = None) -> Organisation:
    """The municipality as a publisher, under the name on portals that is given, or its own."""
    return Organisation(
        organisation=name or owner.organisation or _slug(owner),
        name=Bilingual(nb=owner.name.nb, en=owner.name.en or owner.name.nb),
        organisation_number=owner.organisation_number,
        contact=owner.contact,
    )


def named_publisher(portal: PortalSite, organisation: str) -> Organisation | None:
    """The network's publisher of that name; None where it names none such."""
    return next((each for each in portal.publishers if each.organisation == organisation), None)


def publisher_of(
    owner: Municipality, approval: Approval | None, named: Organisation | None
) -> Organisation:
    """Who publishes a dataset, with the contact that answers for it.

    That is the network's publisher of the approval's organisation where there is one, `named`;
    otherwise the municipality.
    """
    if approval is None:
        return own_organisation(owner)
    publisher = named or own_organisation(owner, approval.organisation)
    return publisher.model_copy(update={"contact": approval.contact or publisher.contact})


def organisations_of(portal: PortalSite, owner: Municipality) -> tuple[Organisation, ...]:
    """Those that the municipality releases for: itself, and whom its approvals name."""
    approved = {binding.release.organisation for binding in owner.bindings if binding.release}
    names = {own_organisation(owner).organisation, *approved}
    return tuple(_organisation(portal, owner, name) for name in sorted(names))


def publisher_problems(
    portal: PortalSite, file: str, owners: Mapping[str, Municipality], places: Mapping[str, str]
) -> Iterator[Problem]:
    """A Problem for each publisher and approval of the network that cannot stand.

    Nothing is asked of approvals where the network neither names publishers nor has a CKAN.
    """
    yield from _named_twice(portal, file)
    if not portal.publishers and portal.ckan is None:
        return
    holders: dict[str, str] = {}
    for number, owner in sorted(owners.items()):
        yield from _own(portal, owner, places[number], holders)
    for number, owner in sorted(owners.items()):
        yield from _approvals(portal, owner, places[number], holders)


def _organisation(portal: PortalSite, owner: Municipality, name: str) -> Organisation:
    return named_publisher(portal, name) or own_organisation(owner, name)


def _named_twice(portal: PortalSite, file: str) -> Iterator[Problem]:
    names = [each.organisation for each in portal.publishers]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem(file, f"portal.publishers.{name}", "stands twice", "one entry each")


def _own(
    portal: PortalSite, owner: Municipality, file: str, holders: dict[str, str]
) -> Iterator[Problem]:
    own = own_organisation(owner)
    name, number = own.organisation, own.organisation_number
    other = holders.setdefault(name, owner.number)
    if other != owner.number:
        yield Problem(file, "organisation", f"{name} is {other}'s", f"{name}-{owner.number}")
    if _organisation(portal, owner, name).organisation_number != number:
        what = f"{name} has another organisation number among the network's publishers"
        yield Problem(file, "organisation", what, number)


def _approvals(
    portal: PortalSite, owner: Municipality, file: str, holders: dict[str, str]
) -> Iterator[Problem]:
    own = own_organisation(owner).organisation
    known = {own, *(each.organisation for each in portal.publishers)}
    for binding in owner.bindings:
        if binding.release is None:
            continue
        name, place = binding.release.organisation, f"bindings.{binding.dataset}.release"
        holder = holders.setdefault(name, owner.number)
        if holder != owner.number:
            # a robot user may write whatever its organisation has, so there is one for each
            what = f"{holder} releases for {name}, and no other may"
            yield Problem(file, place, what, own)
        elif portal.publishers and name not in known:
            yield Problem(file, place, f"{name} is none of the network's publishers", own)


def _slug(owner: Municipality) -> str:
    plain = unicodedata.normalize("NFKD", owner.name.nb.lower().translate(_LETTERS))
    slug = _BETWEEN.sub("-", plain.encode("ascii", "ignore").decode()).strip("-")
    # CKAN takes no name of one letter
    return slug if len(slug) > 1 else f"kommune-{owner.number}"
