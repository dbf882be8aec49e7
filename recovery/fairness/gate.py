"""Can the groups be compared at all, and if not, why?"""

from __future__ import annotations

from collections.abc import Collection

from recovery.fairness.comparing import FEWEST
from recovery.fairness.records import LeftOut, Remark


def why_not(
    groups: Collection[str], large: Collection[str], reference: str, *, left_out: LeftOut,
    alike: str = "",
) -> Remark | None:  # fmt: skip
    """What stands in the way; None where nothing does.

    `large` are the groups with enough complaints; `alike` is the code of what is the same for all.
    """
    if not groups:
        return _nobody(left_out)
    if alike:
        return Remark(alike)
    if len(groups) < 2:
        return Remark("one_group")
    if len(large) < 2:
        return Remark("small_groups", {"fewest": str(FEWEST)})
    if reference not in large:
        return Remark("small_reference", {"group": reference, "fewest": str(FEWEST)})
    return None


def _nobody(left_out: LeftOut) -> Remark:
    """Because there is nobody, or because of what most of those who are left out lack."""
    counts = {
        "nobody_known": left_out.not_known, "nobody_placed": left_out.no_group
        + left_out.no_stratum, "nobody_has_it": left_out.does_not_apply, "all_open": left_out.open,
    }  # fmt: skip
    most = max(counts, key=counts.__getitem__)
    return Remark(most, {"count": f"{counts[most]:,}"}) if counts[most] else Remark("nobody")
