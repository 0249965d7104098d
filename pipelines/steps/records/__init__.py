"""Records that a municipality owes: what it processes, and at which risk."""
