// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"net/netip"
	"strconv"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/internal/space"
)

// A direction is that of connections, as the pod sees it whose policies are asked.
type direction int

const (
	egress direction = iota
	ingress
)

func (d direction) policyType() networkingv1.PolicyType {
	if d == egress {
		return networkingv1.PolicyTypeEgress
	}
	return networkingv1.PolicyTypeIngress
}

func (d direction) field() string {
	if d == egress {
		return "egress"
	}
	return "ingress"
}

// peersField is where the peers of a rule stand.
func (d direction) peersField() string {
	if d == egress {
		return "to"
	}
	return "from"
}

// A policy is a policy of any kind with its selectors resolved to classes. It does
// not change once compiled.
type policy struct {
	obj      bulkhead.Object
	ref      bulkhead.Ref
	kind     policyKind
	priority int32
	subject  matches
	refused  bool    // by the API server
	rivalled bool    // by another of the same name
	governs  [2]bool // by direction: a NetworkPolicy isolates, another may have rules
	rules    [2][]rule
}

type policyKind int

const (
	networkPolicy policyKind = iota
	adminTier
	baselineTier
)

// A rule is one entry of spec.ingress or spec.egress.
type rule struct {
	policy   *policy
	index    int
	action   outcomes // accepts, denies or passes
	everyone bool     // every peer there is, inside and outside the cluster
	peers    matches  // classes
	addrs    space.Addresses
	split    map[int32]split
	domains  bool // some peers are domain names
	ports    *portSpec
}

// A split is how a rule matches a class of which a block holds some addresses and not
// others, where the connection tells which address it is about.
type split struct{ inside, outside match }

// A peer is the other end of a connection, for a rule: a class or an address.
type peer struct {
	class int32 // -1 for an address outside the cluster
	// addr is that address or, of a class, the one of its addresses that the
	// connection uses, if that is known.
	addr netip.Addr
}

func (r *rule) matches(p peer) match {
	switch {
	case r.everyone:
		return surely
	case p.class < 0 && r.addrs.Has(p.addr):
		return surely
	case p.class < 0:
		if r.domains {
			return maybe
		}
		return never
	case r.split != nil && p.addr.IsValid():
		return r.at(p)
	default:
		return r.of(p.class)
	}
}

// at matches an address of a class.
func (r *rule) at(p peer) match {
	s, found := r.split[p.class]
	switch {
	case !found:
		return r.of(p.class)
	case r.addrs.Has(p.addr):
		return s.inside
	default:
		return s.outside
	}
}

// of matches a class, whatever address of it a connection uses.
func (r *rule) of(class int32) match {
	switch {
	case r.peers.sure.has(class):
		return surely
	case r.peers.may.has(class):
		return maybe
	default:
		return never
	}
}

// path is the field of a rule.
func (r *rule) path(d direction) string {
	return "spec." + d.field() + "[" + strconv.Itoa(r.index) + "]"
}
