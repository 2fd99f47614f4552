"""Benchmarks: what Sightline costs beside a limit or a peer, measured in the same run on the same machine."""
