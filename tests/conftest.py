"""What every test shares."""

from __future__ import annotations

from hypothesis import settings

# a law is about values, not about how busy the machine is
settings.register_profile("laws", deadline=None)
settings.load_profile("laws")
