"""What the policy says of a municipality's own decisions: its bindings, approvals and grants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from gdpr.policy import Effective
from gdpr.taxonomy import USES, nearest
from schemas.contract import Contract
from schemas.counts import counts_of
from schemas.errors import Problem
from schemas.municipality import Binding, Grant, LegalBasis, Municipality


@dataclass(frozen=True, slots=True)
class Registration:
    """A municipality's file, as its policy judges it."""

    owner: Municipality
    policy: Effective

    def problems(self, contracts: Mapping[str, Contract]) -> Iterable[Problem]:
        """A Problem for each decision that the policy does not permit."""
        for binding in self.owner.bindings:
            yield from self._binding(binding, contracts[binding.dataset])
        for grant in self.owner.grants:
            yield from self._grant(grant, contracts[grant.dataset])
        given = [(grant.recipient, grant.dataset, grant.purpose) for grant in self.owner.grants]
        for recipient, dataset, _ in sorted({one for one in given if given.count(one) > 1}):
            what = "is granted twice for the same purpose"
            yield self._problem(f"grants.{recipient}.{dataset}", what, "one grant a purpose")

    def _binding(self, binding: Binding, contract: Contract) -> Iterable[Problem]:
        place = f"bindings.{binding.dataset}"
        yield from self._use(place, binding.legal_basis)
        refused = [f for f in contract.fields if self.policy.refuses(f, "open")]
        if binding.release and refused:
            what = f"class {refused[0].classification} may not be released, and {refused[0].name}"
            what = f"{what} has it: policy {self.policy.version}"
            yield self._problem(f"{place}.release", what, "no release in the binding")

    def _grant(self, grant: Grant, contract: Contract) -> Iterable[Problem]:
        place = f"grants.{grant.recipient}.{grant.dataset}"
        yield from self._use(place, grant.legal_basis)
        if grant.dataset not in {binding.dataset for binding in self.owner.bindings}:
            known = ", ".join(binding.dataset for binding in self.owner.bindings) or "none is bound"
            yield self._problem(place, "grants what the municipality does not bind", known)
        yield from self._columns(place, grant, contract)
        if grant.rows and not _judges_rows(grant.rows, contract):
            what = "is no condition on stored fields"
            yield self._problem(f"{place}.rows", what, f"{contract.stored[0].name} = '...'")

    def _columns(self, place: str, grant: Grant, contract: Contract) -> Iterable[Problem]:
        version = self.policy.version
        if contract.aggregate:
            refused = [f for f in contract.fields if self.policy.refuses(f, "share")]
            for field in refused[:1]:
                what = f"class {field.classification} may not be shared: policy {version}"
                yield self._problem(f"{place}.{field.name}", what, "no grant of this dataset")
            return
        shared = {field.name for field in self.policy.shared(contract)}
        known = {field.name: field for field in contract.fields}
        for column in grant.columns:
            if column in known and column not in shared:
                what = f"class {known[column].classification} may not be shared so: policy"
                example = ", ".join(sorted(shared)[:3])
                yield self._problem(f"{place}.{column}", f"{what} {version}", example)

    def _use(self, place: str, basis: LegalBasis | None) -> Iterable[Problem]:
        if basis and basis.use and basis.use not in USES:
            what = "is not a known use"
            yield self._problem(f"{place}.legal_basis.use", what, nearest(basis.use, USES))

    def _problem(self, place: str, what: str, example: str) -> Problem:
        return Problem(f"{self.owner.number}.yaml", place, what, example)


def _judges_rows(condition: str, contract: Contract) -> bool:
    nothing = pl.DataFrame(schema=counts_of(contract, "internal").lake_schema)
    try:
        return nothing.select(pl.sql_expr(condition)).dtypes == [pl.Boolean()]
    except pl.exceptions.PolarsError:
        return False
