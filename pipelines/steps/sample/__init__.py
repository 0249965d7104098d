"""From a sample of a source to the draft of its contract."""
