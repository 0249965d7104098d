"""A CKAN's organisations, users, members and tokens, on loopback: as far as publishers need it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.connectors.ckan.answering import no, yes
from tests.connectors.http_site import Answer, Asked

ADMINISTRATOR = "administrators-token"
_NOT_THERE = no("Not Found Error", 404, message="")

Told = Mapping[str, Any]


@dataclass
class People:
    """The state of one; `writes` are the actions that changed it, in order."""

    organisations: dict[str, dict[str, Any]] = field(default_factory=dict)
    users: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {"administrator": {"name": "administrator", "sysadmin": True}}
    )
    members: dict[tuple[str, str], str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=lambda: {ADMINISTRATOR: "administrator"})
    writes: list[str] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        """What CKAN would say."""
        action, told = asked.path.rsplit("/", 1)[1], json.loads(asked.body or b"{}")
        who = self.tokens.get(asked.headers.get("authorization", ""))
        if action == "user_show" and "id" not in told:
            return yes(self.users[who]) if who else _NOT_THERE
        if who is None or not self.users[who].get("sysadmin"):
            return no("Authorization Error", 403)
        if not action.endswith(("_show", "_list", "_for_user")):
            self.writes.append(action)
        found = getattr(self, f"_{action}")(told)
        return _NOT_THERE if found is None else yes(found)

    def _organization_show(self, told: Told) -> object:
        return self.organisations.get(told["id"])

    def _organization_create(self, told: Told) -> object:
        self.organisations[told["name"]] = {**told, "id": told["name"]}
        return self.organisations[told["name"]]

    def _organization_patch(self, told: Told) -> object:
        self.organisations[told["id"]].update(told)
        return self.organisations[told["id"]]

    def _user_show(self, told: Told) -> object:
        return self.users.get(told["id"])

    def _user_create(self, told: Told) -> object:
        known = {**told, "id": told["name"], "state": "active", "sysadmin": False}
        self.users[told["name"]] = known
        return known

    def _user_patch(self, told: Told) -> object:
        self.users[told["id"]].update(told)
        return self.users[told["id"]]

    def _organization_list_for_user(self, told: Told) -> object:
        held = {org: role for (org, user), role in self.members.items() if user == told["id"]}
        return [{"name": org, "capacity": role} for org, role in held.items()]

    def _organization_member_create(self, told: Told) -> object:
        self.members[told["id"], told["username"]] = told["role"]
        return {}

    def _organization_member_delete(self, told: Told) -> object:
        del self.members[told["id"], told["username"]]
        return {}

    def _api_token_list(self, told: Told) -> object:
        return [{"id": f"id of {t}"} for t, user in self.tokens.items() if user == told["user_id"]]

    def _api_token_create(self, told: Told) -> object:
        token = f"{told['user']}-token-{len(self.writes)}"
        self.tokens[token] = told["user"]
        return {"token": token}

    def _api_token_revoke(self, told: Told) -> object:
        del self.tokens[told["jti"].removeprefix("id of ")]
        return {}
