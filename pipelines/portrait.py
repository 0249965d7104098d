"""Who an asset is: the name, group, owner, texts and columns that the Dagster UI shows of it."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

import dagster as dg

from connectors.static_portal.formats import span
from connectors.static_portal.words import portal_words
from pipelines.automation import Stage, condition, days_of, freshness
from pipelines.markdown import table
from pipelines.steps.counts import counts_site
from pipelines.steps.site import Site
from schemas.contract import Field
from schemas.licences import LICENCES

_BEFORE: dict[Stage, tuple[Stage, ...]] = {
    "landing": (),
    "lake": ("landing",),
    "released": ("lake",),
}
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "Æ": "Ae", "Ø": "O", "Å": "A", "đ": "d"})
_WHAT: dict[Stage, str] = {
    "landing": "bytes as they came, each batch with its origin, time and hash; restricted.",
    "lake": "rows that hold to their contract, masked and judged, by local day.",
    "released": "the open fields as immutable versions at stable addresses, on the portal.",
}
_COUNTED: dict[Stage, str] = {
    **_WHAT,
    "lake": "counts of groups by period, small ones suppressed; the rows they count, masked and "
    "judged, stay in the restricted zone.",
    "released": "the counts as immutable versions at stable addresses, on the portal.",
}


def key_of(site: Site, stage: Stage) -> dg.AssetKey:
    """Municipality, dataset and stage."""
    return dg.AssetKey([site.municipality.number, site.contract.name, stage])


def portrait(site: Site, stage: Stage) -> dg.AssetSpec:
    """Everything that is known of the asset before it runs."""
    return dg.AssetSpec(
        key_of(site, stage),
        deps=[key_of(site, before) for before in _BEFORE[stage]],
        group_name=group_of(site),
        owners=[owner_of(site)],
        description=description(site, stage),
        kinds=set(_kinds(site, stage)),
        tags={"dataset": site.contract.name, "domain": site.contract.domain},
        metadata=_metadata(site, stage),
        partitions_def=days_of(site),
        automation_condition=condition(site, stage),
        freshness_policy=freshness(site),
    )


def group_of(site: Site) -> str:
    """The municipality, and the dataset within it: Stavanger_1103/water_level."""
    name = site.municipality.name.nb.removesuffix(" kommune").translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.findall(r"[A-Za-z0-9]+", plain)
    return f"{'_'.join([*words, site.municipality.number])}/{site.contract.name}"


def owner_of(site: Site) -> str:
    """The contract's operational owner: an address, or a team."""
    owner = site.contract.operation.owner
    return owner if "@" in owner else f"team:{owner}"


def description(site: Site, stage: Stage) -> str:
    """Purpose, promise, terms and fields, as markdown that reads well where it is not rendered."""
    contract = site.contract
    lines = [
        f"{_title(site)}, {site.municipality.name.nb}: {_what(site, stage)}",
        contract.purpose,
        *([f"*Limits:* {contract.limitations}"] if contract.limitations else []),
        f"*Promised:* an event is here within {span(contract.levels.freshness, 'en')}.",
        *_terms(site, stage),
    ]
    return "\n\n".join([*lines, *_fields_table(site, stage)])


def _what(site: Site, stage: Stage) -> str:
    return (_COUNTED if site.contract.aggregate else _WHAT)[stage]


def _title(site: Site) -> str:
    publication = site.contract.publication
    return publication.title.en if publication else site.contract.name.replace("_", " ")


def _terms(site: Site, stage: Stage) -> Iterable[str]:
    publication, basis = site.contract.publication, site.binding.legal_basis
    if stage == "released" and publication:
        licence = LICENCES[publication.license]
        yield f"*Licence:* [{licence.title.en}]({licence.url.en})."
    if basis:
        special = f" and 9 (2) {basis.article_9}" if basis.article_9 else ""
        law = f", {basis.law}" if basis.law else ""
        articles = f"article 6 (1) {basis.article_6}{special}{law}"
        assessed = f" *DPIA:* {basis.dpia}." if basis.dpia else ""
        yield f"*Legal basis:* GDPR {articles}; for {basis.purpose}.{assessed}"


def _fields_table(site: Site, stage: Stage) -> Iterable[str]:
    if stage != "landing":
        rows = [(f.name, _type(f), f.description.en) for f in fields_of(site, stage)]
        yield table(("Field", "Type", "Meaning"), rows)


def fields_of(site: Site, stage: Stage) -> tuple[Field, ...]:
    """The fields that stand in that stage; of an aggregate, those of its counts."""
    shown = counts_site(site)
    return shown.policy.released(shown.contract) if stage == "released" else shown.contract.stored


def _type(field: Field) -> str:
    unit = portal_words().unit(field.unit)
    return f"{field.stored_type} ({unit})" if unit else field.stored_type


def _kinds(site: Site, stage: Stage) -> Iterable[str]:
    source = {"files": site.contract.profile.format, "http_json": "rest", "sql": "sql"}
    kinds: dict[Stage, tuple[str, ...]] = {
        "landing": (source[site.binding.source.engine],),
        "lake": ("deltalake", "greatexpectations"),
        "released": ("csv", "parquet"),
    }
    return kinds[stage]


def _metadata(site: Site, stage: Stage) -> Mapping[str, object]:
    operation, system = site.contract.operation, site.binding.system
    told: dict[str, object] = {
        "alarm recipient": operation.alarm_recipient,
        "runbook": operation.runbook,
        "contract": f"{site.contract.name} {site.contract.version}",
        "contract file": dg.MetadataValue.path(site.contract.file),
        "policy": site.policy.version,
        "promised freshness": span(site.contract.levels.freshness, "en"),
        "data protection officer": site.municipality.data_protection_officer,
    }
    if stage == "landing":
        source = f"{system.name}, owned by {system.owner}"
        return told | {"source": source, "schedule": site.binding.schedule}
    return told | {"dagster/column_schema": _columns(site, stage)}


def _columns(site: Site, stage: Stage) -> dg.TableSchema:
    return dg.TableSchema([_column(field) for field in fields_of(site, stage)])


def _column(field: Field) -> dg.TableColumn:
    treated = [field.mask.use] if field.mask else []
    return dg.TableColumn(
        field.name,
        type=_type(field),
        description=field.description.en,
        constraints=dg.TableColumnConstraints(
            nullable=not field.required, other=[f"class {field.classification}", *treated]
        ),
    )
