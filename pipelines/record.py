"""Dagster's record of runs and events on this host, opened in this process."""

import contextlib
import os
from collections.abc import Iterator, Mapping

import dagster as dg


@contextlib.contextmanager
def opened_record(told: Mapping[str, str]) -> Iterator[dg.DagsterInstance]:
    """The record in $DAGSTER_HOME, with everything in `told` set in the environment meanwhile."""
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    try:
        with dg.DagsterInstance.get() as instance:
            yield instance
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
