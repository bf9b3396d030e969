// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"slices"
	"strconv"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/internal/served"
)

// A Deputy is a controller that does, with rights of its own, what the resources say
// that others write: in a cloud, in the cluster or in a store of secrets.
type Deputy string

// The deputies that are known.
const (
	ConfigConnector      Deputy = "Config Connector"
	Crossplane           Deputy = "Crossplane"
	AWSControllers       Deputy = "AWS Controllers for Kubernetes"
	AzureServiceOperator Deputy = "Azure Service Operator"
	ExternalSecrets      Deputy = "External Secrets"
	SecretsStore         Deputy = "Secrets Store CSI Driver"
	CertManager          Deputy = "cert-manager"
	ArgoCD               Deputy = "Argo CD"
	Flux                 Deputy = "Flux"
)

// suffixes of API groups that are a deputy's.
func suffixes() map[string]Deputy {
	return map[string]Deputy{
		".cnrm.cloud.google.com": ConfigConnector, ".crossplane.io": Crossplane, ".upbound.io": Crossplane,
		".services.k8s.aws": AWSControllers, ".azure.com": AzureServiceOperator,
	}
}

// deputyOf returns the deputy that serves an API group, or none: of groups of
// Kubernetes, of those of kinds that run pods and of others whose controllers do
// nothing for who writes their resources. A group that is not known has a deputy of
// its name.
func deputyOf(group string) Deputy {
	for suffix, d := range suffixes() {
		if strings.HasSuffix(group, suffix) {
			return d
		}
	}
	switch group {
	case "external-secrets.io", "generators.external-secrets.io":
		return ExternalSecrets
	case "secrets-store.csi.x-k8s.io":
		return SecretsStore
	case "cert-manager.io":
		return CertManager
	case "argoproj.io":
		return ArgoCD
	case "kustomize.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io":
		return Flux
	case "extensions", groupGateway, groupSnapshots, "metrics.k8s.io", "policy.networking.k8s.io":
		return ""
	}
	if podMakers()[group] != nil || slices.Contains(served.Groups(), group) {
		return ""
	}
	return Deputy(group)
}

// heeds reports whether a deputy does what a resource of its says.
func (d Deputy) heeds(resource string) bool {
	switch {
	case resource == rbacv1.ResourceAll:
		return true
	case d == ArgoCD:
		return slices.Contains([]string{"applications", "applicationsets", "appprojects"}, resource)
	case d == ExternalSecrets:
		return slices.Contains([]string{
			"externalsecrets", "clusterexternalsecrets", "pushsecrets", "clusterpushsecrets", "secretstores", "clustersecretstores",
		}, resource)
	default:
		return !strings.Contains(resource, "/")
	}
}

// An ask is a right to write what a deputy heeds.
type ask struct {
	deputy   Deputy // empty for those of groups that are not known to be served
	rule     rule
	resource int
}

// asksOf returns of whom a role asks something: each deputy once.
func (o *outside) asksOf(r *role) []ask {
	var out []ask
	known := make(map[Deputy]bool)
	for _, rule := range r.rules {
		verbs, limited := wordsOf(rule.Verbs), len(rule.ResourceNames) > 0
		writes := func(resource string) bool {
			_, ok := firstVerb(placing(), verbs, limited, resource)
			return ok
		}
		for _, group := range o.groupsOf(rule) {
			d := o.deputyOf(group)
			if d == "" || known[d] {
				continue
			}
			if at := slices.IndexFunc(rule.Resources, func(resource string) bool { return writes(resource) && d.heeds(resource) }); at >= 0 {
				known[d] = true
				out = append(out, ask{d, rule, at})
			}
		}
	}
	return out
}

// groupsOf are the groups of a rule, and those that are served if it has all.
func (o *outside) groupsOf(r rule) []string {
	if slices.Contains(r.APIGroups, rbacv1.APIGroupAll) {
		return slices.Concat(r.APIGroups, o.served)
	}
	return r.APIGroups
}

// deputyOf knows beside the groups of deputies those that Crossplane serves because an
// object defines them.
func (o *outside) deputyOf(group string) Deputy {
	switch {
	case group == rbacv1.APIGroupAll:
		return ""
	case o.composed[group]:
		return Crossplane
	default:
		return deputyOf(group)
	}
}

func (w *walk) ask(a ask, h share) {
	d := a.deputy
	path := h.path.then(bulkhead.Hop{
		Object: a.rule.role.ref, Field: a.rule.field() + ".resources[" + strconv.Itoa(a.resource) + "]",
		Text: "lets it write " + a.rule.Resources[a.resource] + ", and so have " + string(d) + " act for it",
	}).closedBy(changeOf(h.seat))
	answer, told := w.options.Deputies[d]
	switch {
	case d == ExternalSecrets && !told:
		w.orders = append(w.orders, order{h.namespace, path})
	case answer == identity.Yes:
		w.breach(Deputies, path)
	case answer == identity.Unknown && !w.asked[d]:
		w.asked[d] = true
		w.missing["how far what "+string(d)+" may do reaches, which acts for "+nameOf(h.seat)] = true
	}
}

// An order is a right to ask External Secrets for what stores read. It is looked at
// when all is known that may change labels, by which stores are open.
type order struct {
	namespace string
	path      *trail
}

// deliver follows what External Secrets reads for whoever asks it: what the stores that
// are open to the namespace read.
func (w *walk) deliver() {
	for _, o := range w.orders {
		for _, store := range w.storesOf(o.namespace) {
			w.breach(ForeignSecrets, o.path.then(bulkhead.Hop{
				Object: store.ref, Field: "spec.provider.kubernetes.remoteNamespace", Text: "reads the Secrets of namespace " + store.remote + " for it",
			}))
		}
	}
	w.orders = nil
}

// storesOf returns the stores that are open to a namespace and read one on the other
// side, and notes what is missing to tell.
func (w *walk) storesOf(namespace string) []store {
	if known, ok := w.open[namespace]; ok {
		return known
	}
	var out []store
	for _, store := range w.outside.stores {
		open, missing := store.admits(namespace, w.namespaces[namespace], w.relabelled[namespace])
		switch {
		case missing != "":
			w.missing[missing] = true
		case !open:
		case w.away[store.remote]:
			out = append(out, store)
		default:
			w.missing["what the identity of "+store.ref.String()+" reads, which is open to namespace "+namespace] = true
		}
	}
	if !w.options.Whole {
		w.missing["the ClusterSecretStores that are open to namespace "+namespace] = true
	}
	w.open[namespace] = out
	return out
}
