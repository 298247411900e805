"""One line a kind: how a site and the tree stand to each other."""

from __future__ import annotations

from drupalsync.plan import Action, Inputs, Plan, Reason

COLUMNS = ("in sync", "to apply", "to delete", "first contact", "drifted", "conflict", "unmanaged")


def render(plan: Plan, inputs: Inputs, environment: str) -> str:
    """The table, and under it what to do next."""
    counts = {kind: _count(plan, inputs, kind) for kind in plan.kinds}
    width = max(len(kind) for kind in counts)
    lines = [f"{environment:{width}}  " + "  ".join(f"{column:>{len(column)}}" for column in COLUMNS)]
    lines += [
        f"{kind:{width}}  " + "  ".join(f"{row[column] or '·':>{len(column)}}" for column in COLUMNS)
        for kind, row in counts.items()
    ]
    return "\n".join([*lines, "", _advice(plan, environment)]) + "\n"


def _count(plan: Plan, inputs: Inputs, kind: str) -> dict[str, int]:
    row = dict.fromkeys(COLUMNS, 0)
    for change in (*plan.changes, *plan.drift):
        if change.kind != kind:
            continue
        if change.blocked is Reason.FIRST_CONTACT:
            row["first contact"] += 1
        elif change.blocked is Reason.DRIFT or change in plan.drift:
            row["drifted"] += 1
        elif change.blocked is Reason.CONFLICT:
            row["conflict"] += 1
        elif change.action is Action.ADOPT:
            row["in sync"] += 1
        else:
            row["to delete" if change.action is Action.DELETE else "to apply"] += 1
    changed = {change.address for change in (*plan.changes, *plan.drift)}
    row["in sync"] += sum(item.kind == kind for address, item in inputs.desired.items() if address not in changed)
    row["unmanaged"] = sum(address.startswith(f"{kind}:") for address in plan.unmanaged)
    return row


def _advice(plan: Plan, environment: str) -> str:
    if plan.blocked:
        return f"The site differs from what drupalsync left. See how: drupalsync import --dry-run --env {environment}"
    if plan.writes:
        return (
            f"See the changes: drupalsync diff --env {environment}   Apply them: drupalsync import --env {environment}"
        )
    if plan.changes:
        return f"The site is as the tree wants; the ledger does not know it yet: drupalsync import --env {environment}"
    return "The site is as the tree wants. Nothing to do."
