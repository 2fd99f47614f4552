"""How each indicator's observations become a value: kind, timing, aggregation (contract section 5)."""

from typing import NamedTuple


class Indicator(NamedTuple):
    """Kinds: count, percentage, rate, mean, median; timings: event, snapshot; aggregations: sum, distinct, repeat,
    split (each detail over its whole), split children (the same of different children), made (of counts, below)."""

    kind: str
    timing: str
    aggregation: str = "sum"


def _of(kind: str, timing: str, ids: str, aggregation: str = "sum") -> dict[str, Indicator]:
    return {indicator_id: Indicator(kind, timing, aggregation) for indicator_id in ids.split()}


INDICATORS = {
    **_of("count", "event", "CON-01 REF-01 ASM-01 ASM-08 S47-01 CIN-03 CIN-04 CP-03 MIS-01 AUD-01 ESC-01 FB-01 FB-03"),
    **_of("count", "event", "CLA-03 CLA-05", "distinct"),
    **_of("count", "snapshot", "EH-01 ASM-02 S47-10 CIN-01 CIN-08 CP-01 CP-15 CP-19 CLA-01 WF-01 WF-15"),
    **_of("rate", "event", "REF-02 S47-02 S47-06 CP-04 CP-05"),
    **_of("rate", "event", "CLA-04 CLA-06", "distinct"),
    **_of("rate", "snapshot", "CIN-02 CP-02 CLA-02"),
    **_of("percentage", "event", "CON-03", "repeat"),
    **_of("percentage", "event", "CLA-10", "distinct"),
    **_of("percentage", "event", "CON-04 EH-04 REF-03 REF-04 REF-05 REF-06p REF-06s REF-06h REF-07 REF-08"),
    **_of("percentage", "event", "ASM-03 ASM-06 ASM-07 S47-03 S47-05 S47-07 S47-07x S47-09 CP-06 CP-09"),
    **_of("percentage", "event", "CLA-16 HLT-01 MIS-04 MIS-05 AUD-02 AUD-03 AUD-04 AUD-05 AUD-06 FB-02"),
    **_of("percentage", "snapshot", "ASM-05 CIN-11 CIN-13 CIN-14 CP-08 CP-10 CP-12 CP-13"),
    **_of("percentage", "snapshot", "CLA-07 CLA-14 CLA-15 CLA-17 CLA-22"),
    **_of("percentage", "snapshot", "PLC-01 PLC-02 PLC-06 PLC-07 PLC-08 PLC-11"),
    **_of("percentage", "snapshot", "HLT-02 HLT-03 HLT-04 HLT-05 MIS-02"),
    **_of("percentage", "snapshot", "CL-02 CL-04 CL-04_17-18 CL-05 CL-05_17-18 CL-10 CL-11"),
    **_of("percentage", "snapshot", "WF-02 WF-04 WF-16"),
    **_of("mean", "snapshot", "HLT-07 WF-08"),
    **_of("median", "event", "ASM-10"),
    **_of("count", "event", "ADO-01", "distinct"),
    **_of("percentage", "event", "ADO-02 ADO-02a ADO-02b", "distinct"),
    **_of("mean", "event", "ADO-03 ADO-04 ADO-05 ADO-06 ADO-07 ADO-08 ADO-09 ADO-11"),
    **_of("count", "event", "ADO-10"),
    **_of("percentage", "event", "ADO-15"),
    **_of("percentage", "snapshot", "ADO-12 ADO-13 HLT-07a HLT-07b HLT-07c HLT-08"),
    **_of("count", "snapshot", "ADO-14 CL-01"),
    **_of("percentage", "event", "REF-03c CLA-08 CLA-11 CLA-12a CLA-12b CLA-13 MIS-06", "distinct"),
    **_of("percentage", "event", "ASM-09 S47-04 CIN-06a CIN-06b CIN-06c CIN-06d CIN-06e CP-14 CP-16 CP-17 CP-17q"),
    **_of("count", "event", "S47-08a S47-08b S47-08c S47-08d LEG-04"),
    **_of("percentage", "snapshot", "EH-03 CIN-05a CIN-05b CIN-05c CIN-05d CIN-05e CP-07a CP-07b CP-07c CP-07d"),
    **_of("percentage", "snapshot", "CLA-19 CLA-20 PLC-03 PLC-09 PLC-10 MIS-03"),
    **_of("count", "snapshot", "CP-18 PLC-15 PLC-16"),
    **_of("mean", "snapshot", "CLA-21"),
    **_of("percentage", "snapshot", "CL-03 CL-06 CL-06_17-18 CL-07 CL-07b CL-08"),
    **_of("percentage", "snapshot", "HLT-09 HLT-10 OFF-01 PEP-02 WF-03 WF-07 WF-12 WF-14"),
    **_of("percentage", "event", "PEP-01 PF-02 PF-03"),
    **_of("count", "snapshot", "LEG-02 PF-01 WF-09"),
    **_of("mean", "event", "LEG-03"),
    **_of("count", "event", "WF-10 WF-11"),
    **_of("count", "event", "OBS-01 PD-01 FOUR-01 DIP-01 THM-01 FB-04 ADV-01"),
    **_of("percentage", "event", "AUD-07 AUD-08 AUD-09 SUP-01 SUP-03 SUP-04 OBS-02 OBS-03 PD-02 FOUR-02 MOD-01 MOD-02"),
    **_of("percentage", "event", "CHR-01 CHR-02 CHR-03 CHR-04 CHR-05 DIP-02 THM-02 FB-05 FB-06 ADV-03 STF-02"),
    **_of("percentage", "snapshot", "SUP-02 OBS-04 EDU-08b EDU-19"),
    **_of("mean", "event", "ADV-02 STF-01"),
    **_of("percentage", "snapshot", "PLC-04 WF-05 WF-06 ADT-02 ADT-03"),
    **_of("percentage", "event", "HLT-06 HLT-11 WF-13"),
    **_of("count", "snapshot", "ADT-01 ADT-04"),
}

# Each detail over its whole; of CLA-09 the cases are children. And what is made of counts.
INDICATORS |= {
    **_of("percentage", "event", "CON-02 REF-06 ASM-04 CIN-10 PLC-05 PLC-12", "split"),
    **_of("percentage", "event", "CLA-09", "split children"),
    **_of("percentage", "snapshot", "EH-02 CIN-09 CIN-12 CP-11 CLA-18 PLC-13", "split"),
    **_of("percentage", "event", "REF-09", "made"),
    **_of("count", "event", "CIN-07", "made"),
}
OF_COUNCIL = {"REF-09": "REF-01"}
TOTALS = {"CIN-07": ("CIN-01", "CIN-04")}

# The feed of these holds the present state only.
AS_AT_ONLY = {"HLT-05", "CL-02", "CL-04", "CL-04_17-18", "CL-05", "CL-05_17-18", "CL-10", "CL-11"}
AS_AT_ONLY |= {"PLC-04", "ADT-01", "ADT-02", "ADT-03", "ADT-04"}
AS_AT_ONLY |= {"CLA-20", "CL-01", "CL-03", "CL-06", "CL-06_17-18", "CL-07", "CL-07b", "CL-08"}

# The feed that alone holds these, where it is a statutory return, which a folder of extracts need not have.
FROM_RETURNS = dict.fromkeys(("HLT-06", "HLT-11"), "ssda903_oc2") | {"WF-13": "csww_worker"}
FROM_RETURNS |= dict.fromkeys(("ADT-01", "ADT-02", "ADT-03", "ADT-04"), "annex_a_list_11")
FROM_RETURNS |= {"PLC-04": "annex_a_list_8"}

# Read week by week, by a front door, a team manager or a planner of visits; the others have no figures of weeks.
_WEEKLY = (
    "CON-01 CON-04 EH-01 REF-01 REF-07 ASM-01 ASM-02 ASM-03 ASM-05 S47-01 S47-07 S47-07x S47-10 CIN-01 CIN-08 "
    "CIN-12 CIN-13 CP-01 CP-12 CP-13 CP-14 CP-15 CLA-01 CLA-22 PLC-16 CLA-14 CLA-15 HLT-01 MIS-01 MIS-04 "
    "MIS-05 WF-08 WF-15 WF-16 AUD-01"
)
READ_WEEKLY = set(_WEEKLY.split())
