"""When and in which order. The only room that knows Dagster."""
