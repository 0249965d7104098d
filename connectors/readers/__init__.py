"""From a source's bytes to chunks of its columns: one module a format."""
