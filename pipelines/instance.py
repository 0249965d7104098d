"""Dagster's own home on this host: under the network's var folder, as deploy/dagster says."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from schemas.catalog import Catalog

_SETTINGS = Path(__file__).parents[1] / "deploy/dagster/dagster.yaml"


def dagster_home(catalog: Catalog, names: Mapping[str, str] = os.environ) -> Path:
    """The folder where Dagster keeps the network's runs and events, made ready."""
    home = var_folder(catalog, names) / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_SETTINGS, home / _SETTINGS.name)
    return home


def var_folder(catalog: Catalog, names: Mapping[str, str] = os.environ) -> Path:
    """Where the network's files lie on this host: DATASJO_VAR, or var/ and the network's name."""
    return Path(names.get("DATASJO_VAR", f"var/{catalog.network.network}")).resolve()


def run_environment(network_file: Path, catalog: Catalog) -> dict[str, str]:
    """What Dagster's processes are told: which network, and where its files lie."""
    return {
        "DAGSTER_HOME": str(dagster_home(catalog)),
        "DATASJO_NETWORK": str(network_file.resolve()),
        "DATASJO_VAR": str(var_folder(catalog)),
    }
