// SPDX-License-Identifier: Apache-2.0

package platform

import (
	"net/netip"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/netpol"
)

// AllowCloudSQL returns the policy allow-cloud-sql: the subject may connect
// straight to Cloud SQL instances at their private addresses, over TCP on the
// port of the engine: 5432 for PostgreSQL, 3306 for MySQL, 1433 for SQL Server. An
// instance with a read pool or a standby of its own address needs each.
//
// No instance is an error, and so are port 0 and an address that is no instance's:
// loopback, link-local, or a server that hands out credentials. Behind the Cloud SQL Auth Proxy or a
// connector library the port is another: see [AllowCloudSQLConnector].
//
// The policy has a fixed name: for a second subject, port or engine in the
// namespace, set the Name of the second policy.
//
// Source: Google Cloud, "Configure private IP" and "Connect to an instance using
// private IP" of Cloud SQL.
func AllowCloudSQL(namespace string, subject netpol.Subject, port uint16, instances ...netip.Addr) (*networkingv1.NetworkPolicy, error) {
	peers, errs := sqlInstances(instances)
	return allow(namespace, "allow-cloud-sql", subject, errs, netpol.To(peers...).TCP(port))
}

// AllowCloudSQLConnector returns the policy allow-cloud-sql-connector: all that the
// Cloud SQL Auth Proxy and the Cloud SQL connector libraries need beside an
// identity and DNS. The subject may connect to the server-side proxy of the
// instances on TCP port 3307, and to sqladmin.googleapis.com at vip on 443, from
// which they fetch the instance's address and certificates.
//
// The subject are the pods in which the proxy runs, as a sidecar or on its own.
// They need [AllowMetadata] too. What is an error for [AllowCloudSQL] is one here.
//
// The policy has a fixed name: for a second subject in the namespace, set the Name
// of the second policy.
//
// Source: Google Cloud, "About the Cloud SQL Auth Proxy", requirements: port 3307
// and the SQL Admin API.
func AllowCloudSQLConnector(namespace string, vip GoogleVIP, subject netpol.Subject, instances ...netip.Addr) (*networkingv1.NetworkPolicy, error) {
	const serverSideProxy = 3307
	peers, errs := sqlInstances(instances)
	apis, apiErrs := googleAPIs(vip)
	return allow(namespace, "allow-cloud-sql-connector", subject, append(errs, apiErrs...),
		netpol.To(peers...).TCP(serverSideProxy), apis)
}

func sqlInstances(addrs []netip.Addr) ([]netpol.Peer, field.ErrorList) {
	at := field.NewPath("instances")
	prefixes, errs := single(at, addrs)
	errs = append(errs, notOutside(at, prefixes)...)
	if len(addrs) == 0 {
		errs = append(errs, field.Required(at, "no address of a Cloud SQL instance"))
	}
	if len(errs) > 0 {
		return []netpol.Peer{standIn}, errs
	}
	return peersAt(prefixes...), nil
}
