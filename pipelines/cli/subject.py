"""The person that a request is about, from a file or stdin: never from the command's own line."""

import sys
from pathlib import Path

from gdpr.subject import Subject
from schemas.errors import ConfigurationError, Problem


def read_subjects(path: Path | None) -> tuple[Subject, ...]:
    """The persons that the file names, or stdin; ConfigurationError says which line is wrong."""
    try:
        text = path.read_text(encoding="utf-8") if path else sys.stdin.read()
    except UnicodeDecodeError:
        problem = Problem(str(path or "stdin"), "request", "is no UTF-8 text", "phone: 8 digits")
        raise ConfigurationError([problem]) from None
    return Subject.several(text)
