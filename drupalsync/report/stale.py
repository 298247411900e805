"""Whether a plan that was kept may be carried out: here, now, and once. If not, why, and a fresh plan beside it."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from pathlib import Path

from drupalsync import __version__
from drupalsync.apply.fingerprints import Fingerprints, choose_key
from drupalsync.apply.ledger import Ledger
from drupalsync.apply.project import now
from drupalsync.apply.session import Session
from drupalsync.errors import DrupalsyncError, counted
from drupalsync.plan import OnDrift, Policy
from drupalsync.report.banner import STAMP
from drupalsync.report.document import POLICY, Document
from drupalsync.report.moved import moved
from drupalsync.report.planfile import BrokenPlan, check_unedited, keep, next_to
from drupalsync.report.preview import fresh, setting
from drupalsync.report.visible import visible
from drupalsync.tree.files import WriteFailed

AGAIN = "plan again: drupalsync import --dry-run --out FILE"


class PlanIsStale(DrupalsyncError):
    """A plan of another site, tree, program or time; nothing was written."""

    exit_code = 3


def check_maker(plan: Document, file: Path, environment: str) -> None:
    """Raises BrokenPlan, and PlanIsStale for a plan of another drupalsync, or for another environment."""
    if plan["undoes"]:
        raise BrokenPlan(
            f"this is the plan of a rollback, of release {plan['undoes']}",
            where=str(file),
            hint=f"drupalsync rollback {plan['undoes']} --dry-run shows it as it is now",
        )
    check_unedited(plan, file)
    if plan["drupalsync_version"] != __version__:
        raise _stale(plan, file, f"was made by drupalsync {plan['drupalsync_version']}, and this is {__version__}")
    if plan["environment"] != environment:
        raise _stale(
            plan,
            file,
            f"is for the environment {plan['environment']}, not for {environment}",
            f"give --env {plan['environment']}",
        )


def policy_of(plan: Document, session: Session) -> Policy:
    """What the operator allowed; the limits are those that drupalsync.yml has now."""
    given = {name: plan["policy"][name] for name in POLICY}
    limits = session.project.manifest.rules.limits
    return Policy(**{**given, "on_drift": OnDrift(given["on_drift"])}, limits=limits)


def still_as_planned(plan: Document, file: Path, session: Session) -> Document:
    """The plan of now, of which every item is as the plan in the file has it; kept in `session.looked`, too.

    Raises PlanIsStale; where items have moved, the plan of now then lies beside the file.
    """
    _check_place(plan, file, session)
    _check_unspent(plan, file, session)
    if not plan["applyable"]:
        stops = ", ".join(plan["blocked_by"])
        raise _stale(plan, file, f"was kept for review only: {stops} stops it", "settle that, then plan again")
    today = fresh(session, policy_of(plan, session), key=plan["site"]["fingerprint_key"])
    if today["site"]["fingerprint_key"] != plan["site"]["fingerprint_key"]:
        raise _stale(plan, file, "cannot be compared with the site any more: the key of its fingerprints is gone")
    looked = session.looked
    assert looked is not None
    key = choose_key(session.site, looked.ledger, today["site"]["fingerprint_key"])
    if found := moved(plan, today, session, Fingerprints(key, looked.gathered)):
        raise _moved(plan, today, file, found)
    return today


def _check_place(plan: Document, file: Path, session: Session) -> None:
    """Raises PlanIsStale where the site or the tree is another one."""
    here = setting(session)
    if plan["site"]["identity"] != here.identity:
        raise _stale(
            plan, file, f"is for another site: {plan['site']['database']}, and {here.environment} is {here.site} here"
        )
    if plan["tree"]["overlay"] != here.overlay:
        names = [f"the overlay {name}" if name else "no overlay" for name in (plan["tree"]["overlay"], here.overlay)]
        raise _stale(plan, file, f"was made with {names[0]}, and {here.environment} has {names[1]} now")
    if plan["tree"]["digest"] == here.digest:
        return
    then, today = _revision(plan["tree"]), _revision({"revision": here.revision, "dirty": session.dirty})
    if plan["tree"]["dirty"] or not plan["tree"]["revision"]:
        hint = "only those very files will do: plan again, of files that are committed"
    else:
        hint = f"give --rev {plan['tree']['revision'][:12]}, or plan again"
    raise _stale(plan, file, f"was made from other files: {then}; here is {today}", hint)


def _revision(tree: Document) -> str:
    """The commit of a tree in words."""
    name = tree["revision"][:12] or "no commit"
    return f"{name} with edits that are not committed" if tree["dirty"] else str(name)


def _check_unspent(plan: Document, file: Path, session: Session) -> None:
    spent = Ledger(session.site).spent_by(plan["plan_id"])
    if spent:
        moment = datetime.fromtimestamp(spent[1], UTC).strftime(STAMP)
        raise _stale(plan, file, f"is spent: release {spent[0]} carried it out ({moment})")


def _stale(plan: Document, file: Path, why: str, hint: str = AGAIN) -> PlanIsStale:
    return PlanIsStale(f"plan {plan['plan_id']} {why}; nothing was written", where=str(file), hint=hint)


def _moved(plan: Document, today: Document, file: Path, found: dict[str, str]) -> PlanIsStale:
    """The refusal that names every item that moved; the fresh plan is written for it."""
    planned = {*(change["address"] for change in plan["changes"]), *plan["forgotten"]}
    rest = len(planned - found.keys())
    lines = "".join(f"\n    {visible(address)}: {told}" for address, told in found.items())
    others = f" ({counted(rest, 'other item')} {'is' if rest == 1 else 'are'} as planned)" if rest else ""
    beside = next_to(file)
    command = shlex.join(["drupalsync", "show", str(beside)])
    try:
        keep(today, beside, now())
    except WriteFailed:
        hint = AGAIN
    else:
        review = "" if today["applyable"] else ", for review only: something stops it"
        hint = f"a fresh plan lies beside it{review}:  {command}"
    what = f"plan {plan['plan_id']} is stale; nothing was written. {counted(len(found), 'item')} moved{others}:{lines}"
    return PlanIsStale(what, where=str(file), hint=hint)
