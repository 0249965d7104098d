"""The file formats of a release, one module each: the same rows give the same bytes."""
