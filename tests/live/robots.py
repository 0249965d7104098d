"""Users that may edit the datasets of one organisation alone."""

from __future__ import annotations

import secrets

from connectors.ckan.client import Ckan


def robot_of(ckan: Ckan, organisation: str) -> str:
    """The token of a new editor of that organisation."""
    name = f"robot-{secrets.token_hex(4)}"
    ckan.ask("user_create", {"name": name, "email": f"{name}@example.no", "password": "not-one-1"})
    member = {"id": organisation, "username": name, "role": "editor"}
    ckan.ask("organization_member_create", member)
    return str(ckan.ask("api_token_create", {"user": name, "name": "it"})["token"])
