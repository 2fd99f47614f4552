"""Run by the interpreter of a peer's own environment: csc-validator-be-903 on a folder of files, rules of 2024-25."""

import contextlib
import io
import json
import logging
import sys
import time
from pathlib import Path

from lac_validator.lac_validator import LacValidator
from lac_validator.rules.lac2024_25 import registry

logging.disable(logging.CRITICAL)
began = time.perf_counter()
files = [
    {"name": path.name, "description": "This year", "file_content": path.read_bytes()}
    for path in sorted(Path(sys.argv[1]).glob("*.csv"))
]
with contextlib.redirect_stdout(io.StringIO()):
    found = LacValidator({"collectionYear": "2024/25", "localAuthority": "E09000027"}, files, registry)
print(json.dumps({"seconds": time.perf_counter() - began, "rules": len(found.dones), "crashed": len(found.fails)}))
