-- The tables of a small Drupal 7 site in SQLite, as far as drupalsync and its tour touch them.
-- Columns, types, defaults and keys: hook_schema() of the modules named; AUTOINCREMENT and CHECK as Drupal's own
-- SQLite driver writes a serial and an unsigned number (includes/database/sqlite/schema.inc).
-- The cache bins and the tables of fields follow one pattern each: schema.py makes them.

-- modules/system/system.install
CREATE TABLE variable (
  name VARCHAR(128) NOT NULL DEFAULT '' PRIMARY KEY,
  value BLOB NOT NULL
);
CREATE TABLE system (
  filename VARCHAR(255) NOT NULL DEFAULT '' PRIMARY KEY,
  name VARCHAR(255) NOT NULL DEFAULT '',
  type VARCHAR(12) NOT NULL DEFAULT '',
  owner VARCHAR(255) NOT NULL DEFAULT '',
  status INTEGER NOT NULL DEFAULT 0,
  bootstrap INTEGER NOT NULL DEFAULT 0,
  schema_version INTEGER NOT NULL DEFAULT -1,
  weight INTEGER NOT NULL DEFAULT 0,
  info BLOB NULL
);
CREATE INDEX system_system_list ON system (status, bootstrap, type, weight, name);
CREATE TABLE menu_router (
  path VARCHAR(255) NOT NULL DEFAULT '' PRIMARY KEY,
  load_functions BLOB NOT NULL,
  to_arg_functions BLOB NOT NULL,
  access_callback VARCHAR(255) NOT NULL DEFAULT '',
  access_arguments BLOB NULL,
  page_callback VARCHAR(255) NOT NULL DEFAULT '',
  page_arguments BLOB NULL,
  delivery_callback VARCHAR(255) NOT NULL DEFAULT '',
  fit INTEGER NOT NULL DEFAULT 0,
  number_parts INTEGER NOT NULL DEFAULT 0,
  context INTEGER NOT NULL DEFAULT 0,
  tab_parent VARCHAR(255) NOT NULL DEFAULT '',
  tab_root VARCHAR(255) NOT NULL DEFAULT '',
  title VARCHAR(255) NOT NULL DEFAULT '',
  title_callback VARCHAR(255) NOT NULL DEFAULT '',
  title_arguments VARCHAR(255) NOT NULL DEFAULT '',
  theme_callback VARCHAR(255) NOT NULL DEFAULT '',
  theme_arguments VARCHAR(255) NOT NULL DEFAULT '',
  type INTEGER NOT NULL DEFAULT 0,
  description TEXT NOT NULL,
  position VARCHAR(255) NOT NULL DEFAULT '',
  weight INTEGER NOT NULL DEFAULT 0,
  include_file TEXT NULL
);
CREATE INDEX menu_router_fit ON menu_router (fit);
CREATE TABLE menu_links (
  menu_name VARCHAR(32) NOT NULL DEFAULT '',
  mlid INTEGER PRIMARY KEY AUTOINCREMENT CHECK (mlid >= 0),
  plid INTEGER NOT NULL DEFAULT 0 CHECK (plid >= 0),
  link_path VARCHAR(255) NOT NULL DEFAULT '',
  router_path VARCHAR(255) NOT NULL DEFAULT '',
  link_title VARCHAR(255) NOT NULL DEFAULT '',
  options BLOB NULL,
  module VARCHAR(255) NOT NULL DEFAULT 'system',
  hidden INTEGER NOT NULL DEFAULT 0,
  external INTEGER NOT NULL DEFAULT 0,
  has_children INTEGER NOT NULL DEFAULT 0,
  expanded INTEGER NOT NULL DEFAULT 0,
  weight INTEGER NOT NULL DEFAULT 0,
  depth INTEGER NOT NULL DEFAULT 0,
  customized INTEGER NOT NULL DEFAULT 0,
  p1 INTEGER NOT NULL DEFAULT 0 CHECK (p1 >= 0),
  p2 INTEGER NOT NULL DEFAULT 0 CHECK (p2 >= 0),
  p3 INTEGER NOT NULL DEFAULT 0 CHECK (p3 >= 0),
  p4 INTEGER NOT NULL DEFAULT 0 CHECK (p4 >= 0),
  p5 INTEGER NOT NULL DEFAULT 0 CHECK (p5 >= 0),
  p6 INTEGER NOT NULL DEFAULT 0 CHECK (p6 >= 0),
  p7 INTEGER NOT NULL DEFAULT 0 CHECK (p7 >= 0),
  p8 INTEGER NOT NULL DEFAULT 0 CHECK (p8 >= 0),
  p9 INTEGER NOT NULL DEFAULT 0 CHECK (p9 >= 0),
  updated INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX menu_links_path_menu ON menu_links (link_path, menu_name);
CREATE INDEX menu_links_menu_plid_expand_child ON menu_links (menu_name, plid, expanded, has_children);
CREATE INDEX menu_links_menu_parents ON menu_links (menu_name, p1, p2, p3, p4, p5, p6, p7, p8, p9);
CREATE INDEX menu_links_router_path ON menu_links (router_path);
CREATE TABLE file_managed (
  fid INTEGER PRIMARY KEY AUTOINCREMENT CHECK (fid >= 0),
  uid INTEGER NOT NULL DEFAULT 0 CHECK (uid >= 0),
  filename VARCHAR(255) NOT NULL DEFAULT '',
  uri VARCHAR(255) NOT NULL DEFAULT '',
  filemime VARCHAR(255) NOT NULL DEFAULT '',
  filesize INTEGER NOT NULL DEFAULT 0 CHECK (filesize >= 0),
  status INTEGER NOT NULL DEFAULT 0,
  timestamp INTEGER NOT NULL DEFAULT 0 CHECK (timestamp >= 0)
);
CREATE UNIQUE INDEX file_managed_uri ON file_managed (uri);
CREATE TABLE file_usage (
  fid INTEGER NOT NULL CHECK (fid >= 0),
  module VARCHAR(255) NOT NULL DEFAULT '',
  type VARCHAR(64) NOT NULL DEFAULT '',
  id INTEGER NOT NULL DEFAULT 0 CHECK (id >= 0),
  count INTEGER NOT NULL DEFAULT 0 CHECK (count >= 0),
  PRIMARY KEY (fid, type, id, module)
);
CREATE TABLE url_alias (
  pid INTEGER PRIMARY KEY AUTOINCREMENT CHECK (pid >= 0),
  source VARCHAR(255) NOT NULL DEFAULT '',
  alias VARCHAR(255) NOT NULL DEFAULT '',
  language VARCHAR(12) NOT NULL DEFAULT ''
);
CREATE INDEX url_alias_alias_language_pid ON url_alias (alias, language, pid);
CREATE INDEX url_alias_source_language_pid ON url_alias (source, language, pid);
CREATE TABLE sessions (
  uid INTEGER NOT NULL CHECK (uid >= 0),
  sid VARCHAR(128) NOT NULL,
  ssid VARCHAR(128) NOT NULL DEFAULT '',
  hostname VARCHAR(128) NOT NULL DEFAULT '',
  timestamp INTEGER NOT NULL DEFAULT 0,
  cache INTEGER NOT NULL DEFAULT 0,
  session BLOB NULL,
  PRIMARY KEY (sid, ssid)
);
CREATE TABLE semaphore (
  name VARCHAR(255) NOT NULL DEFAULT '' PRIMARY KEY,
  value VARCHAR(255) NOT NULL DEFAULT '',
  expire FLOAT NOT NULL
);
CREATE TABLE flood (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  event VARCHAR(64) NOT NULL DEFAULT '',
  identifier VARCHAR(128) NOT NULL DEFAULT '',
  timestamp INTEGER NOT NULL DEFAULT 0,
  expiration INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE sequences (
  value INTEGER PRIMARY KEY AUTOINCREMENT CHECK (value >= 0)
);

-- modules/menu/menu.install
CREATE TABLE menu_custom (
  menu_name VARCHAR(32) NOT NULL DEFAULT '' PRIMARY KEY,
  title VARCHAR(255) NOT NULL DEFAULT '',
  description TEXT NULL
);

-- modules/block/block.install
CREATE TABLE block (
  bid INTEGER PRIMARY KEY AUTOINCREMENT,
  module VARCHAR(64) NOT NULL DEFAULT '',
  delta VARCHAR(32) NOT NULL DEFAULT '0',
  theme VARCHAR(64) NOT NULL DEFAULT '',
  status INTEGER NOT NULL DEFAULT 0,
  weight INTEGER NOT NULL DEFAULT 0,
  region VARCHAR(64) NOT NULL DEFAULT '',
  custom INTEGER NOT NULL DEFAULT 0,
  visibility INTEGER NOT NULL DEFAULT 0,
  pages TEXT NOT NULL,
  title VARCHAR(255) NOT NULL DEFAULT '',
  cache INTEGER NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX block_tmd ON block (theme, module, delta);
CREATE INDEX block_list ON block (theme, status, region, weight, module);
CREATE TABLE block_custom (
  bid INTEGER PRIMARY KEY AUTOINCREMENT CHECK (bid >= 0),
  body TEXT NULL,
  info VARCHAR(128) NOT NULL DEFAULT '',
  format VARCHAR(255) NULL
);
CREATE UNIQUE INDEX block_custom_info ON block_custom (info);
CREATE TABLE block_role (
  module VARCHAR(64) NOT NULL,
  delta VARCHAR(32) NOT NULL,
  rid INTEGER NOT NULL CHECK (rid >= 0),
  PRIMARY KEY (module, delta, rid)
);

-- modules/node/node.install
CREATE TABLE node (
  nid INTEGER PRIMARY KEY AUTOINCREMENT CHECK (nid >= 0),
  vid INTEGER NULL DEFAULT NULL CHECK (vid >= 0),
  type VARCHAR(32) NOT NULL DEFAULT '',
  language VARCHAR(12) NOT NULL DEFAULT '',
  title VARCHAR(255) NOT NULL DEFAULT '',
  uid INTEGER NOT NULL DEFAULT 0,
  status INTEGER NOT NULL DEFAULT 1,
  created INTEGER NOT NULL DEFAULT 0,
  changed INTEGER NOT NULL DEFAULT 0,
  comment INTEGER NOT NULL DEFAULT 0,
  promote INTEGER NOT NULL DEFAULT 0,
  sticky INTEGER NOT NULL DEFAULT 0,
  tnid INTEGER NOT NULL DEFAULT 0 CHECK (tnid >= 0),
  translate INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX node_vid ON node (vid);
CREATE INDEX node_node_status_type ON node (status, type, nid);
CREATE TABLE node_revision (
  nid INTEGER NOT NULL DEFAULT 0 CHECK (nid >= 0),
  vid INTEGER PRIMARY KEY AUTOINCREMENT CHECK (vid >= 0),
  uid INTEGER NOT NULL DEFAULT 0,
  title VARCHAR(255) NOT NULL DEFAULT '',
  log TEXT NOT NULL,
  timestamp INTEGER NOT NULL DEFAULT 0,
  status INTEGER NOT NULL DEFAULT 1,
  comment INTEGER NOT NULL DEFAULT 0,
  promote INTEGER NOT NULL DEFAULT 0,
  sticky INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX node_revision_nid ON node_revision (nid);
CREATE TABLE node_type (
  type VARCHAR(32) NOT NULL PRIMARY KEY,
  name VARCHAR(255) NOT NULL DEFAULT '',
  base VARCHAR(255) NOT NULL,
  module VARCHAR(255) NOT NULL,
  description TEXT NOT NULL,
  help TEXT NOT NULL,
  has_title INTEGER NOT NULL CHECK (has_title >= 0),
  title_label VARCHAR(255) NOT NULL DEFAULT '',
  custom INTEGER NOT NULL DEFAULT 0,
  modified INTEGER NOT NULL DEFAULT 0,
  locked INTEGER NOT NULL DEFAULT 0,
  disabled INTEGER NOT NULL DEFAULT 0,
  orig_type VARCHAR(255) NOT NULL DEFAULT ''
);
CREATE TABLE node_access (
  nid INTEGER NOT NULL DEFAULT 0 CHECK (nid >= 0),
  gid INTEGER NOT NULL DEFAULT 0 CHECK (gid >= 0),
  realm VARCHAR(255) NOT NULL DEFAULT '',
  grant_view INTEGER NOT NULL DEFAULT 0 CHECK (grant_view >= 0),
  grant_update INTEGER NOT NULL DEFAULT 0 CHECK (grant_update >= 0),
  grant_delete INTEGER NOT NULL DEFAULT 0 CHECK (grant_delete >= 0),
  PRIMARY KEY (nid, gid, realm)
);
CREATE TABLE history (
  uid INTEGER NOT NULL DEFAULT 0,
  nid INTEGER NOT NULL DEFAULT 0 CHECK (nid >= 0),
  timestamp INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (uid, nid)
);
CREATE TABLE block_node_type (
  module VARCHAR(64) NOT NULL,
  delta VARCHAR(32) NOT NULL,
  type VARCHAR(32) NOT NULL,
  PRIMARY KEY (module, delta, type)
);

-- modules/comment/comment.install
CREATE TABLE comment (
  cid INTEGER PRIMARY KEY AUTOINCREMENT,
  pid INTEGER NOT NULL DEFAULT 0,
  nid INTEGER NOT NULL DEFAULT 0,
  uid INTEGER NOT NULL DEFAULT 0,
  subject VARCHAR(64) NOT NULL DEFAULT '',
  hostname VARCHAR(128) NOT NULL DEFAULT '',
  created INTEGER NOT NULL DEFAULT 0,
  changed INTEGER NOT NULL DEFAULT 0,
  status INTEGER NOT NULL DEFAULT 1 CHECK (status >= 0),
  thread VARCHAR(255) NOT NULL,
  name VARCHAR(60) NULL,
  mail VARCHAR(64) NULL,
  homepage VARCHAR(255) NULL,
  language VARCHAR(12) NOT NULL DEFAULT ''
);
CREATE TABLE node_comment_statistics (
  nid INTEGER NOT NULL DEFAULT 0 CHECK (nid >= 0) PRIMARY KEY,
  cid INTEGER NOT NULL DEFAULT 0,
  last_comment_timestamp INTEGER NOT NULL DEFAULT 0,
  last_comment_name VARCHAR(60) NULL,
  last_comment_uid INTEGER NOT NULL DEFAULT 0,
  comment_count INTEGER NOT NULL DEFAULT 0 CHECK (comment_count >= 0)
);

-- modules/field/modules/field_sql_storage and modules/field/field.install
CREATE TABLE field_config (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  field_name VARCHAR(32) NOT NULL,
  type VARCHAR(128) NOT NULL,
  module VARCHAR(128) NOT NULL DEFAULT '',
  active INTEGER NOT NULL DEFAULT 0,
  storage_type VARCHAR(128) NOT NULL,
  storage_module VARCHAR(128) NOT NULL DEFAULT '',
  storage_active INTEGER NOT NULL DEFAULT 0,
  locked INTEGER NOT NULL DEFAULT 0,
  data BLOB NOT NULL,
  cardinality INTEGER NOT NULL DEFAULT 0,
  translatable INTEGER NOT NULL DEFAULT 0,
  deleted INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX field_config_field_name ON field_config (field_name);
CREATE TABLE field_config_instance (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  field_id INTEGER NOT NULL,
  field_name VARCHAR(32) NOT NULL DEFAULT '',
  entity_type VARCHAR(32) NOT NULL DEFAULT '',
  bundle VARCHAR(128) NOT NULL DEFAULT '',
  data BLOB NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX field_config_instance_field_name_bundle ON field_config_instance (field_name, entity_type, bundle);

-- modules/user/user.install
CREATE TABLE users (
  uid INTEGER NOT NULL DEFAULT 0 CHECK (uid >= 0) PRIMARY KEY,
  name VARCHAR(60) NOT NULL DEFAULT '',
  pass VARCHAR(128) NOT NULL DEFAULT '',
  mail VARCHAR(254) NULL DEFAULT '',
  theme VARCHAR(255) NOT NULL DEFAULT '',
  signature VARCHAR(255) NOT NULL DEFAULT '',
  signature_format VARCHAR(255) NULL,
  created INTEGER NOT NULL DEFAULT 0,
  changed INTEGER NOT NULL DEFAULT 0,
  access INTEGER NOT NULL DEFAULT 0,
  login INTEGER NOT NULL DEFAULT 0,
  status INTEGER NOT NULL DEFAULT 0,
  timezone VARCHAR(32) NULL,
  language VARCHAR(12) NOT NULL DEFAULT '',
  picture INTEGER NOT NULL DEFAULT 0,
  init VARCHAR(254) NULL DEFAULT '',
  data BLOB NULL
);
CREATE UNIQUE INDEX users_name ON users (name);
CREATE TABLE role (
  rid INTEGER PRIMARY KEY AUTOINCREMENT CHECK (rid >= 0),
  name VARCHAR(64) NOT NULL DEFAULT '',
  weight INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX role_name ON role (name);
CREATE TABLE role_permission (
  rid INTEGER NOT NULL CHECK (rid >= 0),
  permission VARCHAR(128) NOT NULL DEFAULT '',
  module VARCHAR(255) NOT NULL DEFAULT '',
  PRIMARY KEY (rid, permission)
);
CREATE TABLE users_roles (
  uid INTEGER NOT NULL DEFAULT 0 CHECK (uid >= 0),
  rid INTEGER NOT NULL DEFAULT 0 CHECK (rid >= 0),
  PRIMARY KEY (uid, rid)
);

-- modules/filter/filter.install
CREATE TABLE filter_format (
  format VARCHAR(255) NOT NULL PRIMARY KEY,
  name VARCHAR(255) NOT NULL DEFAULT '',
  cache INTEGER NOT NULL DEFAULT 0,
  status INTEGER NOT NULL DEFAULT 1 CHECK (status >= 0),
  weight INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX filter_format_name ON filter_format (name);
CREATE TABLE filter (
  format VARCHAR(255) NOT NULL,
  module VARCHAR(64) NOT NULL DEFAULT '',
  name VARCHAR(32) NOT NULL DEFAULT '',
  weight INTEGER NOT NULL DEFAULT 0,
  status INTEGER NOT NULL DEFAULT 0,
  settings BLOB NULL,
  PRIMARY KEY (format, name)
);

-- modules/taxonomy/taxonomy.install
CREATE TABLE taxonomy_vocabulary (
  vid INTEGER PRIMARY KEY AUTOINCREMENT CHECK (vid >= 0),
  name VARCHAR(255) NOT NULL DEFAULT '',
  machine_name VARCHAR(255) NOT NULL DEFAULT '',
  description TEXT NULL,
  hierarchy INTEGER NOT NULL DEFAULT 0 CHECK (hierarchy >= 0),
  module VARCHAR(255) NOT NULL DEFAULT '',
  weight INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX taxonomy_vocabulary_machine_name ON taxonomy_vocabulary (machine_name);
CREATE TABLE taxonomy_term_data (
  tid INTEGER PRIMARY KEY AUTOINCREMENT CHECK (tid >= 0),
  vid INTEGER NOT NULL DEFAULT 0 CHECK (vid >= 0),
  name VARCHAR(255) NOT NULL DEFAULT '',
  description TEXT NULL,
  format VARCHAR(255) NULL,
  weight INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE taxonomy_term_hierarchy (
  tid INTEGER NOT NULL DEFAULT 0 CHECK (tid >= 0),
  parent INTEGER NOT NULL DEFAULT 0 CHECK (parent >= 0),
  PRIMARY KEY (tid, parent)
);
CREATE TABLE taxonomy_index (
  nid INTEGER NOT NULL DEFAULT 0 CHECK (nid >= 0),
  tid INTEGER NOT NULL DEFAULT 0 CHECK (tid >= 0),
  sticky INTEGER NULL DEFAULT 0,
  created INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX taxonomy_index_nid ON taxonomy_index (nid);

-- modules/locale/locale.install
CREATE TABLE languages (
  language VARCHAR(12) NOT NULL DEFAULT '' PRIMARY KEY,
  name VARCHAR(64) NOT NULL DEFAULT '',
  native VARCHAR(64) NOT NULL DEFAULT '',
  direction INTEGER NOT NULL DEFAULT 0,
  enabled INTEGER NOT NULL DEFAULT 0,
  plurals INTEGER NOT NULL DEFAULT 0,
  formula VARCHAR(255) NOT NULL DEFAULT '',
  domain VARCHAR(128) NOT NULL DEFAULT '',
  prefix VARCHAR(128) NOT NULL DEFAULT '',
  weight INTEGER NOT NULL DEFAULT 0,
  javascript VARCHAR(64) NOT NULL DEFAULT ''
);

-- modules/search/search.install
CREATE TABLE search_dataset (
  sid INTEGER NOT NULL DEFAULT 0 CHECK (sid >= 0),
  type VARCHAR(16) NOT NULL,
  data TEXT NOT NULL,
  reindex INTEGER NOT NULL DEFAULT 0 CHECK (reindex >= 0),
  PRIMARY KEY (sid, type)
);
CREATE TABLE search_index (
  word VARCHAR(50) NOT NULL DEFAULT '',
  sid INTEGER NOT NULL DEFAULT 0 CHECK (sid >= 0),
  type VARCHAR(16) NOT NULL,
  score FLOAT NULL,
  PRIMARY KEY (word, sid, type)
);
CREATE TABLE search_total (
  word VARCHAR(50) NOT NULL DEFAULT '' PRIMARY KEY,
  count FLOAT NULL
);
CREATE TABLE search_node_links (
  sid INTEGER NOT NULL DEFAULT 0 CHECK (sid >= 0),
  type VARCHAR(16) NOT NULL DEFAULT '',
  nid INTEGER NOT NULL DEFAULT 0 CHECK (nid >= 0),
  caption TEXT NULL,
  PRIMARY KEY (sid, type, nid)
);

-- modules/tracker/tracker.install
CREATE TABLE tracker_node (
  nid INTEGER NOT NULL DEFAULT 0 CHECK (nid >= 0) PRIMARY KEY,
  published INTEGER NULL DEFAULT 0,
  changed INTEGER NOT NULL DEFAULT 0 CHECK (changed >= 0)
);
CREATE TABLE tracker_user (
  nid INTEGER NOT NULL DEFAULT 0 CHECK (nid >= 0),
  uid INTEGER NOT NULL DEFAULT 0,
  published INTEGER NULL DEFAULT 0,
  changed INTEGER NOT NULL DEFAULT 0 CHECK (changed >= 0),
  PRIMARY KEY (nid, uid)
);

-- modules/dblog/dblog.install
CREATE TABLE watchdog (
  wid INTEGER PRIMARY KEY AUTOINCREMENT,
  uid INTEGER NOT NULL DEFAULT 0,
  type VARCHAR(64) NOT NULL DEFAULT '',
  message TEXT NOT NULL,
  variables BLOB NOT NULL,
  severity INTEGER NOT NULL DEFAULT 0 CHECK (severity >= 0),
  link VARCHAR(255) NULL DEFAULT '',
  location TEXT NOT NULL,
  referer TEXT NULL,
  hostname VARCHAR(128) NOT NULL DEFAULT '',
  timestamp INTEGER NOT NULL DEFAULT 0
);
