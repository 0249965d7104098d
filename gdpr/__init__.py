"""What may be seen: policy, masks and keys, as pure functions on frames."""
