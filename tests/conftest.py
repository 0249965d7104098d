"""What every test shares."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# a law is about values, not about how busy the machine is
settings.register_profile("laws", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("laws")
