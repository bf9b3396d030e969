// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/internal/spelling"
)

// groups returns the API groups of Kubernetes itself; nobody else can add resources
// to them. Left out is extensions, which has no resource left, and which old
// manifests name beside the group that a resource is in now.
func groups() []string {
	return []string{
		groupCore, groupAdmission, "apiextensions.k8s.io", groupAPIServices, groupApps, "authentication.k8s.io",
		"authorization.k8s.io", "autoscaling", groupBatch, groupCertificates, "coordination.k8s.io", "discovery.k8s.io",
		"events.k8s.io", "flowcontrol.apiserver.k8s.io", groupNetworking, "node.k8s.io", "policy", rbacv1.GroupName,
		"resource.k8s.io", "scheduling.k8s.io", "storage.k8s.io",
	}
}

// resourcesOf lists the resources of an API group by scope, without subresources, as
// kube-apiserver serves them (Kubernetes v1.37, api/discovery), and those that exist
// for authorization alone, such as users and signers.
func resourcesOf(group string) (cluster, namespaced []string) {
	switch group {
	case groupCore:
		return []string{"componentstatuses", "groups", "namespaces", "nodes", "persistentvolumes", "users"},
			[]string{
				"bindings", "configmaps", "endpoints", "events", "limitranges", "persistentvolumeclaims", "pods", "podtemplates",
				"replicationcontrollers", "resourcequotas", "secrets", "serviceaccounts", "services",
			}
	case groupAdmission:
		return []string{
			"mutatingadmissionpolicies", "mutatingadmissionpolicybindings", "mutatingwebhookconfigurations",
			"validatingadmissionpolicies", "validatingadmissionpolicybindings", "validatingwebhookconfigurations",
		}, nil
	case "apiextensions.k8s.io":
		return []string{"customresourcedefinitions"}, nil
	case groupAPIServices:
		return []string{"apiservices"}, nil
	case groupApps:
		return nil, []string{"controllerrevisions", "daemonsets", "deployments", "replicasets", "statefulsets"}
	case "authentication.k8s.io":
		return []string{"selfsubjectreviews", "tokenreviews", "uids", "userextras"}, nil
	case "authorization.k8s.io":
		return []string{"selfsubjectaccessreviews", "selfsubjectrulesreviews", "subjectaccessreviews"}, []string{"localsubjectaccessreviews"}
	case "autoscaling":
		return nil, []string{"horizontalpodautoscalers"}
	case groupBatch:
		return nil, []string{"cronjobs", "jobs"}
	case groupCertificates:
		return []string{"certificatesigningrequests", "clustertrustbundles", "signers"}, []string{"podcertificaterequests"}
	case "coordination.k8s.io":
		return nil, []string{"leasecandidates", "leases"}
	case "discovery.k8s.io":
		return nil, []string{"endpointslices"}
	case "events.k8s.io":
		return nil, []string{"events"}
	case "flowcontrol.apiserver.k8s.io":
		return []string{"flowschemas", "prioritylevelconfigurations"}, nil
	case groupNetworking:
		return []string{"ingressclasses", "ipaddresses", "servicecidrs"}, []string{"ingresses", "networkpolicies"}
	case "node.k8s.io":
		return []string{"runtimeclasses"}, nil
	case "policy":
		return nil, []string{"poddisruptionbudgets"}
	case rbacv1.GroupName:
		return []string{"clusterrolebindings", "clusterroles"}, []string{"rolebindings", "roles"}
	case "resource.k8s.io":
		return []string{"deviceclasses", "devicetaintrules", "resourcepoolstatusrequests", "resourceslices"},
			[]string{"resourceclaims", "resourceclaimtemplates"}
	case "scheduling.k8s.io":
		return []string{"priorityclasses"}, []string{"compositepodgroups", "podgroups", "workloads"}
	case "storage.k8s.io":
		return []string{"csidrivers", "csinodes", "storageclasses", "volumeattachments", "volumeattributesclasses"},
			[]string{"csistoragecapacities"}
	default:
		return nil, nil
	}
}

// servedBy reports whether a group has a resource, and whether it is of a namespace.
func servedBy(group, resource string) (served, namespaced bool) {
	cluster, inNamespaces := resourcesOf(group)
	namespaced = slices.Contains(inNamespaces, resource)
	return namespaced || slices.Contains(cluster, resource), namespaced
}

// homeOf returns the group of Kubernetes that has a resource, and whether one has.
func homeOf(resource string) (string, bool) {
	for _, group := range groups() {
		if served, _ := servedBy(group, resource); served {
			return group, true
		}
	}
	return "", false
}

// meantBy returns the resource of a group that a word resembles: a kind, a singular
// or a slip of the pen. It is "" if there is none.
func meantBy(group, word string) string {
	if len(word) > longestResource {
		return ""
	}
	lower := strings.ToLower(word)
	cluster, namespaced := resourcesOf(group)
	for _, resource := range slices.Concat(namespaced, cluster) {
		if lower == resource || lower+"s" == resource || lower+"es" == resource || strings.TrimSuffix(lower, "y")+"ies" == resource ||
			len(resource) > 4 && near(lower, resource, 2) {
			return resource
		}
	}
	return ""
}

// near reports whether some letters make one word of another. Words of other lengths
// are not compared, since that takes time.
func near(a, b string, letters int) bool {
	return max(len(a), len(b))-min(len(a), len(b)) <= letters && spelling.Distance(a, b) <= letters
}

// longestResource bounds the words that are compared letter by letter.
const longestResource = 64
