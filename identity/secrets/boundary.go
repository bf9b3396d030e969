// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// A Boundary says what staging is, what production is, and what is known besides.
//
// Names are compared without regard to case. A name that stands in Protected and in Own
// is an error, as is a namespace on both sides.
type Boundary struct {
	// From are the namespaces of staging.
	From []string
	// Away are the namespaces of production. They may be left out if Protected names
	// something, for a production that is not in the cluster.
	Away []string
	// Protected is what production has outside of the objects. A credential for any of
	// it is a breach.
	Protected Names
	// Own is what is known to be staging's, or to be meant for both. A credential that
	// names nothing of Protected, and something of Own, is no breach. Everything else
	// is undetermined.
	Own Names
	// Barred are those of Protected.Hosts and Protected.Instances from which something
	// else than secrecy keeps staging, as another proof has shown: no path for packets,
	// no permission to connect where the instance takes connectors only, or no user with
	// a password. Connection strings for them are then no breach. A value of production
	// that reappears in one still is.
	Barred Names
	// Vetted are objects of staging whose credentials say nothing about whose they are,
	// such as an SSH key, and of which somebody knows that they are staging's own. What
	// names production in them, and values of production, are breaches all the same. A
	// Secret or ConfigMap that workloads read and that is not there may be listed too.
	Vetted []bulkhead.Ref
}

// Names are things outside of the objects, by the names that credentials have for them.
// The zero Names names nothing.
type Names struct {
	// Hosts are DNS names or addresses, without port, of databases, caches, brokers, API
	// servers, registries, or in certificates. ".prod.example.com" is all names below
	// it, and "10.0.0.0/24" all addresses in it.
	Hosts []string
	// Instances are connection names of Cloud SQL: project:region:instance.
	Instances []string
	// Projects are Google Cloud projects, by ID and by number, AWS accounts by number, which
	// access keys name too, and Azure tenants.
	Projects []string
	// Accounts are those that keys are for: e-mails of Google service accounts or IDs of
	// their keys, IDs of AWS access keys, IDs of Azure clients, names of Azure Storage
	// accounts, and accounts at providers.
	Accounts []string
	// Databases and Users are names at database servers that both sides share.
	Databases, Users []string
	// Secrets are names, paths or ARNs of secrets in a store outside of the cluster.
	Secrets []string
}

// A BoundaryError lists what keeps a [Boundary] from holding anything apart.
type BoundaryError struct{ Problems []string }

// Error joins the problems.
func (e *BoundaryError) Error() string { return "boundary: " + strings.Join(e.Problems, "; ") }

// A named is one list of [Names], with the name of its field.
type named struct {
	field string
	list  []string
}

func (n Names) lists() []named {
	return []named{
		{"Hosts", n.Hosts},
		{"Instances", n.Instances},
		{"Projects", n.Projects},
		{"Accounts", n.Accounts},
		{"Databases", n.Databases},
		{"Users", n.Users},
		{"Secrets", n.Secrets},
	}
}

func (n Names) empty() bool {
	return !slices.ContainsFunc(n.lists(), func(l named) bool { return len(l.list) > 0 })
}

// check returns all mistakes of the boundary as a [*BoundaryError].
func (b Boundary) check() error {
	var problems []string
	say := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	if len(b.From) == 0 {
		say("From names no namespace")
	}
	if len(b.Away) == 0 && b.Protected.empty() {
		say("neither Away nor Protected names anything")
	}
	for _, side := range []named{{"From", b.From}, {"Away", b.Away}} {
		if slices.Contains(side.list, "") {
			say("%s: a namespace without a name", side.field)
		}
	}
	for _, name := range b.From {
		if slices.Contains(b.Away, name) {
			say("namespace %q is on both sides", name)
		}
	}
	for side, names := range map[string]Names{"Protected": b.Protected, "Own": b.Own, "Barred": b.Barred} {
		for _, l := range names.lists() {
			if slices.Contains(l.list, "") {
				say("%s.%s: an empty name", side, l.field)
			}
		}
		for _, host := range names.Hosts {
			if strings.Contains(host, "/") {
				if _, err := netip.ParsePrefix(host); err != nil {
					say("%s.Hosts: %q is no range of addresses", side, host)
				}
			}
		}
	}
	for i, l := range b.Protected.lists() {
		own, barred := b.Own.lists()[i], b.Barred.lists()[i]
		for _, name := range own.list {
			if containsFold(l.list, name) {
				say("%s: %q is in Protected and in Own", l.field, name)
			}
		}
		for _, name := range barred.list {
			if !containsFold(l.list, name) {
				say("Barred.%s: %q is not in Protected", l.field, name)
			}
			if l.field != "Hosts" && l.field != "Instances" {
				say("Barred.%s: only hosts and instances can be barred", l.field)
			}
		}
	}
	for _, ref := range b.Vetted {
		if !slices.Contains(b.From, ref.Namespace) {
			say("Vetted: %s is in no namespace of From", ref)
		}
	}
	if len(problems) == 0 {
		return nil
	}
	slices.Sort(problems)
	return &BoundaryError{problems}
}

func containsFold(list []string, name string) bool {
	return slices.ContainsFunc(list, func(other string) bool { return strings.EqualFold(other, name) })
}
