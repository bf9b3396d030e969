// SPDX-License-Identifier: Apache-2.0

package preset

import (
	"errors"
	"net/netip"

	rbacv1 "k8s.io/api/rbac/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/guard"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/platform"
	"github.com/watertight-go/watertight/quota"
)

// An Environment is a namespace with all that holds it, and what that needs in the
// cloud.
type Environment struct {
	*bulkhead.Bulkhead
	// Guard judges manifests as the admission policies will judge objects: see its
	// method Rules.
	Guard *guard.Guard
	// Grants are to be added to the policies of the Google service accounts that the
	// accounts of the namespace act as.
	Grants []identity.Grant
}

// A Workload is a group of pods with a ServiceAccount of their own.
type Workload struct {
	// Account is the name of the ServiceAccount.
	Account string
	// ActsAs is the address of a Google service account, on GKE. If it is empty, the
	// pods have no identity in the cloud and no way to the metadata server. For AWS and
	// Azure see [identity.AssumeRole] and [identity.Federate].
	ActsAs string
	// Pods select the pods that may ask the metadata server for that identity. By
	// default they are those labelled app with the account's name.
	Pods netpol.Pods
}

// A Cluster is what both environments of a cluster have to know of it.
type Cluster struct {
	// Platform is where the cluster runs. There is no default, since platforms differ
	// in where pods find the resolvers and the metadata server.
	Platform platform.Platform
	// Resolvers are further DNS servers by their address: see [platform.AllowDNS].
	Resolvers []netip.Addr
	// Pool is the workload identity pool of the cluster. Only workloads that act as a
	// Google service account need it.
	Pool identity.Pool
	// Keepers may change what holds the namespaces: whoever applies the objects has to
	// be among them, such as the ServiceAccount of an operator. There is no default:
	// the group system:masters, say, holds no administrator of GKE, whom IAM makes one.
	Keepers []rbacv1.Subject
}

// A builder gathers objects and everything that is wrong with what they are made of.
type builder struct {
	namespace string
	cluster   Cluster
	objects   []bulkhead.Object
	grants    []identity.Grant
	wrong     field.ErrorList // with the options
	errs      []error         // of builders
}

// ready reports whether what all environments need of the cluster was said, and notes
// what was not.
func (b *builder) ready() bool {
	at := field.NewPath("cluster")
	if b.cluster.Platform == 0 {
		b.wrong = append(b.wrong, field.Required(at.Child("platform"), "where the cluster runs"))
	}
	if len(b.cluster.Keepers) == 0 {
		b.wrong = append(b.wrong, field.Required(at.Child("keepers"), "who applies the objects; nobody else could"))
	}
	return len(b.wrong) == 0
}

// add adds what a function returned that can refuse its arguments.
func add[T bulkhead.Object](b *builder, obj T, err error) {
	if err != nil {
		b.errs = append(b.errs, err)
		return
	}
	b.objects = append(b.objects, obj)
}

// walls adds the namespace and the policies that both environments have.
func (b *builder) walls(level quota.Level) {
	namespace, err := quota.Namespace(b.namespace, level)
	add(b, namespace, err)
	b.objects = append(b.objects, netpol.DefaultDeny(b.namespace))
	dns, err := platform.AllowDNS(b.namespace, b.cluster.Platform, b.cluster.Resolvers...)
	add(b, dns, err)
}

// workloads adds the accounts of workloads, and a way to the metadata server for
// those that have an identity in the cloud.
func (b *builder) workloads(workloads []Workload) {
	seen := make(map[string]bool)
	for i, w := range workloads {
		at := field.NewPath("workloads").Index(i)
		if seen[w.Account] {
			b.wrong = append(b.wrong, field.Duplicate(at.Child("account"), w.Account))
			continue
		}
		seen[w.Account] = true
		account := identity.Account(b.namespace, w.Account)
		if w.ActsAs == "" {
			b.objects = append(b.objects, account)
			continue
		}
		if !onGKE(b.cluster.Platform) {
			b.wrong = append(b.wrong, field.Invalid(at.Child("actsAs"), w.ActsAs, "a Google service account, and "+b.cluster.Platform.String()+" is not GKE"))
			continue
		}
		acting, err := identity.ActAs(account, w.ActsAs, b.cluster.Pool)
		if err != nil {
			b.errs = append(b.errs, err)
			continue
		}
		b.objects = append(b.objects, acting.Account)
		b.grants = append(b.grants, acting.Grant)
		b.metadata(w)
	}
}

func onGKE(p platform.Platform) bool {
	return p == platform.GKE || p == platform.GKEDataplaneV2 || p == platform.GKEAutopilot
}

func (b *builder) metadata(w Workload) {
	pods := w.Pods
	if len(pods) == 0 {
		pods = netpol.Pods{"app": w.Account}
	}
	policy, err := platform.AllowMetadata(b.namespace, b.cluster.Platform, pods)
	if policy != nil {
		policy.Name += "-" + w.Account // one for each workload
	}
	add(b, policy, err)
}

// class adds a priority class and what gives it to the pods that name none.
func (b *builder) class(class *schedulingv1.PriorityClass) {
	b.objects = append(b.objects, class)
	given, err := guard.DefaultClass(b.namespace, class)
	if err != nil {
		b.errs = append(b.errs, err)
		return
	}
	b.objects = append(b.objects, given.Objects()...)
}

// guards adds the admission policies of restrictions, and those that both
// environments have.
func (b *builder) guards(workloads []Workload, more ...guard.Restriction) *guard.Guard {
	restrictions := append(more, guard.NoHost(), guard.Keepers(b.cluster.Keepers...), guard.CloudIdentities(identitiesOf(workloads)...))
	out, err := guard.Enforce(b.namespace, restrictions...)
	if err != nil {
		b.errs = append(b.errs, err)
		return nil
	}
	b.objects = append(b.objects, out.Objects()...)
	return out
}

// identitiesOf returns the Google service accounts of workloads.
func identitiesOf(workloads []Workload) []string {
	var out []string
	for _, w := range workloads {
		if w.ActsAs != "" {
			out = append(out, w.ActsAs)
		}
	}
	return out
}

// environment returns what was gathered, or all that is wrong with it.
func (b *builder) environment(guard *guard.Guard) (*Environment, error) {
	if len(b.wrong) > 0 {
		options := &bulkhead.InvalidError{Object: bulkhead.Ref{Kind: "Namespace", Name: b.namespace}, Errs: b.wrong}
		b.errs = append([]error{options}, b.errs...)
	}
	if len(b.errs) > 0 {
		return nil, errors.Join(b.errs...)
	}
	whole, err := bulkhead.New(b.namespace, b.objects...)
	if err != nil {
		return nil, err
	}
	return &Environment{Bulkhead: whole, Guard: guard, Grants: b.grants}, nil
}
