"""The network's root key, over the keys of its municipalities: where it is, and how to ask it."""

import importlib
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl

from gdpr.wrapping import LocalRootKey, RootKey
from schemas.errors import ConfigurationError, KeyUnavailable, Problem

_ENVIRONMENT, _SERVICE = "env:", "aws-kms:"
_EXAMPLE = "aws-kms:alias/datasjo?endpoint=https://kms.example.no&region=eu-north-1"


def open_root_key(reference: str, names: Mapping[str, str] = os.environ) -> RootKey:
    """The root key at a reference: a path, env:NAME, or aws-kms:KEY?endpoint=URL&region=NAME.

    Raises:
        KeyUnavailable: there is nothing at a path or name, or it is not 32 bytes in hexadecimal.
        ConfigurationError: the reference to a service is told what it does not know.
    """
    if reference.startswith(_SERVICE):
        return _of_service(reference.removeprefix(_SERVICE))
    text = text_at(reference, names)
    if text is None:
        raise KeyUnavailable(f"there is no root key at {reference}")
    try:
        return LocalRootKey(bytes.fromhex(text.strip()))
    except ValueError:
        raise KeyUnavailable(f"the root key at {reference} is not hexadecimal") from None


def text_at(reference: str, names: Mapping[str, str]) -> str | None:
    """The text of a secret at a path or env:NAME; None where there is none, or no text."""
    if is_environment(reference):
        return names.get(reference.removeprefix(_ENVIRONMENT))
    try:
        return Path(reference).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return None


def is_environment(reference: str) -> bool:
    """Whether the reference is env:NAME, which can be read and not written."""
    return reference.startswith(_ENVIRONMENT)


def _of_service(told: str) -> RootKey:
    key_id, _, query = told.partition("?")
    options = dict(parse_qsl(query, keep_blank_values=True))
    unknown = sorted(options.keys() - {"endpoint", "region"})
    if unknown or not key_id:
        what = f"knows no {unknown[0]}" if unknown else "names no key"
        raise ConfigurationError([Problem("network", "root_key", what, _EXAMPLE)])
    # the service's library takes a quarter of a second to load, and most runs need none
    service = importlib.import_module("connectors.kms")
    root: RootKey = service.KmsRootKey(key_id, options.get("endpoint"), options.get("region"))
    return root
