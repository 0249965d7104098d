"""The masks that coarsen a column: bands, groups, periods, squares, steps."""
