// SPDX-License-Identifier: Apache-2.0

package credential

import (
	"net/url"
	"strings"
)

// connection is what a connection string says.
type connection struct {
	hosts                    []string // host:port, or the path of a socket
	user, password, database string
	instance                 string // by a parameter of its own
}

// credential returns what was read, if it leads anywhere or has a password.
func (c connection) credential() (Credential, bool) {
	out := Credential{Kind: Address}
	if c.password != "" && !filledIn(c.password) {
		out.Kind, out.Secret = Connection, []string{c.password}
	}
	leads := c.instance != ""
	for _, host := range c.hosts {
		if filledIn(host) {
			out.Unresolved = true
			continue
		}
		leads = true
		if instance, ok := instanceOfSocket(host); ok {
			out.about(Instance, instance)
		} else if !strings.HasPrefix(host, "/") { // another socket is in the pod itself
			out.about(Host, hostOnly(host))
		}
	}
	out.about(Instance, c.instance)
	out.about(Database, c.database)
	out.about(User, c.user)
	return out, leads || out.Kind == Connection
}

// isDatabase reports whether a scheme is one of the URLs that connections to databases, caches and brokers have
// (SQLAlchemy 2, "Engine Configuration"; dj-database-url, README; Rails, "Configuring a Database"; Celery,
// "Backends and Brokers"). A driver may stand behind it, as in postgresql+psycopg, and jdbc: before it, which is not
// passed.
func isDatabase(scheme string) bool {
	scheme, _, _ = strings.Cut(scheme, "+")
	switch scheme {
	case "postgres", "postgresql", "pgsql", "psql", "postgis", "timescale", "timescalegis", "cockroach", "cockroachdb", "redshift",
		"mysql", "mysql2", "mysqlx", "mysqlgis", "mariadb", "trilogy", "sqlserver", "mssql", "mssqlms", "oracle", "oraclegis", "db2", "hana", "vertica",
		"snowflake", "databricks", "trino", "presto", "hive", "clickhouse", "clickhouses",
		"redis", "rediss", "valkey", "valkeys", "sentinel", "redis-sentinel", "rediss-sentinel", "redis-cluster", "memcached",
		"mongodb", "cassandra", "couchbase", "couchbases", "neo4j", "bolt", "influxdb", "elasticsearch", "opensearch",
		"amqp", "amqps", "pyamqp", "librabbitmq", "nats", "stomp", "mqtt", "mqtts", "kafka", "pulsar":
		return true
	default:
		return false
	}
}

// takesLogin reports whether a scheme is one of which a URL is a credential if a login is
// in it, and any address otherwise.
func takesLogin(scheme string) bool {
	scheme, _, _ = strings.Cut(scheme, "+")
	switch scheme {
	case "http", "https", "ws", "wss", "smtp", "smtps", "ldap", "ldaps", "ftp", "ftps", "sftp", "ssh", "git", "socks5", "socks5h":
		return true
	default:
		return false
	}
}

// connectionURLs finds the URLs of databases in a text.
func connectionURLs(text string) []Credential {
	var out []Credential
	for rest := text; len(out) < MaxFound; {
		at := strings.Index(rest, "://")
		if at < 0 {
			break
		}
		start := at
		for start > 0 && at-start < 40 && schemeCharacter(rest[start-1]) {
			start--
		}
		scheme := strings.ToLower(rest[start:at])
		rest = rest[at+len("://"):]
		database := isDatabase(scheme)
		if !database && !takesLogin(scheme) {
			continue
		}
		// A list of URLs has commas between, or nothing that tells where one ends.
		end := len(rest)
		if next := strings.Index(rest, "://"); next >= 0 {
			for end = next; end > 0 && schemeCharacter(rest[end-1]); end-- {
			}
		}
		if stop := strings.IndexAny(rest[:end], " \t\r\n\"'`<>"); stop >= 0 {
			end = stop
		}
		if !database && !strings.Contains(rest[:end], "@") {
			continue
		}
		if c, ok := ofURL(strings.TrimRight(rest[:end], ",")).credential(); ok && (database || c.Kind == Connection) {
			out = append(out, c)
		}
		rest = rest[end:]
	}
	return out
}

func schemeCharacter(c byte) bool { return wordCharacter(c) || c == '+' || c == '-' }

// ofURL takes apart what stands behind "://". It is not net/url.Parse, which refuses
// several hosts with ports, and passwords that nobody has escaped.
func ofURL(rest string) connection {
	var c connection
	// jdbc:sqlserver://host:port;databaseName=x;user=y;password=z
	rest, properties, _ := strings.Cut(rest, ";")
	rest, query, _ := strings.Cut(rest, "?")
	end := strings.IndexByte(rest, '/')
	if end < 0 {
		end = len(rest)
	}
	if at := strings.LastIndexByte(rest, '@'); at > end { // a password with a slash
		end = at + 1 + strings.IndexByte(rest[at+1:]+"/", '/')
	}
	authority, path := rest[:end], strings.TrimPrefix(rest[end:], "/")
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		c.user, c.password, _ = strings.Cut(authority[:at], ":")
		c.user, c.password = unescape(c.user), unescape(c.password)
		authority = authority[at+1:]
	}
	if c.described(authority) {
		authority = ""
	}
	for host := range strings.SplitSeq(authority, ",") {
		if host = unescape(host); host != "" {
			c.hosts = append(c.hosts, host)
		}
	}
	c.database, _, _ = strings.Cut(unescape(path), "/")
	for pair := range strings.FieldsFuncSeq(query+";"+properties, func(r rune) bool { return r == '&' || r == ';' }) {
		name, value, _ := strings.Cut(pair, "=")
		c.set(name, unescape(value))
	}
	return c
}

func unescape(text string) string {
	if out, err := url.PathUnescape(text); err == nil {
		return out
	}
	return text
}

// set takes a parameter by its name in libpq ("Parameter Key Words"), JDBC, ADO.NET
// (SqlConnection.ConnectionString) or PyMySQL. It reports whether it knows the name.
func (c *connection) set(name, value string) bool {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "host", "hostaddr", "server", "data source", "address", "addr", "network address", "servername", "unix_sock", "unix_socket", "unixsocketpath":
		for host := range strings.SplitSeq(value, ",") {
			if host = strings.TrimPrefix(strings.TrimSpace(host), "tcp:"); host != "" && strings.Trim(host, "0123456789") != "" {
				c.hosts = append(c.hosts, host)
			}
		}
	case "dbname", "database", "databasename", "initial catalog":
		c.database = value
	case "user", "username", "user id", "uid":
		c.user = value
	case "password", "pwd", "passwd":
		c.password = value
	case "cloudsqlinstance", "alloydbinstancename":
		c.instance = instanceName(value)
	case "port", "sslmode", "service", "servicefile", "passfile", "connect_timeout", "encrypt", "trustservercertificate", "integrated security":
		// known, and says nothing about whose it is
	default:
		return false
	}
	return true
}

// described takes an address in brackets, as in address=(host=x)(port=1) (MySQL Connector/J, "Connection
// URL Syntax") and (DESCRIPTION=(ADDRESS=(HOST=x)(PORT=1))) (Oracle, "Local Naming Parameters").
func (c *connection) described(text string) bool {
	if !strings.HasPrefix(text, "(") && !strings.HasPrefix(strings.ToLower(text), "address=(") {
		return false
	}
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune("(),", r) }) {
		name, value, _ := strings.Cut(part, "=")
		c.set(name, strings.TrimSpace(value))
	}
	return true
}

// thinOracle reads jdbc:oracle:thin:user/password@//host:port/service.
func thinOracle(text string) []Credential {
	const scheme = "jdbc:oracle:thin:"
	var out []Credential
	for at := range occurrences(text, scheme) {
		rest := text[at+len(scheme):]
		if end := strings.IndexAny(rest, " \t\r\n\"'"); end >= 0 {
			rest = rest[:end]
		}
		if found, ok := ofThinOracle(rest); ok {
			out = append(out, found)
		}
	}
	return out
}

func ofThinOracle(text string) (Credential, bool) {
	login, target, _ := strings.Cut(text, "@")
	var c connection
	c.user, c.password, _ = strings.Cut(login, "/")
	if !c.described(target) {
		host, database, _ := strings.Cut(strings.TrimPrefix(target, "//"), "/")
		if parts := strings.Split(host, ":"); len(parts) == 3 {
			host, database = parts[0], parts[2]
		}
		if host != "" {
			c.hosts = []string{host}
		}
		c.database = database
	}
	return c.credential()
}

// ofGoMySQL reads user:password@net(address)/database?parameters, from its last slash
// backwards (go-sql-driver/mysql v1.10, dsn.go, ParseDSN).
func ofGoMySQL(text string) (Credential, bool) {
	rest, _, _ := strings.Cut(text, "?")
	slash := strings.LastIndexByte(rest, '/')
	if slash < 0 {
		return Credential{}, false
	}
	left, c := rest[:slash], connection{database: rest[slash+1:]}
	if !strings.HasSuffix(left, ")") {
		return Credential{}, false
	}
	open := strings.LastIndexByte(left, '(')
	if open < 0 {
		return Credential{}, false
	}
	address := left[open+1 : len(left)-1]
	network := left[:open]
	if at := strings.LastIndexByte(network, '@'); at >= 0 {
		c.user, c.password, _ = strings.Cut(network[:at], ":")
		network = network[at+1:]
	}
	switch {
	case address == "" || !only(network, schemeCharacter, 2, 32):
		return Credential{}, false
	case strings.HasPrefix(network, "cloudsql"), strings.HasPrefix(network, "cloud-sql"), strings.HasPrefix(network, "alloydb"):
		c.instance = instanceName(address)
	default: // tcp, tcp4, tcp6, unix, or one that the program has registered
		c.hosts = []string{address}
	}
	return c.credential()
}
