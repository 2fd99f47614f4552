"""Run by the interpreter of a peer's own environment: csc-validator-be-cin on a CIN census file, rules of 2024-25."""

import contextlib
import io
import json
import sys
import time
import xml.etree.ElementTree as ET

from cin_validator import cin_validator
from cin_validator.rules.cin2024_25 import registry

began = time.perf_counter()
with contextlib.redirect_stdout(io.StringIO()):
    tables = cin_validator.process_data(cin_validator.convert_data(ET.parse(sys.argv[1]).getroot()))
    found = cin_validator.CinValidator(tables, registry)
print(json.dumps({"seconds": time.perf_counter() - began, "faults": len(found.full_issue_df)}))
