// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"reflect"
	"slices"
	"strings"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
)

// A served resource is one of every cluster, with the Go type of its objects.
type served struct {
	group, version, plural, kind string
	cluster                      bool // not in a namespace
	object                       reflect.Type
}

// builtIn lists resources of kube-apiserver 1.37 that guards are about. The groups
// that fixedGroups names are here in full.
func builtIn() []served {
	of := func(group, version, plural string, object any) served {
		t := reflect.TypeOf(object)
		return served{group: group, version: version, plural: plural, kind: t.Name(), object: t}
	}
	global := func(r served) served {
		r.cluster = true
		return r
	}
	return []served{
		of("", "v1", "pods", corev1.Pod{}),
		of("", "v1", "services", corev1.Service{}),
		of("", "v1", "serviceaccounts", corev1.ServiceAccount{}),
		of("", "v1", "configmaps", corev1.ConfigMap{}),
		of("", "v1", "secrets", corev1.Secret{}),
		of("", "v1", "persistentvolumeclaims", corev1.PersistentVolumeClaim{}),
		of("", "v1", "resourcequotas", corev1.ResourceQuota{}),
		of("", "v1", "limitranges", corev1.LimitRange{}),
		of("", "v1", "replicationcontrollers", corev1.ReplicationController{}),
		of("", "v1", "podtemplates", corev1.PodTemplate{}),
		of("", "v1", "endpoints", corev1.Endpoints{}), //nolint:staticcheck // deprecated for writers; clusters still store them
		of("", "v1", "events", corev1.Event{}),
		of("", "v1", "bindings", corev1.Binding{}),
		global(of("", "v1", "namespaces", corev1.Namespace{})),
		global(of("", "v1", "nodes", corev1.Node{})),
		global(of("", "v1", "persistentvolumes", corev1.PersistentVolume{})),
		global(of("", "v1", "componentstatuses", corev1.ComponentStatus{})),
		of("apps", "v1", "deployments", appsv1.Deployment{}),
		of("apps", "v1", "statefulsets", appsv1.StatefulSet{}),
		of("apps", "v1", "daemonsets", appsv1.DaemonSet{}),
		of("apps", "v1", "replicasets", appsv1.ReplicaSet{}),
		of("apps", "v1", "controllerrevisions", appsv1.ControllerRevision{}),
		of("batch", "v1", "jobs", batchv1.Job{}),
		of("batch", "v1", "cronjobs", batchv1.CronJob{}),
		of("autoscaling", "v2", "horizontalpodautoscalers", autoscalingv2.HorizontalPodAutoscaler{}),
		of("policy", "v1", "poddisruptionbudgets", policyv1.PodDisruptionBudget{}),
		of("networking.k8s.io", "v1", "networkpolicies", networkingv1.NetworkPolicy{}),
		of("networking.k8s.io", "v1", "ingresses", networkingv1.Ingress{}),
		global(of("networking.k8s.io", "v1", "ingressclasses", networkingv1.IngressClass{})),
		global(of("networking.k8s.io", "v1", "ipaddresses", networkingv1.IPAddress{})),
		global(of("networking.k8s.io", "v1", "servicecidrs", networkingv1.ServiceCIDR{})),
		of("rbac.authorization.k8s.io", "v1", "roles", rbacv1.Role{}),
		of("rbac.authorization.k8s.io", "v1", "rolebindings", rbacv1.RoleBinding{}),
		global(of("rbac.authorization.k8s.io", "v1", "clusterroles", rbacv1.ClusterRole{})),
		global(of("rbac.authorization.k8s.io", "v1", "clusterrolebindings", rbacv1.ClusterRoleBinding{})),
		global(of("scheduling.k8s.io", "v1", "priorityclasses", schedulingv1.PriorityClass{})),
	}
}

// fixedGroups lists the groups of which every resource is known, so that a name that
// is not among them is a mistake.
func fixedGroups() []string {
	return []string{"", "apps", "batch", "autoscaling", "policy", "networking.k8s.io", "rbac.authorization.k8s.io"}
}

func (r served) request(op admissionregistrationv1.OperationType) request {
	return request{group: r.group, version: r.version, resource: r.plural, operation: op}
}

// typesOf returns the resources whose objects a policy may get to see, or nothing if
// it may see objects of which no type is known.
func typesOf(match *admissionregistrationv1.MatchResources) []served {
	if match == nil {
		return nil
	}
	var out []served
	for _, rule := range match.ResourceRules {
		for _, group := range rule.APIGroups {
			for _, name := range rule.Resources {
				plural, sub, _ := strings.Cut(name, "/")
				found := false
				for _, r := range builtIn() {
					if r.group == group && r.plural == plural && (slices.Contains(rule.APIVersions, r.version) || slices.Contains(rule.APIVersions, "*")) {
						found = true
						if !slices.Contains(out, r) {
							out = append(out, r)
						}
					}
				}
				switch known := knownIn(group, plural); {
				case found && wholeObject(sub):
				case !known && slices.Contains(fixedGroups(), group) && plural != "*":
					// There is no such resource, and no such object.
				default:
					return nil
				}
			}
		}
	}
	return out
}

// wholeObject reports whether requests for a subresource carry the object itself.
func wholeObject(sub string) bool {
	return sub == "" || sub == "status" || sub == "resize" || sub == "ephemeralcontainers"
}

func knownIn(group, plural string) bool {
	return slices.ContainsFunc(builtIn(), func(r served) bool { return r.group == group && r.plural == plural })
}
