"""The plan document of a session, made anew only where something has changed since the last time."""

from __future__ import annotations

from dataclasses import replace
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
    plan: Document = session.remembered("plan", inputs, lambda: _made(session, policy, ""))
    return _placed(plan, session, policy)


def fresh(session: Session, policy: Policy, *, key: str = "") -> Document:
    """The document of a plan that is made now, and kept in `session.looked`: what is written must be what was shown.

    `key` names the key of its fingerprints, where the site still has it.
    """
    return _placed(_made(session, policy, key), session, policy)


def setting(session: Session) -> Setting:
    """What a run can say of where a plan is made, before it has looked at the site."""
    from drupalsync.apply.fingerprints import site_identity, tree_digest

    return Setting(
        environment=session.project.environment.name,
        site=session.project.address.shown,
        identity=site_identity(session.site),
        tree=session.project.tree_shown,
        revision=session.revision,
        overlay=session.project.environment.overlay,
        digest=tree_digest(session.files, session.project.environment.overlay),
        selectors=session.selection.selectors,
    )


def _made(session: Session, policy: Policy, key: str) -> Document:
    from drupalsync.apply.fingerprints import Fingerprints, choose_key  # a remembered plan needs none of it
    from drupalsync.site import drupal_version

    looked = session.look(policy)
    prints = Fingerprints(choose_key(session.site, looked.ledger, key), looked.gathered)
    seen = replace(
        setting(session),
        drupal=drupal_version(session.site),
        policy=policy,
        fingerprint_key=prints.key.name,
        fingerprints={change.address: prints.of(change) for change in looked.plan.changes},
        last_release=looked.last_release,
        unset=tuple(looked.gathered.unset),
        unfinished=looked.unfinished,
        left_by=looked.left_by,
        rules=session.project.manifest.rules,
    )
    return document(looked.plan, seen)


def _placed(plan: Document, session: Session, policy: Policy) -> Document:
    """The document, be it a remembered one, with where git has the files of now, and what it says of them."""
    plan["tree"]["revision"] = session.revision
    if plan["changes"] or plan["forgotten"]:  # a run that finds nothing to do need not wait for git
        plan["tree"]["dirty"] = session.dirty
        return {**plan, "notes": [*plan["notes"], *_of_checkout(session, policy, plan)]}
    return plan


def _of_checkout(session: Session, policy: Policy, plan: Document) -> list[str]:
    from drupalsync.apply import checkout

    last = plan["site"]["last_release"]
    notes = checkout.notes(session.project.folder, session.revision, last and (last["number"], last["revision"]))
    deletes = any(change["actions"] == ["delete"] for change in plan["changes"])
    lost = session.lost_files() if policy.prune and deletes else []
    return [*notes, *checkout.worded(lost)]


def of_rollback(session: Session, release: int | None, policy: Policy) -> tuple[Document, Rollback]:
    """The document of a rollback's plan, made now, and the rollback; `session.looked` has the plan."""
    work, session.looked = session.look_back(release, policy)
    looked = session.looked
    setting = Setting(
        environment=session.project.environment.name,
        site=session.project.address.shown,
        tree=session.project.tree_shown,
        policy=policy,
        last_release=looked.last_release,
        unfinished=looked.unfinished,
        left_by=looked.left_by,
        command=("rollback", str(work.release.number)),
        undoes=work.release.number,
        rules=session.project.manifest.rules,
    )
    return document(looked.plan, setting), work
