// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"cmp"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// Options say what objects cannot. What they leave out is not known.
type Options struct {
	// Authorizers are those of the API server, as its flag --authorization-mode lists
	// them, such as Node and RBAC. Others than these two may allow what RBAC does not:
	// GKE adds IAM, EKS its access entries.
	Authorizers []string
	// Whole says that the objects are all that the cluster holds of roles, bindings,
	// accounts, workloads and what deputies serve, as read from it, and of the Secrets of a
	// namespace if there is any of them.
	Whole bool
	// Minor is that of the cluster's Kubernetes version, 37 for v1.37, or zero if it is
	// not known.
	Minor int
	// SharedNodes says whether pods of both sides run on the same nodes, as
	// schedule.Cluster.Sharing of package quota/schedule finds out.
	SharedNodes identity.Answer
	// ExternalIPs says whether Services may have external IPs. They may, unless the
	// admission plugin DenyServiceExternalIPs is on or a policy refuses them.
	ExternalIPs identity.Answer
	// SharedHosts says whether an Ingress, a route or a Gateway of one side may answer for
	// hosts of the other. It may where both have the same controller, unless a policy
	// refuses hosts.
	SharedHosts identity.Answer
	// Deputies says, of controllers that act for whoever writes their resources,
	// whether what they may do themselves reaches the other side. That of an API group
	// that the package does not know has the name of the group.
	Deputies map[Deputy]identity.Answer
}

// foreign returns the authorizers that are not known.
func (o Options) foreign() []string {
	return slices.DeleteFunc(slices.Clone(o.Authorizers), func(name string) bool { return name == "RBAC" || name == "Node" })
}

// A Boundary is who must not act where.
type Boundary struct {
	// From are the namespaces whose service accounts must stay in, and in which
	// whoever writes them runs pods.
	From []string
	// Users are people and systems that act for that side, such as its pipelines.
	Users []User
	// Away are the namespaces in which none of them may act.
	Away []string
}

// check refuses what cannot be meant. A proof over nothing would be an empty one.
func (b Boundary) check() error {
	var errs field.ErrorList
	from, away := field.NewPath("from"), field.NewPath("away")
	if len(b.From)+len(b.Users) == 0 {
		errs = append(errs, field.Required(from, "no namespace and no user"))
	}
	if len(b.Away) == 0 {
		errs = append(errs, field.Required(away, "no namespace"))
	}
	for at, list := range map[*field.Path][]string{from: b.From, away: b.Away} {
		for i, name := range list {
			if len(validation.IsDNS1123Label(name)) > 0 {
				errs = append(errs, field.Invalid(at.Index(i), name, "no name of a namespace"))
			}
		}
	}
	for i, name := range b.From {
		if slices.Contains(b.Away, name) {
			errs = append(errs, field.Invalid(from.Index(i), name, "on both sides"))
		}
	}
	for i, user := range b.Users {
		if user.Name == "" && len(user.Groups) == 0 {
			errs = append(errs, field.Required(field.NewPath("users").Index(i), "neither a name nor a group"))
		}
		if namespace, _, ok := user.account(); ok && slices.Contains(b.Away, namespace) {
			errs = append(errs, field.Invalid(field.NewPath("users").Index(i), user.Name, "on the other side"))
		}
	}
	if len(errs) == 0 {
		return nil
	}
	slices.SortFunc(errs, func(a, b *field.Error) int { return cmp.Compare(a.Error(), b.Error()) })
	return &bulkhead.InvalidError{Object: bulkhead.Ref{Kind: "Boundary"}, Errs: errs}
}
