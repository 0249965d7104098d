"""The demo network: sources made by the project, and the run that shows them."""
