"""Made-up CIN census files, and a reading of one in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HEAD = (
    "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>{year}</Year>"
    "<ReferenceDate>{year}-03-31</ReferenceDate></CollectionDetails></Header>\n<Children>\n"
)
FOOT = "</Children></Message>\n"
CHILD = """<Child>
<ChildIdentifiers>
<LAchildID>{id}</LAchildID>
<PersonBirthDate>2012-05-17</PersonBirthDate>
<Sex>F</Sex>
</ChildIdentifiers>
<ChildCharacteristics><Ethnicity>WBRI</Ethnicity>
<Disabilities><Disability>HEAR</Disability><Disability>AUT</Disability></Disabilities></ChildCharacteristics>
<CINdetails>
<CINreferralDate>2025-05-01</CINreferralDate>
<ReferralSource>5D</ReferralSource>
<Assessments>
<AssessmentActualStartDate>2025-05-02</AssessmentActualStartDate>
<AssessmentAuthorisationDate>2025-06-02</AssessmentAuthorisationDate>
<FactorsIdentifiedAtAssessment>
<AssessmentFactors>1A</AssessmentFactors><AssessmentFactors>24A</AssessmentFactors>
</FactorsIdentifiedAtAssessment>
</Assessments>
<CINPlanDates><CINPlanStartDate>2025-06-03</CINPlanStartDate></CINPlanDates>
<Section47><S47ActualStartDate>2025-05-05</S47ActualStartDate><ICPCnotRequired>0</ICPCnotRequired></Section47>
<ReferralNFA>0</ReferralNFA>
<ChildProtectionPlans>
<CPPstartDate>2025-05-20</CPPstartDate>
<InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse><LatestCategoryOfAbuse>NEG</LatestCategoryOfAbuse>
<NumberOfPreviousCPP>0</NumberOfPreviousCPP>
<Reviews><CPPreviewDate>2025-08-01</CPPreviewDate><CPPreviewDate>2026-01-15</CPPreviewDate></Reviews>
</ChildProtectionPlans>
</CINdetails>
</Child>
"""
ROWS_OF_A_CHILD = 12


def census(path: Path, children: list[str], year: int = 2026) -> Path:
    """Write a census of some children's elements."""
    path.write_text(HEAD.format(year=year) + "".join(children) + FOOT, encoding="utf-8")
    return path


MEASURED = """
import json, sys, time
from pathlib import Path
from ingest.errors import RefusedFile
from ingest.xml_return import rows
started = time.process_time()
try:
    what = str(sum(1 for _ in rows(Path(sys.argv[1]))))
except RefusedFile as error:
    what = error.rule
    print(error, file=sys.stderr)
status = Path("/proc/self/status").read_text()
print(json.dumps([what, int(status.split("VmHWM:")[1].split()[0]) // 1024, time.process_time() - started]))
"""


def measure(path: Path) -> tuple[str, int, float]:
    """Read a file in a process of its own: what came of it, the process's peak MiB, seconds of processor for the file.

    Processor time, since a busy machine makes a process wait without the file's fault.
    """
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, check=True, timeout=120
    )
    assert "\n" not in done.stderr.strip()
    what, peak, seconds = json.loads(done.stdout)
    return what, peak, seconds
