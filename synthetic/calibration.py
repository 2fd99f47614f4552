"""What a made-up council takes from the published figures of a real one (`calibration.yml`).

`Calibration` holds the figures as published and the chances derived from them. Raises `KeyError` with the
known names where a council has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("calibration.yml")
# One conference in twenty-five follows a family that moves in on another council's plan (assumption).
TRANSFER_SHARE = 0.04
# Share of plans that end with the child coming into care (assumption).
PLAN_TO_CARE = 0.12
# Chance that a review after the first ends a protection plan (assumption; few plans last two years).
LATER_REVIEW_ENDS = 0.52
# Support before and after plans and care takes part of the stock that is left for support alone (measured).
SUPPORT_BESIDE_PLANS = 0.74


@dataclass(frozen=True)
class Calibration:
    """Published figures of one council; percentages 0 to 100, stocks and flows in children or cases a year."""

    council: str
    figures: dict

    def flow(self, name: str) -> float:
        """A published stock or yearly flow."""
        return self.figures["stocks_and_flows"][name]

    def share(self, name: str, block: str = "percentages", otherwise: float = 5.0) -> float:
        """A published percentage as 0 to 1; `otherwise` where the figure is hidden or not published."""
        value = self.figures[block][name]
        return (otherwise if value is None else value) / 100

    def yearly(self, name: str) -> float:
        """Cases a year behind a published rate per 10,000."""
        return self.figures["rates"][name] * self.figures["population"] / 10000

    @cached_property
    def need(self) -> float:
        """Share of referrals that become an episode of need."""
        return 1 - self.share("referral_nfa") - self.share("referral_not_in_need")

    @cached_property
    def protection(self) -> float:
        """Share of episodes of need with a protection plan that starts here."""
        return self.flow("cp_started") * (1 - TRANSFER_SHARE) / self.flow("referrals") / self.need

    @cached_property
    def transfer(self) -> float:
        """Share of referrals that are transfers in of a protection plan."""
        return self.flow("cp_started") * TRANSFER_SHARE / self.flow("referrals")

    @cached_property
    def conference_only(self) -> float:
        """Share of episodes of need with a conference that makes no plan."""
        extra = self.yearly("conferences") - self.flow("cp_started")
        return max(0.0, extra) / self.flow("referrals") / self.need

    @cached_property
    def enquiry_only(self) -> float:
        """Share of other assessed referrals with a section 47 enquiry and no conference."""
        extra = self.yearly("section_47") - self.yearly("conferences")
        others = self.flow("referrals") * (1 - self.share("referral_nfa")) - self.yearly("conferences")
        return min(0.85, max(0.0, extra / others))

    @cached_property
    def uasc(self) -> float:
        """Unaccompanied children who come into care, per referral."""
        return self.share("uasc_started") * self.flow("cla_started") / self.flow("referrals")

    @cached_property
    def care(self) -> float:
        """Share of episodes of need that lead into care without a protection plan first."""
        starts = self.flow("cla_started") * (1 - self.share("uasc_started"))
        return (starts - PLAN_TO_CARE * self.flow("cp_started")) / self.flow("referrals") / self.need

    @cached_property
    def years_on_plan(self) -> float:
        """Mean years on a protection plan: stock over flow."""
        return self.flow("cp_open") / self.flow("cp_started")

    @cached_property
    def plan_ends_at_first_review(self) -> float:
        """Chance that a plan ends at its first review, so that the mean length is `years_on_plan`."""
        first, later, chance = 0.24, 0.47, LATER_REVIEW_ENDS
        return min(0.85, max(0.03, 1 - (1.08 * self.years_on_plan - first) * chance / later))

    @cached_property
    def earlier_plan(self) -> float:
        """Chance of a plan before a family's first, beside the second plans that the histories make by themselves."""
        by_itself = 0.7 * self.flow("cp_started") / self.flow("referrals")
        return min(0.8, max(0.0, self.share("second_plan") - by_itself) * 2.6)

    @cached_property
    def years_in_care(self) -> float:
        """Mean years of a period of care of children who did not come alone: stock over flow."""
        stock = self.flow("cla_open") * (1 - self.share("uasc_open"))
        ceased = (self.flow("cla_started") + self.flow("cla_ceased")) / 2
        return stock / (ceased * (1 - self.share("uasc_started")))

    @cached_property
    def years_of_support(self) -> float:
        """Mean years of an episode of need without plan or care, from what the other stocks leave."""
        other = self.flow("cla_open") + self.flow("cp_open") + 1.1 * self.flow("care_leavers_19_21")
        started = self.flow("cin_started") - self.flow("cla_started") - self.flow("cp_started")
        return max(0.3, SUPPORT_BESIDE_PLANS * (self.flow("cin_open") - other) / started)

    @cached_property
    def support_bands(self) -> list[tuple[float, float, float]]:
        """Lengths of support: (share up to here, shortest, longest) in years, the last one open-ended.

        The published bands count every case; where plans and care take the long ones, all are made shorter.
        """
        shares = [share / sum(self.figures["need_ended_after"]) for share in self.figures["need_ended_after"]]
        shorter = sum(share * mean for share, mean in zip(shares, (0.15, 0.37, 0.75, 1.45), strict=False))
        tail = max(2.3, (self.years_of_support - shorter) / shares[4])
        scale = min(1.0, self.years_of_support / (shorter + shares[4] * tail))
        edges = ((0.06, 0.24), (0.25, 0.5), (0.5, 1.0), (1.0, 2.0), (2.0, tail))
        return [
            (share, first * scale, last * scale) for share, (first, last) in zip(accumulate(shares), edges, strict=True)
        ]


def load(council: str) -> Calibration:
    """The figures of one council."""
    known = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    if council not in known:
        raise KeyError(f"no published figures for {council}; known: {', '.join(known)}")
    return Calibration(council, known[council])
