"""What the data mean: contracts, municipalities, types, the states of a record, errors."""
