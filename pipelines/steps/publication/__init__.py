"""The parts of a release: files, change log, package description, and what a portal is told."""
