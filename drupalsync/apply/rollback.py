"""A rollback: a release is taken back by a plan like any other, made from its before-images.

Three sides again: *desired* is what the images say of the items that the release wrote, *base* what the ledger says of
them now, *live* the site. So what somebody changed since stops it, as it stops an import. Afterwards the ledger has what
it had before the release: to the next import it was never made. A rollback is a release, with images of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from drupalsync.apply import binding, images, importer, steps
from drupalsync.apply.desired import Tree
from drupalsync.apply.gather import Gathered, context, identify, read_identified, seal_all
from drupalsync.apply.images import Image
from drupalsync.apply.ledger import Ledger
from drupalsync.apply.project import Project
from drupalsync.apply.protection import born_protected
from drupalsync.apply.releases import Release, read_releases, still_at_work, taken_back
from drupalsync.apply.relocated import relocate
from drupalsync.apply.renamed import renamed_by_hand
from drupalsync.apply.seal import seal, sealed_paths, unpack
from drupalsync.apply.select import Selection
from drupalsync.errors import DrupalsyncError, counted
from drupalsync.kinds import Item, Kind, all_kinds
from drupalsync.plan import Action, Inputs, Plan, Policy, take_back
from drupalsync.plan.taking_back import as_before, changed_by_release
from drupalsync.site import Site

if TYPE_CHECKING:
    from drupalsync.kinds.base import SwitchesOff

FEW = 5  # releases, or items, to name


class NoSuchRelease(DrupalsyncError):
    """There is nothing by that number, or nothing at all, to take back."""


class CannotRollBack(DrupalsyncError):
    """A release that is taken back already, that others were built on, or of which too little is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollback:
    """The work of a rollback, as `importer.carry_out` takes it. `left` is what the release left of each item, sealed."""

    project: Project
    site: Site
    policy: Policy
    release: Release
    images: tuple[Image, ...]  # of what drupalsync.yml has not excluded since
    excluded: tuple[str, ...]
    left: Mapping[str, Item]
    tree: Tree  # what the release wrote, as it was before
    revision: str = ""  # of the tree, as the site then has it again; "" where no one revision says that

    @property
    def origin(self) -> importer.Provenance:
        return importer.Provenance(revision=self.revision, undoes=self.release.number)

    @property
    def touches(self) -> frozenset[str]:
        return frozenset(address for image in self.images for address in (image.address, image.before))

    @property
    def written(self) -> list[Image]:
        """The images of what the release wrote to the site; of the others only the ledger's word is to change."""
        return [image for image in self.images if image.writes]

    def gather(self, ledger: Ledger) -> Gathered:
        """Reads the site and sets what was there before the release beside it."""
        base = {item.address: item for item in ledger.items(self.tree)}
        ctx = context(self.project, self.site, base.values(), self._with_what_it_made())
        kinds = all_kinds()
        identify(ctx, kinds)
        renamed = renamed_by_hand(ctx, kinds, base.values(), self._with_what_it_made(), Selection())
        live, _ = read_identified(ctx, kinds, self._selection(), self.tree, renamed)
        ctx.memory = context(self.project, self.site, base.values(), self.tree).memory
        about = {address for image in self.written for address in (image.address, image.before)}
        known = {address: item for address, item in base.items() if address in about}
        desired = relocate(ctx, self._desired(live, ledger.key))
        there = {address: item for address, item in live.items() if address in about}
        sealed_live, sealed_desired = there, desired
        for ledgers in (known, *self._known_secrets()):
            sealed_live, sealed_desired = seal_all(sealed_live, sealed_desired, self.tree, ledgers, ledger.key)
        ctx.notes += self._notes(there)
        inputs = Inputs(
            kinds=kinds,
            live=sealed_live,
            desired=sealed_desired,
            base=self._base(kinds, there, known) | self._switched_off(kinds, sealed_live, known, ledger.key),
            moved={image.before: image.address for image in self.written if image.before != image.address},
            removed=frozenset(image.address for image in self.written if image.action == Action.CREATE),
            born=born_protected(ctx, live, desired),
            rules=self.project.manifest.rules,
            notes=tuple(ctx.notes),
        )
        return Gathered(ctx=ctx, live=live, desired=desired, inputs=inputs)

    def plan(self, inputs: Inputs) -> Plan:
        return take_back(inputs, self.policy)

    def conclude(self, ledger: Ledger, back: Gathered) -> None:
        """Gives the ledger what it had before the release; what is a new row by now, the row that has it."""
        entries = dict.fromkeys(sorted(self.touches))
        for image in self.images:
            if image.entry is None:
                continue
            live = back.live.get(image.before)
            local_id = live.local_id if live is not None and live.local_id is not None else image.entry.local_id
            entries[image.before] = replace(image.entry, local_id=local_id)
        ledger.put_back(entries)

    def _with_what_it_made(self) -> Tree:
        """What the site is read with: some items are read only where the tree asks for them, as that of the release did."""
        made = {address: replace(item, local_id=None) for address, item in self.left.items()}
        return Tree(shown=self.tree.shown, files={}, items=made | self.tree.items)

    def _selection(self) -> Selection:
        return Selection((), tuple(rule.item for rule in self.project.manifest.rules.exclude))

    def _desired(self, live: Mapping[str, Item], key: bytes) -> dict[str, Item]:
        """What each item is to be: as the images have it, but for what the release had left alone."""
        found = {}
        for image in self.written:
            if image.live is None:
                continue
            item = Item(kind=image.kind, key=image.before.partition(":")[2], fields=image.live)
            here = live.get(image.address) or live.get(image.before)
            left = self.left.get(image.address)
            if here is not None and left is not None:
                hidden = seal(item, sealed_paths(left), key)
                paths = changed_by_release(left=left.fields, before=hidden.fields)
                item = replace(item, fields=as_before(live=here.fields, before=image.live, paths=paths))
            found[item.address] = item
        return found

    def _base(self, kinds: Mapping[str, Kind], live: Mapping[str, Item], known: Mapping[str, Item]) -> dict[str, Item]:
        """What the ledger says, as the planner must see it where somebody undid on the site what the release did.

        What it moved and is not there any more is compared where it was. Of what it deleted, and is there again, the
        release left nothing: that is its base, so that the two are a conflict and not a first contact.
        """
        base = dict(known)
        for image in self.written:
            if image.before != image.address and image.address not in live and image.address in base:
                base[image.before] = replace(base.pop(image.address), key=image.before.partition(":")[2])
            there = live.get(image.before)
            again = image.live is not None and there is not None and image.before not in base
            if again and there is not None and kinds[image.kind].worth_exporting(there):
                base[image.before] = replace(there, fields={})
        return base

    def _switched_off(
        self, kinds: Mapping[str, Kind], live: Mapping[str, Item], known: Mapping[str, Item], key: bytes
    ) -> dict[str, Item]:
        """What the release left of items that it deleted and that stay on the site; `live`, sealed, is what there is now."""
        found = {}
        for image in self.written:
            there = live.get(image.before)
            if image.live is None or there is None or image.before in known:
                continue
            if hasattr(kinds[image.kind], "switched_off"):
                left = cast("SwitchesOff", kinds[image.kind]).switched_off(replace(there, fields=image.live))
                found[image.before] = seal(left, sealed_paths(there), key)
        return found

    def _known_secrets(self) -> list[dict[str, Item]]:
        """What the ledger had before the release, and after it: it knows of secrets that nothing else tells any more."""
        before: dict[str, Item] = {}
        after: dict[str, Item] = {}
        for image in self.written:
            for address in (image.address, image.before):
                if image.entry is not None:
                    before[address] = Item(kind=image.kind, key=image.key, fields=unpack(image.entry.base))
                if image.address in self.left:
                    after[address] = self.left[image.address]
        return [before, after]

    def _notes(self, live: Mapping[str, Item]) -> list[str]:
        notes = [
            f"{address} is excluded by drupalsync.yml since release {self.release.number}, and stays as it is"
            for address in self.excluded
        ]
        if noted := len(self.images) - len(self.written):
            notes.append(f"{counted(noted, 'item')} that the release did not write: only the ledger changes")
        deleted = [image for image in self.written if image.action == Action.DELETE and image.before not in live]
        if again := [image.before for image in deleted if _numbered(image)]:
            more = f" and {len(again) - FEW} more" if len(again) > FEW else ""
            notes.append(
                f"{counted(len(again), 'deleted item')} will be new rows, and what is not drupalsync's will not know their "
                f"new ids: {', '.join(again[:FEW])}{more}"
            )
        return notes


def unfinished(site: Site, number: int | None) -> Release | None:
    """A rollback of this release, by default of any, that is committed and was stopped before all that follows was done."""
    left = {step[0] for step in steps.unfinished(site)}
    found = [release for release in read_releases(site, Ledger(site)) if release.number in left]
    return next((release for release in found if release.undoes is not None and number in (None, release.undoes)), None)


def look(project: Project, site: Site, number: int | None, policy: Policy) -> tuple[Rollback, importer.Looked]:
    """The rollback of a release, by default of the newest that stands, with its plan. Writes nothing.

    Raises NoSuchRelease, CannotRollBack, and Problems where the site cannot have any more what it had.
    """
    site.db.begin_snapshot()
    try:
        ledger = Ledger(site)
        binding.check(project, site, ledger)
        work = _rollback(project, site, ledger, number, policy)
        gathered = work.gather(ledger)
        return work, importer.looked_at(site, ledger, gathered, work.plan(gathered.inputs), work.tree)
    finally:
        site.db.rollback()


def _rollback(project: Project, site: Site, ledger: Ledger, number: int | None, policy: Policy) -> Rollback:
    releases = read_releases(site, ledger)
    release = _chosen(releases, number)
    found = images.read(site, release.number)
    _check_owner(release, ledger)
    _check_whole(release, found)
    addresses = {address for image in found for address in (image.address, image.before)}
    _check_newest(site, releases, release, addresses)
    exclude = Selection((), tuple(rule.item for rule in project.manifest.rules.exclude))
    ours = tuple(image for image in found if image.address in exclude and image.before in exclude)
    items = [
        Item(kind=image.kind, key=image.before.partition(":")[2], fields=image.live) for image in ours if image.live
    ]
    tree = Tree(shown=project.tree_shown, files={}, items={item.address: item for item in items})
    left = {item.address: item for item in ledger.items(tree) if item.address in addresses}
    return Rollback(
        project=project,
        site=site,
        policy=policy,
        release=release,
        images=ours,
        excluded=tuple(sorted({image.address for image in found} - {image.address for image in ours})),
        left=left,
        tree=tree,
        revision=_revision_before(releases, release),
    )


def _chosen(releases: list[Release], number: int | None) -> Release:
    gone = taken_back(releases)
    known = {release.number: release for release in releases}
    if number is None:
        standing = [release for release in releases if release.undoes is None and release.number not in gone]
        if not standing:
            raise NoSuchRelease("there is no release to roll back", hint="none was made here, or none stands any more")
        return standing[-1]
    if number not in known:
        told = [str(release.number) for release in releases[-FEW:]]
        raise NoSuchRelease(
            f"there is no release {number} of this site",
            hint=f"the last ones are {', '.join(told)}" if told else "drupalsync has not written to it yet",
        )
    if number in gone:
        raise CannotRollBack(
            f"release {number} is rolled back already, by release {gone[number]}",
            hint=f"to bring it back: drupalsync rollback {gone[number]}",
        )
    return known[number]


def _check_owner(release: Release, ledger: Ledger) -> None:
    """Raises CannotRollBack where the site was taken over since: what was before is another owner's."""
    later = [number for number in ledger.taken_over() if number > release.number]
    if later:
        raise CannotRollBack(
            f"release {release.number} cannot be rolled back: release {later[0]} took the site over, and forgot what was before",
            hint="take the change back in the tree (git revert), and import",
        )


def _check_whole(release: Release, found: list[Image]) -> None:
    """Raises CannotRollBack where it is not known of everything what it was before."""
    if not found:
        raise CannotRollBack(
            f"release {release.number} cannot be rolled back: it has no before-images",
            hint="an older drupalsync made it: take the change back in the tree (git revert), and import",
        )
    written = sum(image.writes for image in found)
    if written != release.changes:
        raise CannotRollBack(
            f"release {release.number} cannot be rolled back: it wrote {counted(release.changes, 'item')}, and of {written} "
            "it is known what was there before",
            where="drupalsync_image",
            hint="take the change back in the tree (git revert), and import",
        )


def _check_newest(site: Site, releases: list[Release], release: Release, addresses: set[str]) -> None:
    """Raises CannotRollBack where a later release went on from what this one left."""
    later = [other.number for other in still_at_work(releases, release.number)]
    if found := images.touching(site, later, addresses):
        numbers = sorted(found, reverse=True)
        named = ", ".join(map(str, numbers[:FEW])) + (" …" if len(numbers) > FEW else "")
        raise CannotRollBack(
            f"release {release.number} cannot be rolled back alone: later releases changed the same items ({named})",
            where=found[numbers[0]],
            hint=f"the newest first: drupalsync rollback {numbers[0]}",
        )


def _revision_before(releases: list[Release], release: Release) -> str:
    """The revision of the tree that the site has again; "" where a later release stays."""
    at = releases.index(release)
    return releases[at - 1].revision if at and not still_at_work(releases, release.number) else ""


def _numbered(image: Image) -> bool:
    return image.entry is not None and isinstance(image.entry.local_id, int)
