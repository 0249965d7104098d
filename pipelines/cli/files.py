"""New files of a network; what stands there already is never written over."""

from pathlib import Path

from schemas.errors import ConfigurationError, Problem


def write_new(path: Path, text: str) -> None:
    """Write the file, whole, where there is none; ConfigurationError where there is one."""
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        problem = Problem(str(path), "file", "stands there already", "another name")
        raise ConfigurationError([problem]) from None
    except FileNotFoundError:
        problem = Problem(str(path.parent), "folder", "does not exist", "schemas/datasets")
        raise ConfigurationError([problem]) from None
