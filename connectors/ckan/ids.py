"""Ids and addresses on a CKAN that never change, and can be known before anything is there.

A dataset goes by its name: CKAN lets no editor choose its id.
"""

from __future__ import annotations

import uuid

from connectors.portal import slug_of

_SPACE = uuid.UUID("6f1c8f0e-7f0c-5d0c-9a53-3b2f5f6f1d5e")


def resource_id(municipality: str, dataset: str, name: str) -> str:
    """The id of the dataset's file of that name: its address stays while versions change."""
    return str(uuid.uuid5(_SPACE, f"{slug_of(municipality, dataset)}/{name}"))


def download_path(municipality: str, dataset: str, name: str) -> str:
    """Where under a CKAN's address the newest version's file of that name is given."""
    resource = resource_id(municipality, dataset, name)
    return f"/dataset/{slug_of(municipality, dataset)}/resource/{resource}/download/{name}"
