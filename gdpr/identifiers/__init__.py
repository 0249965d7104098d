"""What tells of a person: Norwegian numbers, ways to reach somebody, addresses and names."""
