"""The plan document of a session, made anew only where something has changed since the last time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drupalsync.apply.session import Session
from drupalsync.plan import Policy
from drupalsync.report.document import Document, Setting, document

if TYPE_CHECKING:
    from drupalsync.apply.rollback import Rollback


def preview(session: Session, policy: Policy) -> Document:
    """The document of the plan that this policy makes; `session.looked` is set where it had to be made."""
    session.looked = None
    inputs = session.inputs("plan", repr(policy))
    plan: Document = session.remembered("plan", inputs, lambda: _made(session, policy))
    plan["tree"]["revision"] = session.revision
    return _with_checkout(session, policy, plan)


def fresh(session: Session, policy: Policy) -> Document:
    """The document of a plan that is made now, and kept in `session.looked`: what is written must be what was shown."""
    return _with_checkout(session, policy, _made(session, policy))


def _with_checkout(session: Session, policy: Policy, plan: Document) -> Document:
    """The document with what git says of the tree: that can change without a byte of what a plan is remembered by."""
    if not plan["changes"] and not plan["forgotten"]:
        return plan
    from drupalsync.apply import checkout

    last = plan["site"]["last_release"]
    notes = checkout.notes(session.project.folder, session.revision, last and (last["number"], last["revision"]))
    deletes = any(change["actions"] == ["delete"] for change in plan["changes"])
    lost = session.lost_files() if policy.prune and deletes else []
    return {**plan, "notes": [*plan["notes"], *notes, *checkout.worded(lost)]}


def _made(session: Session, policy: Policy) -> Document:
    looked = session.look(policy)
    setting = Setting(
        environment=session.project.environment.name,
        site=session.project.address.shown,
        tree=session.project.tree_shown,
        revision=session.revision,
        last_release=looked.last_release,
        unset=tuple(looked.gathered.unset),
        unfinished=looked.unfinished,
        left_by=looked.left_by,
        rules=session.project.manifest.rules,
    )
    return document(looked.plan, setting)


def of_rollback(session: Session, release: int | None, policy: Policy) -> tuple[Document, Rollback]:
    """The document of a rollback's plan, made now, and the rollback; `session.looked` has the plan."""
    work, session.looked = session.look_back(release, policy)
    looked = session.looked
    setting = Setting(
        environment=session.project.environment.name,
        site=session.project.address.shown,
        tree=session.project.tree_shown,
        last_release=looked.last_release,
        unfinished=looked.unfinished,
        left_by=looked.left_by,
        command=("rollback", str(work.release.number)),
        undoes=work.release.number,
        rules=session.project.manifest.rules,
    )
    return document(looked.plan, setting), work
