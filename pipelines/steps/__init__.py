"""The verbs of a record, from land to release. No Dagster here."""
