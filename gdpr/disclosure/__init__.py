"""Disclosure control: what a release may tell of few persons, as pure functions on frames."""
