"""The commands by name. The module that does a command's work loads when it is called."""

import dataclasses
import importlib
import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from pipelines.cli import options, options_gdpr
from pipelines.cli.boundary import Boundary

_NETWORK = typer.Option(
    "--network",
    envvar="DATASJO_NETWORK",
    help="The network's file; deploy/demo's where none is named.",
    show_default=False,
)


class _Command:
    """A command that is told a value of one kind; its work is a module's `perform`."""

    def __init__(self, kind: type[Any], module: str) -> None:
        self._kind = kind
        self._module = f"pipelines.cli.{module}"
        self.__doc__ = kind.__doc__
        self.__annotations__ = get_type_hints(kind, include_extras=True)
        given = [_parameter(f, self.__annotations__[f.name]) for f in dataclasses.fields(kind)]
        self.__signature__ = inspect.Signature([_CONTEXT, *given])

    def __call__(self, ctx: typer.Context, **told: object) -> None:
        with Boundary():
            request = self._kind(**_networked(ctx, told))
            importlib.import_module(self._module).perform(request)


_CONTEXT = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)


def _parameter(field: dataclasses.Field[Any], annotation: object) -> inspect.Parameter:
    missing = field.default is dataclasses.MISSING
    return inspect.Parameter(
        field.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if missing else field.default,
        annotation=annotation,
    )


def _networked(ctx: typer.Context, told: Mapping[str, object]) -> dict[str, object]:
    source = ctx.get_parameter_source("network")
    named_here = source is not None and source.name != "DEFAULT"
    network = ctx.find_root().params["network"]
    if "network" not in told or named_here or network is None:
        return dict(told)
    return {**told, "network": network}


def _assembled() -> typer.Typer:
    app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)
    app.callback()(datasjo)
    for name, kind in _COMMANDS.items():
        app.command(name, hidden=kind is options.Schemas)(_Command(kind, name))
    new = typer.Typer(no_args_is_help=True)
    for name, kind in _NEW.items():
        new.command(name)(_Command(kind, f"new_{name}"))
    app.add_typer(new, name="new", help="Start a dataset from a sample file, or a municipality.")
    gdpr = typer.Typer(no_args_is_help=True)
    for name, kind in _GDPR.items():
        gdpr.command(name)(_Command(kind, f"gdpr_{name}"))
    app.add_typer(gdpr, name="gdpr", help="Persons' rights, proofs, keys and records.")
    return app


def datasjo(network: Annotated[Path | None, _NETWORK] = None) -> None:
    """A region's shared data lake and open-data portal, owned by its municipalities."""
    del network  # each command takes it from here, unless it is told another


_COMMANDS: Mapping[str, type[Any]] = {
    "check": options.Check,
    "demo": options.Demo,
    "up": options.Up,
    "run": options.Run,
    "status": options.Status,
    "replay": options.Replay,
    "release": options.Release,
    "withdraw": options.Withdraw,
    "portal": options.Portal,
    "publishers": options.Publishers,
    "real": options.Real,
    "schemas": options.Schemas,
}
_NEW: Mapping[str, type[Any]] = {
    "dataset": options.NewDataset,
    "municipality": options.NewMunicipality,
}
_GDPR: Mapping[str, type[Any]] = {
    "access": options_gdpr.Access,
    "erase": options_gdpr.Erase,
    "retention": options_gdpr.Retention,
    "scan": options_gdpr.Scan,
    "verify": options_gdpr.Verify,
    "ropa": options_gdpr.Ropa,
    "dpia": options_gdpr.Dpia,
    "read": options_gdpr.Read,
    "log": options_gdpr.Log,
    "wrap": options_gdpr.Wrap,
    "rewrap": options_gdpr.Rewrap,
    "rotate": options_gdpr.Rotate,
    "destroy": options_gdpr.Destroy,
}
app = _assembled()
