// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const aggregateTo = "rbac.authorization.k8s.io/aggregate-to-"

// builtin returns ClusterRoles that kube-apiserver makes when it starts and that are
// often bound without being among the manifests (Kubernetes v1.37,
// plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go). Those that other software
// adds to admin, edit and view are selected as its controller does.
func builtin() []*rbacv1.ClusterRole {
	var out []*rbacv1.ClusterRole
	for _, name := range []string{
		"cluster-admin", "system:aggregate-to-admin", "system:aggregate-to-edit", "system:aggregate-to-view", "system:auth-delegator",
		"system:basic-user", "system:discovery", "system:public-info-viewer", "system:service-account-issuer-discovery",
	} {
		o := &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: name}, Rules: builtinRules(name)}
		if to, ok := strings.CutPrefix(name, "system:aggregate-to-"); ok {
			o.Labels = map[string]string{aggregateTo + to: "true"}
		}
		out = append(out, o)
	}
	for name, of := range map[string]string{"admin": "", "edit": "admin", "view": "edit"} {
		o := &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: name}, AggregationRule: &rbacv1.AggregationRule{
			ClusterRoleSelectors: []metav1.LabelSelector{{MatchLabels: map[string]string{aggregateTo + name: "true"}}},
		}}
		if of != "" {
			o.Labels = map[string]string{aggregateTo + of: "true"}
		}
		out = append(out, o)
	}
	return out
}

func builtinRules(name string) []rbacv1.PolicyRule {
	reading := []string{"get", "list", "watch"}
	writing := []string{"create", "delete", "deletecollection", "patch", "update"}
	switch name {
	case "cluster-admin":
		return []rbacv1.PolicyRule{
			{APIGroups: []string{"*"}, Verbs: []string{"*"}, Resources: []string{"*"}},
			{NonResourceURLs: []string{"*"}, Verbs: []string{"*"}},
		}
	case "system:aggregate-to-admin":
		return []rbacv1.PolicyRule{
			{APIGroups: []string{"authorization.k8s.io"}, Verbs: []string{"create"}, Resources: []string{"localsubjectaccessreviews"}},
			{APIGroups: []string{"rbac.authorization.k8s.io"}, Verbs: slices.Concat(reading, writing), Resources: []string{"rolebindings", "roles"}},
		}
	case "system:aggregate-to-edit":
		return []rbacv1.PolicyRule{
			{APIGroups: []string{""}, Verbs: reading, Resources: []string{
				"pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "secrets", "services/proxy",
			}},
			{APIGroups: []string{""}, Verbs: []string{"impersonate"}, Resources: []string{"serviceaccounts"}},
			{APIGroups: []string{""}, Verbs: writing, Resources: []string{"pods", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy"}},
			{APIGroups: []string{""}, Verbs: []string{"create"}, Resources: []string{"pods/eviction"}},
			{APIGroups: []string{""}, Verbs: writing, Resources: []string{
				"configmaps", "persistentvolumeclaims", "replicationcontrollers", "replicationcontrollers/scale", "secrets",
				"serviceaccounts", "services", "services/proxy",
			}},
			{APIGroups: []string{""}, Verbs: []string{"create"}, Resources: []string{"serviceaccounts/token"}},
			{APIGroups: []string{"", "events.k8s.io"}, Verbs: writing, Resources: []string{"events"}},
			{APIGroups: []string{"apps"}, Verbs: writing, Resources: []string{
				"daemonsets", "deployments", "deployments/rollback", "deployments/scale", "replicasets", "replicasets/scale",
				"statefulsets", "statefulsets/scale",
			}},
			{APIGroups: []string{"autoscaling"}, Verbs: writing, Resources: []string{"horizontalpodautoscalers"}},
			{APIGroups: []string{"batch"}, Verbs: writing, Resources: []string{"cronjobs", "jobs"}},
			{APIGroups: []string{"extensions"}, Verbs: writing, Resources: []string{
				"daemonsets", "deployments", "deployments/rollback", "deployments/scale", "ingresses", "networkpolicies",
				"replicasets", "replicasets/scale", "replicationcontrollers/scale",
			}},
			{APIGroups: []string{"policy"}, Verbs: writing, Resources: []string{"poddisruptionbudgets"}},
			{APIGroups: []string{"networking.k8s.io"}, Verbs: writing, Resources: []string{"ingresses", "networkpolicies"}},
			{APIGroups: []string{"coordination.k8s.io"}, Verbs: slices.Concat(reading, writing), Resources: []string{"leases"}},
			{APIGroups: []string{"resource.k8s.io"}, Verbs: writing, Resources: []string{"resourceclaims", "resourceclaimtemplates"}},
		}
	case "system:aggregate-to-view":
		return []rbacv1.PolicyRule{
			{APIGroups: []string{""}, Verbs: reading, Resources: []string{
				"configmaps", "endpoints", "persistentvolumeclaims", "persistentvolumeclaims/status", "pods",
				"replicationcontrollers", "replicationcontrollers/scale", "serviceaccounts", "services", "services/status",
			}},
			{APIGroups: []string{""}, Verbs: reading, Resources: []string{
				"bindings", "limitranges", "namespaces/status", "pods/log", "pods/status", "replicationcontrollers/status",
				"resourcequotas", "resourcequotas/status",
			}},
			{APIGroups: []string{""}, Verbs: reading, Resources: []string{"namespaces"}},
			{APIGroups: []string{"", "events.k8s.io"}, Verbs: reading, Resources: []string{"events"}},
			{APIGroups: []string{"discovery.k8s.io"}, Verbs: reading, Resources: []string{"endpointslices"}},
			{APIGroups: []string{"apps"}, Verbs: reading, Resources: []string{
				"controllerrevisions", "daemonsets", "daemonsets/status", "deployments", "deployments/scale",
				"deployments/status", "replicasets", "replicasets/scale", "replicasets/status", "statefulsets",
				"statefulsets/scale", "statefulsets/status",
			}},
			{APIGroups: []string{"autoscaling"}, Verbs: reading, Resources: []string{"horizontalpodautoscalers", "horizontalpodautoscalers/status"}},
			{APIGroups: []string{"batch"}, Verbs: reading, Resources: []string{"cronjobs", "cronjobs/status", "jobs", "jobs/status"}},
			{APIGroups: []string{"extensions"}, Verbs: reading, Resources: []string{
				"daemonsets", "daemonsets/status", "deployments", "deployments/scale", "deployments/status", "ingresses",
				"ingresses/status", "networkpolicies", "replicasets", "replicasets/scale", "replicasets/status",
				"replicationcontrollers/scale",
			}},
			{APIGroups: []string{"policy"}, Verbs: reading, Resources: []string{"poddisruptionbudgets", "poddisruptionbudgets/status"}},
			{APIGroups: []string{"networking.k8s.io"}, Verbs: reading, Resources: []string{"ingresses", "ingresses/status", "networkpolicies"}},
			{APIGroups: []string{"resource.k8s.io"}, Verbs: reading, Resources: []string{"resourceclaims", "resourceclaims/status", "resourceclaimtemplates"}},
		}
	case "system:auth-delegator":
		return []rbacv1.PolicyRule{
			{APIGroups: []string{"authentication.k8s.io"}, Verbs: []string{"create"}, Resources: []string{"tokenreviews"}},
			{APIGroups: []string{"authorization.k8s.io"}, Verbs: []string{"create"}, Resources: []string{"subjectaccessreviews"}},
		}
	case "system:basic-user":
		return []rbacv1.PolicyRule{
			{APIGroups: []string{"authorization.k8s.io"}, Verbs: []string{"create"}, Resources: []string{
				"selfsubjectaccessreviews", "selfsubjectrulesreviews",
			}},
			{APIGroups: []string{"authentication.k8s.io"}, Verbs: []string{"create"}, Resources: []string{"selfsubjectreviews"}},
		}
	case "system:discovery":
		return []rbacv1.PolicyRule{
			{NonResourceURLs: []string{"/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*", "/readyz", "/version", "/version/"}, Verbs: []string{"get"}},
		}
	case "system:public-info-viewer":
		return []rbacv1.PolicyRule{
			{NonResourceURLs: []string{"/healthz", "/livez", "/readyz", "/version", "/version/"}, Verbs: []string{"get"}},
		}
	case "system:service-account-issuer-discovery":
		return []rbacv1.PolicyRule{
			{NonResourceURLs: []string{"/.well-known/openid-configuration", "/.well-known/openid-configuration/", "/openid/v1/jwks", "/openid/v1/jwks/"}, Verbs: []string{"get"}},
		}
	default:
		return nil
	}
}
