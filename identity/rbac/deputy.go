// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"slices"
	"strconv"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
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

// deputyOf returns the deputy that serves an API group, or none.
func deputyOf(group string) Deputy {
	for suffix, d := range map[string]Deputy{
		".cnrm.cloud.google.com": ConfigConnector, ".crossplane.io": Crossplane, ".upbound.io": Crossplane,
		".services.k8s.aws": AWSControllers, ".azure.com": AzureServiceOperator,
	} {
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
	default:
		return ""
	}
}

// heeds reports whether a deputy does what a resource of its says.
func (d Deputy) heeds(resource string) bool {
	switch {
	case resource == rbacv1.ResourceAll:
		return true
	case d == ArgoCD:
		return slices.Contains([]string{"applications", "applicationsets", "appprojects"}, resource)
	case d == ExternalSecrets:
		return slices.Contains([]string{"externalsecrets", "clusterexternalsecrets", "pushsecrets", "secretstores", "clustersecretstores"}, resource)
	default:
		return !strings.Contains(resource, "/")
	}
}

// deputies follows what a binding lets its subjects ask of controllers, in any
// namespace: also in their own.
func (w *walk) deputies(s seat, path *trail) {
	for _, r := range s.binding.role.rules {
		verbs := wordsOf(r.Verbs)
		if !slices.ContainsFunc(placing(), verbs.has) {
			continue
		}
		for _, group := range r.APIGroups {
			if group == rbacv1.APIGroupAll {
				w.anyDeputy(s, r, path)
				continue
			}
			at := slices.IndexFunc(r.Resources, deputyOf(group).heeds)
			if deputyOf(group) != "" && at >= 0 {
				w.deputy(deputyOf(group), s, r, at, path)
			}
		}
	}
}

// anyDeputy follows a right on all API groups: those of the deputies that are served.
func (w *walk) anyDeputy(s seat, r rule, path *trail) {
	at := slices.Index(r.Resources, rbacv1.ResourceAll)
	for _, group := range w.outside.served {
		d := deputyOf(group)
		where := slices.IndexFunc(r.Resources, d.heeds)
		if d != "" && where >= 0 {
			w.deputy(d, s, r, where, path)
		}
	}
	if at >= 0 && !w.options.Whole {
		w.missing["which operators act for whoever writes their resources in namespace "+s.binding.namespace] = true
	}
}

func (w *walk) deputy(d Deputy, s seat, r rule, at int, path *trail) {
	hop := bulkhead.Hop{
		Object: r.ref, Field: r.field() + ".resources[" + strconv.Itoa(at) + "]",
		Text: "lets it write " + r.Resources[at] + ", and so have " + string(d) + " act for it",
	}
	answer, told := w.options.Deputies[d]
	if d == ExternalSecrets && !told {
		w.stores(s, path.then(hop))
		return
	}
	switch answer {
	case identity.Yes:
		w.breach(Deputies, path.then(hop).closedBy(changeOf(s)))
	case identity.Unknown:
		w.missing["how far what "+string(d)+" may do reaches, which acts for "+nameOf(s)] = true
	case identity.No:
	}
}

// stores follows what External Secrets reads for whoever asks it: what the stores that
// are open to the namespace read.
func (w *walk) stores(s seat, path *trail) {
	namespace := s.binding.namespace
	for _, store := range w.outside.stores {
		open, missing := store.admits(namespace, w.namespaces[namespace])
		switch {
		case missing != "":
			w.missing[missing] = true
		case !open:
		case slices.Contains(w.boundary.Away, store.remote):
			hop := bulkhead.Hop{Object: store.ref, Field: "spec.provider.kubernetes.remoteNamespace", Text: "reads the Secrets of namespace " + store.remote + " for it"}
			w.breach(ForeignSecrets, path.then(hop).closedBy(changeOf(s)))
		default:
			w.missing["what the identity of "+store.ref.String()+" reads, which is open to namespace "+namespace] = true
		}
	}
	if !w.options.Whole {
		w.missing["the ClusterSecretStores that are open to namespace "+namespace] = true
	}
}
