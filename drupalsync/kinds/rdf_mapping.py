"""RDF mappings: what a type of content and its fields are called in RDF.

Tables    rdf_mapping (modules/rdf/rdf.install)
Key       type of entity and bundle: `node/article`; nothing behind the slash is the default of all bundles
File      config/rdf_mappings/<key>.yml
Defaults  none
Keeps     a mapping's bundle is a name only: Drupal keeps the row where the bundle goes
Caches    cache:entity_info:*
Source    modules/rdf/rdf.module (rdf_mapping_save, rdf_mapping_delete)
"""

from __future__ import annotations

from typing import Final

from drupalsync.kinds.tables import Col, Description, TableKind

KIND: Final = TableKind(
    about=Description(
        kind="rdf_mapping",
        table="rdf_mapping",
        key=("type", "bundle"),
        folder="rdf_mappings",
        module="rdf",
        columns={"mapping": Col(help="rdftype, and by field: predicates, type, datatype.", serialized=True)},
        after=("content_type", "vocabulary"),
        caches=(("cache", "entity_info:*"),),
        fixed=True,
    ),
    doc=__doc__,
)
