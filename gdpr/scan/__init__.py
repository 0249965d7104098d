"""The leak scan: what in a file's bytes tells of a person. Bytes in, findings out, no value."""
