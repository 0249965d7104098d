"""The command line, as thin as the Dagster definitions: both call the same steps."""

from pipelines.cli.commands import app

__all__ = ["app"]
