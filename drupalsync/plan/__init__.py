"""What an import would do, as values: no database, no file, no clock in here.

An item is compared three ways, path by path: *live* (the site), *desired* (the tree), *base* (what drupalsync last
left on that site, from the ledger). What follows is the whole vocabulary; each state has one invariant.

==============  ===========================================  =====================================================
state           when                                         what an import does
==============  ===========================================  =====================================================
in sync         live = desired                               nothing; without a base: adopt
adopt           live = desired, no base                      records the item in the ledger, writes nothing else
create          desired only, no base                        writes it
update          desired ≠ base, live = base (by path)        writes the paths that differ
move            the key changed, the thing did not           keeps the row, changes key and place
delete          base and live, not desired, `--prune`        deletes it as Drupal would
left            the same without `--prune`                   reports it
first contact   live ≠ desired, no base, and live is not     stops, unless `--adopt`: then update
                at Drupal's own defaults
drift           live ≠ base, desired = base                  stops; `--on-drift keep`: leaves it, `overwrite`: update
conflict        live, desired and base all differ            stops; `keep`: the site's value stays, `overwrite`: update
unmanaged       live only, no base                           counts it, never touches it
==============  ===========================================  =====================================================

No base is never a permission to write. Secrets are sealed (keyed hashes) before anything gets here.
"""

from drupalsync.plan.build import Inputs, make_plan
from drupalsync.plan.forecast import Forecast, forecast
from drupalsync.plan.model import Action, Change, FieldChange, Limit, OnDrift, Plan, Reason, Side
from drupalsync.plan.moves import moves
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
    "take_back",
]
