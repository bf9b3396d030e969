// SPDX-License-Identifier: Apache-2.0

package live

import "fmt"

// grants is a query of a list of postgres.Grant, from a list of privileges of the catalog
// and, where that is NULL, from what PostgreSQL takes it for.
func grants(acl, otherwise string) string {
	return fmt.Sprintf(`coalesce((SELECT json_agg(g ORDER BY grantee, grantor) FROM (
		SELECT CASE a.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(a.grantee)::text END AS grantee,
			pg_get_userbyid(a.grantor)::text AS grantor,
			array_agg(DISTINCT a.privilege_type ORDER BY a.privilege_type) AS privileges,
			coalesce(array_agg(DISTINCT a.privilege_type ORDER BY a.privilege_type) FILTER (WHERE a.is_grantable), '{}') AS grantable
		FROM aclexplode(coalesce(%s, %s)) a GROUP BY a.grantee, a.grantor) g), '[]')`, acl, otherwise)
}

// list makes rows one value.
func list(rows string) string { return "SELECT coalesce(json_agg(t), '[]') FROM (" + rows + ") t" }

const versionQuery = `SELECT to_json(current_setting('server_version_num')::int)`

// defaultsQuery reads settings before anything is set. What is set for the reading role or
// the database is not the server's setting, so then it is not known.
const defaultsQuery = `SELECT pg_catalog.json_object_agg(name, reset_val) FROM pg_catalog.pg_settings
	WHERE name OPERATOR(pg_catalog.=) ANY (ARRAY['search_path', 'lo_compat_privileges'])
	AND source OPERATOR(pg_catalog.=) ANY (ARRAY['default', 'configuration file', 'command line', 'environment variable', 'global'])`

const rolesQuery = `SELECT json_agg(t) FROM (SELECT rolname AS name, rolcanlogin AS login, rolsuper AS superuser, rolinherit AS inherit,
	rolcreaterole AS "createRole", rolcreatedb AS "createDatabase", rolreplication AS replication, rolbypassrls AS "bypassRLS",
	rolconnlimit AS "connectionLimit" FROM pg_roles ORDER BY rolname) t`

const membershipsQuery = `SELECT coalesce(json_agg(t), '[]') FROM (SELECT pg_get_userbyid(roleid) AS role, pg_get_userbyid(member) AS member,
	pg_get_userbyid(grantor) AS grantor, admin_option AS admin, inherit_option AS inherit, set_option AS set FROM pg_auth_members ORDER BY 1, 2, 3) t`

// Before PostgreSQL 16 the options are the member's, and the grantor may be gone.
const oldMembershipsQuery = `SELECT coalesce(json_agg(t), '[]') FROM (SELECT pg_get_userbyid(m.roleid) AS role, r.rolname AS member,
	pg_get_userbyid(m.grantor) AS grantor, m.admin_option AS admin, r.rolinherit AS inherit, true AS set
	FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member ORDER BY 1, 2, 3) t`

const settingsQuery = `SELECT coalesce(json_agg(t), '[]') FROM (
	SELECT coalesce(r.rolname, '') AS role, coalesce(d.datname, '') AS database, c.name,
		CASE WHEN c.name IN ('search_path', 'lo_compat_privileges') THEN c.value ELSE '' END AS value
	FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase,
		LATERAL (SELECT split_part(e, '=', 1) AS name, substr(e, strpos(e, '=') + 1) AS value FROM unnest(s.setconfig) e) c
	WHERE (s.setrole = 0 OR r.oid IS NOT NULL) AND (s.setdatabase = 0 OR d.oid IS NOT NULL) ORDER BY 1, 2, 3) t`

// ours leaves out the schemas of the system, of temporary tables and of TOAST.
const ours = `left(n.nspname, 3) <> 'pg_' AND n.nspname <> 'information_schema'`

func databasesQuery() string {
	return list(`SELECT d.datname AS name, pg_get_userbyid(d.datdba) AS owner, d.datistemplate AS template, d.datallowconn AS "allowConnections",
		d.datconnlimit AS "connectionLimit", ` + grants("d.datacl", "acldefault('d', d.datdba)") + ` AS grants FROM pg_database d WHERE d.datconnlimit <> -2 ORDER BY 1`)
}

// openQuery names the databases that the reading role may connect to.
const openQuery = `SELECT json_agg(datname) FROM pg_database WHERE datallowconn AND has_database_privilege(oid, 'CONNECT')`

func schemasQuery() string {
	return list(`SELECT n.nspname AS name, pg_get_userbyid(n.nspowner) AS owner, ` + grants("n.nspacl", "acldefault('n', n.nspowner)") + ` AS grants
		FROM pg_namespace n WHERE ` + ours + ` ORDER BY 1`)
}

// secretCatalogs are those that hold passwords and data. A view that reads one does not
// depend on it in pg_depend, as on nothing of the system: its rule tells.
const secretCatalogs = `SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace
	AND c.relname IN ('pg_authid', 'pg_largeobject', 'pg_shadow', 'pg_statistic', 'pg_statistic_ext_data', 'pg_subscription', 'pg_user_mapping')`

// relationsQuery reads relations, of the catalogs those that hold secrets or data. What a
// view, or a rule of a table, reads is what the rules depend on.
func relationsQuery() string {
	return list(`SELECT n.nspname AS schema, c.relname AS name,
		CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind,
		pg_get_userbyid(c.relowner) AS owner,
		` + grants("c.relacl", "acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\", c.relowner)") + ` AS grants,
		(SELECT json_agg(json_build_object('name', a.attname, 'grants', ` + grants("a.attacl", "'{}'") + `) ORDER BY a.attname) FROM pg_attribute a
			WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL AND NOT a.attisdropped
			AND (n.nspname <> 'pg_catalog' OR c.relname NOT IN ('pg_authid', 'pg_shadow', 'pg_subscription', 'pg_user_mapping')
				OR a.attname IN ('rolpassword', 'passwd', 'subconninfo', 'umoptions'))) AS columns,
		coalesce((SELECT o.option_value::bool FROM pg_options_to_table(c.reloptions) o WHERE o.option_name = 'security_invoker'), false) AS "securityInvoker",
		(SELECT json_agg(DISTINCT jsonb_build_object('schema', tn.nspname, 'name', t.relname)) FROM pg_rewrite r
			CROSS JOIN LATERAL (SELECT d.refobjid FROM pg_depend d WHERE d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
				UNION SELECT s.oid FROM (` + secretCatalogs + `) s WHERE strpos(r.ev_action::text, ':relid ' || s.oid || ' ') > 0) d
			JOIN pg_class t ON t.oid = d.refobjid AND t.oid <> c.oid JOIN pg_namespace tn ON tn.oid = t.relnamespace
			WHERE r.ev_class = c.oid AND n.nspname <> 'pg_catalog') AS reads,
		(SELECT json_agg(json_build_object('schema', tn.nspname, 'name', t.relname) ORDER BY tn.nspname, t.relname)
			FROM pg_inherits i JOIN pg_class t ON t.oid = i.inhrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace WHERE i.inhparent = c.oid AND t.relkind IN ('r', 'p', 'f')) AS parts,
		coalesce((SELECT s.srvname FROM pg_foreign_table t JOIN pg_foreign_server s ON s.oid = t.ftserver WHERE t.ftrelid = c.oid), '') AS server,
		(SELECT json_agg(DISTINCT jsonb_build_object('schema', fn.nspname, 'name', f.proname)) FROM pg_trigger g
			JOIN pg_proc f ON f.oid = g.tgfoid JOIN pg_namespace fn ON fn.oid = f.pronamespace WHERE g.tgrelid = c.oid AND NOT g.tgisinternal) AS triggers
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND (` + ours + ` OR c.oid IN (` + secretCatalogs + `)) ORDER BY 1, 2`)
}

// functionsQuery reads functions, of the system those that reach the server's files.
// One of the type of event triggers nobody can call, so it counts where one runs it.
func functionsQuery() string {
	return list(`SELECT n.nspname AS schema, f.proname AS name,
		(SELECT json_agg(json_build_object('schema', tn.nspname, 'name', t.typname) ORDER BY a.place)
			FROM unnest(f.proargtypes) WITH ORDINALITY a(type, place) JOIN pg_type t ON t.oid = a.type JOIN pg_namespace tn ON tn.oid = t.typnamespace) AS arguments,
		pg_get_userbyid(f.proowner) AS owner, f.prosecdef AS "securityDefiner",
		EXISTS (SELECT FROM pg_language l WHERE l.oid = f.prolang AND NOT l.lanpltrusted AND l.lanname NOT IN ('c', 'internal')) AS untrusted,
		` + grants("f.proacl", "acldefault('f', f.proowner)") + ` AS grants
		FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace
		WHERE (f.prorettype <> 'event_trigger'::regtype OR f.oid IN (SELECT evtfoid FROM pg_event_trigger)) AND (` + ours + ` OR n.nspname = 'pg_catalog' AND f.oid >= 16384 OR n.nspname = 'pg_catalog' AND f.proname IN ('lo_export', 'lo_import',
			'pg_file_rename', 'pg_file_sync', 'pg_file_unlink', 'pg_file_write', 'pg_ls_dir', 'pg_read_binary_file', 'pg_read_file', 'pg_stat_file'))
		ORDER BY 1, 2, f.oid`)
}

const eventTriggersQuery = `SELECT coalesce(json_agg(t), '[]') FROM (SELECT e.evtname AS name, json_build_object('schema', n.nspname, 'name', f.proname) AS function
	FROM pg_event_trigger e JOIN pg_proc f ON f.oid = e.evtfoid JOIN pg_namespace n ON n.oid = f.pronamespace WHERE e.evtenabled <> 'D' ORDER BY 1) t`

func parametersQuery() string {
	return list(`SELECT p.parname AS name, ` + grants("p.paracl", "'{}'") + ` AS grants FROM pg_parameter_acl p ORDER BY 1`)
}

func largeObjectsQuery() string {
	return list(`SELECT pg_get_userbyid(l.owner) AS owner, ` + grants("l.acl::aclitem[]", "acldefault('L', l.owner)") + ` AS grants, l.oids[1:1000] AS oids, l.count
		FROM (SELECT lomowner AS owner, lomacl::text AS acl, array_agg(oid::bigint ORDER BY oid) AS oids, count(*) AS count
			FROM pg_largeobject_metadata GROUP BY lomowner, lomacl::text) l ORDER BY l.oids[1]`)
}

func defaultPrivilegesQuery() string {
	return list(`SELECT pg_get_userbyid(d.defaclrole) AS role, coalesce(n.nspname, '') AS schema,
		CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas'
			WHEN 'L' THEN 'large objects' ELSE d.defaclobjtype::text END AS objects,
		` + grants("d.defaclacl", "'{}'") + ` AS grants
		FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace ORDER BY 1, 2, 3`)
}

// foreignServersQuery reads of options the database and the user. A user whose mapping
// this role may not see is left out.
func foreignServersQuery() string {
	return list(`SELECT s.srvname AS name, pg_get_userbyid(s.srvowner) AS owner, ` + grants("s.srvacl", "acldefault('S', s.srvowner)") + ` AS grants,
		coalesce((SELECT o.option_value FROM pg_options_to_table(s.srvoptions) o WHERE o.option_name = 'dbname'), '') AS database,
		coalesce((SELECT json_agg(json_build_object('role', CASE m.umuser WHEN 0 THEN 'public' ELSE m.usename::text END,
			'user', (SELECT o.option_value FROM pg_options_to_table(m.umoptions) o WHERE o.option_name = 'user')) ORDER BY m.usename)
			FROM pg_user_mappings m WHERE m.srvid = s.oid), '[]') AS mappings
		FROM pg_foreign_server s ORDER BY 1`)
}
