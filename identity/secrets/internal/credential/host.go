// SPDX-License-Identifier: Apache-2.0

package credential

import (
	"net"
	"slices"
	"strings"
)

// hostOnly takes port, brackets and the dot of the root off a host, and lowers it.
func hostOnly(host string) string {
	host = strings.TrimSpace(host)
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	} else if name, port, ok := strings.Cut(host, ","); ok && strings.Trim(port, "0123456789") == "" {
		host = name // SQL Server writes the port behind a comma
	}
	host, _, _ = strings.Cut(strings.Trim(host, "[]"), `\`) // and the instance behind a backslash
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// instanceOfSocket returns the Cloud SQL instance behind a path such as
// /cloudsql/project:region:instance/.s.PGSQL.5432 (Google Cloud, "Connect from Cloud Run",
// "About the Cloud SQL Auth Proxy").
func instanceOfSocket(path string) (string, bool) {
	_, rest, ok := strings.Cut(path, "/cloudsql/")
	if !ok {
		return "", false
	}
	name, _, _ := strings.Cut(rest, "/")
	name = instanceName(name)
	return name, name != ""
}

// instanceName returns the connection name project:region:instance, or nothing. The
// project may have a domain before it, example.com:project.
func instanceName(text string) string {
	name, _, _ := strings.Cut(strings.ToLower(text), "?")
	parts := strings.Split(name, ":")
	domain := len(parts) == 4 && strings.Contains(parts[0], ".")
	if len(parts) != 3 && !domain || slices.Contains(parts, "") {
		return ""
	}
	return name
}

// Local reports whether a host is the pod's own: the loopback interface.
func Local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && (ip.IsLoopback() || ip.IsUnspecified())
}
