"""How fast is the desk, on this machine? `python -m tests.benchmarks --help`."""
