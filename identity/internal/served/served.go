// SPDX-License-Identifier: Apache-2.0

// Package served knows the resources of Kubernetes itself, by API group and scope.
package served

import "slices"

// Groups returns the API groups of Kubernetes itself; nobody else can add resources
// to them. Left out is extensions, which has no resource left, and which old
// manifests name beside the group that a resource is in now.
func Groups() []string {
	return []string{
		"", "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "apps", "authentication.k8s.io",
		"authorization.k8s.io", "autoscaling", "batch", "certificates.k8s.io", "coordination.k8s.io", "discovery.k8s.io",
		"events.k8s.io", "flowcontrol.apiserver.k8s.io", "networking.k8s.io", "node.k8s.io", "policy", "rbac.authorization.k8s.io",
		"resource.k8s.io", "scheduling.k8s.io", "storage.k8s.io",
	}
}

// Resources lists the resources of an API group by scope, without subresources, as
// kube-apiserver serves them (Kubernetes v1.37, api/discovery), and those that exist
// for authorization alone, such as users and signers.
func Resources(group string) (cluster, namespaced []string) {
	switch group {
	case "":
		return []string{"componentstatuses", "groups", "namespaces", "nodes", "persistentvolumes", "users"},
			[]string{
				"bindings", "configmaps", "endpoints", "events", "limitranges", "persistentvolumeclaims", "pods", "podtemplates",
				"replicationcontrollers", "resourcequotas", "secrets", "serviceaccounts", "services",
			}
	case "admissionregistration.k8s.io":
		return []string{
			"mutatingadmissionpolicies", "mutatingadmissionpolicybindings", "mutatingwebhookconfigurations",
			"validatingadmissionpolicies", "validatingadmissionpolicybindings", "validatingwebhookconfigurations",
		}, nil
	case "apiextensions.k8s.io":
		return []string{"customresourcedefinitions"}, nil
	case "apiregistration.k8s.io":
		return []string{"apiservices"}, nil
	case "apps":
		return nil, []string{"controllerrevisions", "daemonsets", "deployments", "replicasets", "statefulsets"}
	case "authentication.k8s.io":
		return []string{"selfsubjectreviews", "tokenreviews", "uids", "userextras"}, nil
	case "authorization.k8s.io":
		return []string{"selfsubjectaccessreviews", "selfsubjectrulesreviews", "subjectaccessreviews"}, []string{"localsubjectaccessreviews"}
	case "autoscaling":
		return nil, []string{"horizontalpodautoscalers"}
	case "batch":
		return nil, []string{"cronjobs", "jobs"}
	case "certificates.k8s.io":
		return []string{"certificatesigningrequests", "clustertrustbundles", "signers"}, []string{"podcertificaterequests"}
	case "coordination.k8s.io":
		return nil, []string{"leasecandidates", "leases"}
	case "discovery.k8s.io":
		return nil, []string{"endpointslices"}
	case "events.k8s.io":
		return nil, []string{"events"}
	case "flowcontrol.apiserver.k8s.io":
		return []string{"flowschemas", "prioritylevelconfigurations"}, nil
	case "networking.k8s.io":
		return []string{"ingressclasses", "ipaddresses", "servicecidrs"}, []string{"ingresses", "networkpolicies"}
	case "node.k8s.io":
		return []string{"runtimeclasses"}, nil
	case "policy":
		return nil, []string{"poddisruptionbudgets"}
	case "rbac.authorization.k8s.io":
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

// Has reports whether a group has a resource, and whether it is of a namespace.
func Has(group, resource string) (served, namespaced bool) {
	cluster, inNamespaces := Resources(group)
	namespaced = slices.Contains(inNamespaces, resource)
	return namespaced || slices.Contains(cluster, resource), namespaced
}
