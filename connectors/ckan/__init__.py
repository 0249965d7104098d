"""CKAN as a portal: what it is told of a dataset, and how it is told."""
