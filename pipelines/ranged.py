"""One dataset's days as one Dagster run in this process, recorded where the UI finds it."""

import contextlib
import warnings
from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from pipelines.definitions import network_definitions
from pipelines.instance import run_environment
from pipelines.record import opened_record
from pipelines.steps.site import open_network, sites
from schemas.errors import DatasjoError
from schemas.stages import Window

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def materialize_range(network_file: Path, municipality: str, dataset: str, window: Window) -> str:
    """Land, refine and release those days in one run; its id in Dagster.

    Raises:
        ConfigurationError: a file of the network is wrong, or nothing is bound under those names.
        DatasjoError: the run failed; the message is the line that it failed with.
    """
    catalog = open_network(network_file)
    sites(catalog, municipality, dataset)
    with opened_record(run_environment(network_file, catalog)) as instance, _quietly():
        definitions = network_definitions(network_file)
        keys = definitions.resolve_asset_graph().get_all_asset_keys()
        result = definitions.resolve_implicit_global_asset_job_def().execute_in_process(
            instance=instance,
            asset_selection=[key for key in keys if key.path[:2] == [municipality, dataset]],
            raise_on_error=False,
            tags=range_tags(window),
            run_config=_QUIET,
        )
    if not result.success:
        raise DatasjoError("\n".join(_said(result)))
    return result.run_id


def range_tags(window: Window) -> dict[str, str]:
    """What makes a run take all days of the window."""
    return {
        "dagster/asset_partition_range_start": window.start.isoformat(),
        "dagster/asset_partition_range_end": window.end.isoformat(),
    }


def _said(result: dg.ExecuteInProcessResult) -> Iterator[str]:
    for event in result.all_node_events:
        if event.is_step_failure and event.step_failure_data.user_failure_data:
            yield event.step_failure_data.user_failure_data.description or event.message or ""


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Without Dagster's notes that two of the features in use may still change."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)
        warnings.simplefilter("ignore", dg.PreviewWarning)
        yield
