"""A made-up council: coherent histories of invented children, for the demo and the tests."""

from synthetic.council import Summary, generate

__all__ = ["Summary", "generate"]
