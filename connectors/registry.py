"""The engine word of a binding, and the engine that it names."""

from __future__ import annotations

from connectors.files import FilesSource
from connectors.http_json import HttpJsonSource
from connectors.source import Memory, Source
from connectors.sql import SqlSource
from schemas import source as spec


def open_source(source: spec.Source, memory: Memory) -> Source:
    """The engine for a binding's source; nothing is asked of the source before it is fetched.

    `source.profile` is the whole profile, the contract's with the binding's own laid over it: an
    engine needs its format and its `records`. ${NAME}s may stand in it, and are filled in here.
    """
    match source:
        case spec.FilesSource():
            return FilesSource(source, memory)
        case spec.HttpSource():
            return HttpJsonSource(source, memory)
        case spec.SqlSource():
            return SqlSource(source, memory)
