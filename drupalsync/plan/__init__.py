"""What an import would do, as values: no database, no file, no clock in here.

An item is compared three ways, path by path: *live* (the site), *desired* (the tree), *base* (what drupalsync last
left on that site, from the ledger). What follows is the whole vocabulary; each state has one invariant.

===============  ===========================================  =============================================state            when                                         what an import does
===============  ===========================================  =============================================in sync          live = desired                               nothing; without a base: adopt
adopt            live = desired, and base or protection say   records the item in the ledger, writes nothing else
                 something else, or nothing
create           desired only, no base                        writes it
update           desired ≠ base, live = base (by path)        writes the paths that differ
move             the key changed, the thing did not           keeps the row, changes key and place
delete           base and live, not desired, `--prune`        deletes it as Drupal would
left             the same without `--prune`, or by its mode   reports it
forgotten        base only                                    takes it out of the ledger
first contact    live ≠ desired, no base, and live is not     stops, unless `--adopt`: then update
                 at Drupal's own defaults
drift            live ≠ base, desired = base                  stops; `--on-drift keep`: leaves it, `overwrite`: update
conflict         live, desired and base all differ            stops; `keep`: the site's value stays, `overwrite`: update
merge            both sides changed other paths of one item,  stops, for somebody changed the site; `keep`: both stay;
                 or other members of a list that is a set     `overwrite`: update
suspected        new, and much like what left the tree        stops: the tree must say which (config/moved.yml)
rename
protected        to be deleted, and the ledger (or Drupal)    stops
                 says that it must stay
needed           to be deleted, and another item of the tree  stops
                 refers to it
ignored          differs, and a rule or a mode leaves it      reports it, whatever else is asked for
unmanaged        live only, no base                           counts it, never touches it
===============  ===========================================  =============================================
Modes (`modes:` in drupalsync.yml) narrow that: `no-delete` never deletes; `create-only` makes an item once, and from then
on, though somebody deletes it, it is the site's; `observe` writes and records nothing.

Laws, each a property test (tests/property/test_plan.py): no base is never a permission to write. A plan that is carried out
is followed by an empty one. Apply and drift mirror each other. Nobody's edit is lost unless `overwrite`, `--adopt` or
`--prune` said so; one that was kept is kept by the next release, too. The order is total, and what others need comes first.

Safety limits (plan/limits.py) and everything that stops do not shorten a plan: they stop the write, never the view.
Secrets are sealed (keyed hashes) before anything gets here.
"""

from drupalsync.plan.build import Inputs, make_plan
from drupalsync.plan.forecast import Forecast, forecast
from drupalsync.plan.model import Action, Change, FieldChange, Limit, OnDrift, Plan, Reason, Side
from drupalsync.plan.moves import moves, suspect_renames
from drupalsync.plan.paths import ABSENT, differing, get_path, set_path
from drupalsync.plan.taking_back import take_back
from drupalsync.plan.verdicts import Policy

__all__ = [
    "ABSENT",
    "Action",
    "Change",
    "FieldChange",
    "Forecast",
    "Inputs",
    "Limit",
    "OnDrift",
    "Plan",
    "Policy",
    "Reason",
    "Side",
    "differing",
    "forecast",
    "get_path",
    "make_plan",
    "moves",
    "set_path",
    "suspect_renames",
    "take_back",
]
