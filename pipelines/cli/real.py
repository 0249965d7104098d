"""`datasjo real`: the main job on real data, from an empty lake to one JSON object."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from pipelines.cli import show
from pipelines.cli.fresh import environment, fresh_folder
from pipelines.cli.options import REAL, Real
from pipelines.cli.sweep import Outcome, require_all, sweep
from pipelines.cli.watch import watching
from pipelines.steps.account import Account, account
from pipelines.steps.bring import Errand, bring
from pipelines.steps.site import Site, open_network, sites
from schemas.errors import ConfigurationError, Problem
from schemas.records import dump
from schemas.stages import Window

_DATA = "DATASJO_REAL_DATA"
_WHOLE = Window(dt.date(2020, 1, 1), dt.date(2020, 1, 1))


def perform(asked: Real) -> None:
    """Run every dataset whose folder is there, and print its account under the dataset's name.

    Raises:
        ConfigurationError: the folder holds none of the folders that the network knows.
        DatasjoError: with a line for each dataset that failed.
    """
    catalog = open_network(REAL)
    fresh_folder(catalog)
    with environment(**{_DATA: str(asked.data.resolve())}):
        chosen = _present(sites(catalog), asked.data)
        # stdout is the JSON's alone
        with watching(quiet=True) as watch:
            outcomes = sweep(chosen, _accounted, watch)
    show.as_json({outcome.site.contract.name: _document(outcome) for outcome in outcomes})
    require_all(outcomes)


def _accounted(site: Site, on_rows: Callable[[int], None]) -> Account:
    # files have no days of their own: the window takes all of them
    bring(site, Errand(_WHOLE, "real"), on_rows)
    return account(site)


def _present(known: tuple[Site, ...], data: Path) -> list[Site]:
    found = [site for site in known if (data / _folder(site)).is_dir()]
    if not found:
        folders = ", ".join(sorted({str(_folder(site)) for site in known}))
        what = "holds none of the folders that are known here"
        raise ConfigurationError([Problem(str(data), "folder", what, folders)])
    return found


def _folder(site: Site) -> Path:
    return Path(site.binding.source.url.removeprefix(f"${{{_DATA}}}/")).parent


def _document(outcome: Outcome[Account]) -> dict[str, object]:
    if outcome.result is None:
        return outcome.told({})
    figures = dump(outcome.result)
    truths = {name.removeprefix("is_"): count for name, count in figures.pop("true").items()}
    return outcome.told({**figures, **truths})
