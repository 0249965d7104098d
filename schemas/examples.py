"""An example of what would be right, for every place in a file of the network."""

from __future__ import annotations

import datetime as dt
import difflib
import json
from collections.abc import Iterator
from typing import Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

Steps = tuple[int | str, ...]
Models = tuple[type[BaseModel], ...]


def example_at(model: type[BaseModel], steps: Steps) -> str:
    """A value that may stand at the place, as YAML takes it; nothing where none is known."""
    field = None
    models: Models = (model,)
    for step in steps:
        found = _field(models, step)
        if found is not None:
            field, models = found, tuple(_models(found.annotation)) or models
    return "" if field is None else _sample(field)


def known_keys(model: type[BaseModel], steps: Steps) -> str:
    """The key that is meant by the unknown one at the place, or the keys that may stand there."""
    models: Models = (model,)
    for step in steps[:-1]:
        found = _field(models, step)
        models = tuple(_models(found.annotation)) if found else _tagged(models, step)
    names = [field.alias or name for m in models for name, field in m.model_fields.items()]
    close = difflib.get_close_matches(str(steps[-1]), names, n=1)
    return ", ".join(close or dict.fromkeys(names))


def _field(models: Models, step: int | str) -> FieldInfo | None:
    fields = (item for model in models for item in model.model_fields.items())
    return next((field for name, field in fields if step in (name, field.alias)), None)


def _tagged(models: Models, step: int | str) -> Models:
    """Those of several models that the tag picks."""
    picked = tuple(m for m in models if _tag(m) == step)
    return picked or models


def _tag(model: type[BaseModel]) -> object:
    engine = model.model_fields.get("engine")
    return get_args(engine.annotation)[0] if engine else None


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def _sample(field: FieldInfo) -> str:
    if field.examples:
        return _written(field.examples[0])
    if isinstance(field.default, str | int | float) and field.default != "":
        return _written(field.default)
    return next(_of(field.annotation), "")


def _of(annotation: object) -> Iterator[str]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        yield _written(arguments[0])
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield _keys(annotation)
    elif annotation in _PLAIN:
        yield _PLAIN[annotation]
    else:
        inner = (sample for argument in arguments for sample in _of(argument))
        yield from (f"[{sample}]" if origin is tuple else sample for sample in inner)


def _keys(model: type[BaseModel]) -> str:
    fields = model.model_fields.items()
    required = [item for item in fields if item[1].is_required()]
    pairs = [f"{f.alias or name}: {_sample(f)}" for name, f in required or list(fields)[:_SHOWN]]
    return "{" + ", ".join(pairs) + "}"


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


_SHOWN = 2
_PLAIN: dict[object, str] = {
    str: '"a text"',
    bool: "true",
    int: "1",
    float: "1.5",
    object: "a value",
    dt.date: "2026-11-01",
}
