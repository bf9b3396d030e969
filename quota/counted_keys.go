// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"regexp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/quota/internal/counted"
)

// whyUncounted returns why nothing in Kubernetes 1.37 counts a resource that a quota
// names, and the name that is counted instead, if one is meant. Names without a
// domain, which the API server refuses if it does not know them, and custom
// resources, which may exist, count (pkg/quota/v1/evaluator/core and
// apiserver pkg/quota/v1/generic, ObjectCountQuotaResourceNameFor).
func whyUncounted(name corev1.ResourceName) (why string, instead corev1.ResourceName) {
	text := string(name)
	resource, isCount := strings.CutPrefix(text, counted.CountPrefix)
	switch {
	case !strings.Contains(text, "/"):
		return "", ""
	case isCount:
		return whyUncountedObjects(resource)
	case strings.HasSuffix(text, ".storageclass.storage.k8s.io/requests.storage"),
		strings.HasSuffix(text, ".storageclass.storage.k8s.io/persistentvolumeclaims"),
		strings.HasSuffix(text, ".deviceclass.resource.k8s.io/devices"),
		strings.HasPrefix(text, counted.RequestsPrefix+"deviceclass.resource.kubernetes.io/"):
		return "", ""
	case strings.HasPrefix(text, counted.LimitsPrefix):
		return "quotas count limits of cpu, memory and ephemeral-storage alone", corev1.ResourceName(counted.RequestsPrefix + strings.TrimPrefix(text, counted.LimitsPrefix))
	case strings.HasPrefix(text, counted.RequestsPrefix):
		return "", ""
	case counted.IsExtended(name):
		return "quotas count devices by their requests", corev1.ResourceName(counted.RequestsPrefix + text)
	default:
		return "", ""
	}
}

// version is what stands between resource and group where somebody wrote an
// apiVersion.
const version = `^v[0-9]+((alpha|beta)[0-9]+)?$`

// whyUncountedObjects judges what follows count/.
func whyUncountedObjects(resource string) (string, corev1.ResourceName) {
	plural, group, _ := strings.Cut(resource, ".")
	if resource != strings.ToLower(resource) {
		return "resources are named in lower case", corev1.ResourceName(counted.CountPrefix + strings.ToLower(resource))
	}
	if first, rest, ok := strings.Cut(group, "."); ok && slices.Contains(builtInGroups(), rest) && isVersion(first) {
		return "the name holds a version; objects are counted by group", corev1.ResourceName(counted.CountPrefix + plural + "." + rest)
	}
	if isVersion(group) {
		return "the name holds a version; objects are counted by group", corev1.ResourceName(counted.CountPrefix + plural)
	}
	if !slices.Contains(builtInGroups(), group) || slices.Contains(countedPlurals(group), plural) {
		return "", ""
	}
	for _, other := range builtInGroups() {
		switch {
		case slices.Contains(countedPlurals(other), plural):
			return "no such resource is in the API group " + groupWords(group), corev1.ResourceName(strings.TrimSuffix(counted.CountPrefix+plural+"."+other, "."))
		case other == group && slices.Contains(countedPlurals(other), plural+"s"):
			return "resources are named in the plural", corev1.ResourceName(strings.TrimSuffix(counted.CountPrefix+plural+"s."+other, "."))
		}
	}
	return "no namespaced resource of this name that quotas count is in the API group " + groupWords(group), ""
}

func isVersion(text string) bool { return regexp.MustCompile(version).MatchString(text) }

func groupWords(group string) string {
	if group == "" {
		return "of the core"
	}
	return group
}

// builtInGroups lists the API groups with namespaced objects that a manifest may
// hold and whose resources are fixed; the empty one is that of the core.
func builtInGroups() []string {
	return []string{
		"", "apps", "autoscaling", "batch", "coordination.k8s.io", "discovery.k8s.io", "networking.k8s.io", "policy",
		"rbac.authorization.k8s.io",
	}
}

// countedPlurals lists the namespaced resources of a group, as kube-apiserver 1.37
// serves them in stable versions. Events and bindings are not counted
// (pkg/quota/v1/install/registry.go, ignoredResources).
func countedPlurals(group string) []string {
	switch group {
	case "":
		return []string{
			"configmaps", "endpoints", "limitranges", "persistentvolumeclaims", "pods", "podtemplates", "replicationcontrollers",
			"resourcequotas", "secrets", "serviceaccounts", "services",
		}
	case "apps":
		return []string{"controllerrevisions", "daemonsets", "deployments", "replicasets", "statefulsets"}
	case "autoscaling":
		return []string{"horizontalpodautoscalers"}
	case "batch":
		return []string{"cronjobs", "jobs"}
	case "coordination.k8s.io":
		return []string{"leases"}
	case "discovery.k8s.io":
		return []string{"endpointslices"}
	case "networking.k8s.io":
		return []string{"ingresses", "networkpolicies"}
	case "policy":
		return []string{"poddisruptionbudgets"}
	case "rbac.authorization.k8s.io":
		return []string{"rolebindings", "roles"}
	default:
		return nil
	}
}
