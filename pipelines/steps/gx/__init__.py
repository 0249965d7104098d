"""Great Expectations on Polars; importing a module from here costs seconds, so do it late."""
