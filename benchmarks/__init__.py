"""The figures: each measured beside what it is compared with, in one run."""
