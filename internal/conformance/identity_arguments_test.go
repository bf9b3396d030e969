// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"fmt"
	"net/netip"
	"reflect"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/preset"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/quota"
)

// formed returns the arguments of a builder that takes texts of a form of their own
// or arguments that belong together, and nothing for others.
func (a arguer) formed(builder string) []reflect.Value {
	const issuer = "https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
	var in []any
	switch builder {
	case "identity.ActAs":
		in = []any{a.account(), a.email(), a.pool()}
	case "identity.RoleBinding": // everything is of one namespace
		namespace := a.name()
		role := bulkhead.Must(identity.Role(namespace, a.name(), identity.Access{Resources: []string{"pods"}, Verbs: []string{"get"}}))
		in = []any{namespace, a.name(), role}
		for range 1 + a.IntN(3) {
			in = append(in, pick(a, identity.ForAccount(identity.Account(namespace, a.name())), identity.ForUser("jane@example.com"), identity.ForGroup("developers@example.com")))
		}
	case "identity.AssumeRole":
		in = []any{a.account(), "arn:aws:iam::111122223333:role/" + a.name(), issuer}
	case "identity.Federate":
		id := func() string { return fmt.Sprintf("%08x-89ab-cdef-0123-456789abcdef", a.Uint32()) }
		in = []any{a.account(), id(), id(), "https://westeurope.oic.prod-aks.azure.com/tenant/cluster/"}
	}
	var out []reflect.Value
	for _, arg := range in {
		out = append(out, reflect.ValueOf(arg))
	}
	return out
}

func (a arguer) account() *corev1.ServiceAccount { return identity.Account(a.name(), a.name()) }

func (a arguer) email() string { return a.short() + "@my-project.iam.gserviceaccount.com" }

// short makes what may be the ID of a Google service account.
func (a arguer) short() string {
	return pick(a, "staging-sa", "backend-1", "a-long-identity-of-28-byte")
}

func (a arguer) pool() identity.Pool {
	return pick(a, identity.Pool{ProjectID: "my-project", ProjectNumber: 123456789012}, identity.Pool{ProjectID: "example.com:my-project", ProjectNumber: 1})
}

func (a arguer) access() identity.Access {
	out := identity.Access{
		Group:     pick(a, "", "apps", "networking.k8s.io", "example.com"),
		Resources: pick(a, []string{"pods"}, []string{"pods/log", "configmaps"}, []string{"deployments", "widgets"}),
		Verbs:     pick(a, []string{"get"}, []string{"get", "list", "watch"}, []string{"create", "update", "patch", "delete"}),
	}
	if a.IntN(3) == 0 {
		out.Verbs, out.Names = []string{"get", "update"}, []string{a.name(), "a.b"}
	}
	return out
}

func (a arguer) cluster() preset.Cluster {
	out := preset.Cluster{Platform: a.platform(), Pool: a.pool()}
	if a.IntN(2) == 0 {
		out.Resolvers = []netip.Addr{a.address()}
	}
	return out
}

func (a arguer) workloads() []preset.Workload {
	var out []preset.Workload
	for i := range a.IntN(3) {
		w := preset.Workload{Account: fmt.Sprintf("account-%d", i)}
		if a.IntN(2) == 0 {
			w.ActsAs = fmt.Sprintf("account-%d@my-project.iam.gserviceaccount.com", i)
		}
		if a.IntN(2) == 0 {
			w.Pods = a.pods()
		}
		out = append(out, w)
	}
	return out
}

func (a arguer) production() preset.ProductionOptions {
	return preset.ProductionOptions{
		Cluster: a.cluster(), Namespace: a.name(), Class: a.name(), Priority: pick(a, int32(0), 1, quota.HighestPriority), Workloads: a.workloads(),
	}
}

func (a arguer) staging() preset.StagingOptions {
	out := preset.StagingOptions{Cluster: a.cluster(), Namespace: a.name(), Workloads: a.workloads()}
	if a.IntN(2) == 0 {
		out.Production, out.Budget = []string{"prod", a.name()}, a.budget()
	}
	return out
}
