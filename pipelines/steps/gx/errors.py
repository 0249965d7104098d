"""What goes wrong when a suite meets a table."""

from schemas.errors import LakeError


class NotJudgeable(LakeError):
    """A rule asks for what the Polars engine does not compute, or does not fit its column."""
