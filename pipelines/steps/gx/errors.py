"""What goes wrong when a suite meets a table."""


class NotJudgeable(Exception):
    """A rule asks for what the Polars engine does not compute, or does not fit its column."""
