// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
)

// Values near the edges of what a server accepts, by the JSON name of their field.

// text returns a string for a field: mostly from the field's pool, else from that
// of all fields.
func (m mutator) text(field string) string {
	pool := textsOf(field)
	if len(pool) == 0 || m.IntN(8) == 0 {
		pool = anyText()
	}
	if field == "annotations values" && m.IntN(200) == 0 {
		return strings.Repeat("x", 256<<10) // as much as all annotations may have
	}
	return pool[m.IntN(len(pool))]
}

func anyText() []string {
	return []string{
		"", "a", "web", "web-1", "a.b", "a/b", "example.com/a", "A", "Web", "web_1", "-a", "a-", ".", "..", "%", "a%", "a b", "ä", "0", "80", "a..b",
		"/", "a/", "/a", "a/b/c", "kubernetes.io/a", "*", "{}", "null", "true", strings.Repeat("a", 57), strings.Repeat("a", 63),
		strings.Repeat("a", 64), strings.Repeat("a", 253), strings.Repeat("a", 254), strings.Repeat("a.", 40) + "b",
	}
}

// keysOf and valuesOf name the pools of a map's keys and values.
func keysOf(field string) string   { return field + " keys" }
func valuesOf(field string) string { return field + " values" }

func textsOf(field string) []string {
	switch field {
	case "name", "generateName":
		return []string{"web", "web-", "a.b", "system:reader", "x.static.k8s.io", ".static.k8s.io", "web.", "system-foo", "system-node-critical", "system-cluster-critical", "Web", "web_1", "9", strings.Repeat("a", 63), strings.Repeat("a", 100) + "-"}
	case "labels keys", "annotations keys", "matchLabels keys", "key":
		return []string{
			"app", "app.kubernetes.io/name", "kubernetes.io/metadata.name", "a/", "/a", "A.b/c", "a.B/c", "a b", "app/", strings.Repeat("k", 63), strings.Repeat("k", 64),
			"pod-security.kubernetes.io/enforce", "pod-security.kubernetes.io/warn", "pod-security.kubernetes.io/audit-version",
			"pod-security.kubernetes.io/enforce-version", "pod-security.kubernetes.io/enforced",
		}
	case "labels values", "matchLabels values", "values":
		return []string{"web", "", "prod", "a.b", "restricted", "baseline", "Restricted", "latest", "v1.37", "v1.037", "v2.1", "v1.99", "-", "a-", "A", strings.Repeat("v", 63), strings.Repeat("v", 64)}
	case "finalizers":
		return []string{"kubernetes", "orphan", "foregroundDeletion", "example.com/a", "cleanup", "a/", "a/b/c"}
	case "apiVersion":
		return []string{"v1", "apps/v1", "/v1", "a/b/c", "v1/", "a/V1", "A/v1", "1", "/", ""}
	case "kind":
		return []string{"Deployment", "ConfigMap", "Event", "Role", "ClusterRole", "ServiceAccount", "User", "Group", "role", "A-b", "1X", ""}
	case "uid":
		return []string{"", "1", "2"}
	case "operator":
		return []string{"In", "NotIn", "Exists", "DoesNotExist", "Gt", "in", ""}
	case "cidr", "except", "networks":
		return []string{
			"10.0.0.0/8", "10.1.0.0/16", "10.1.2.3/32", "10.1.2.3", "10.1.2.3/8", "0.0.0.0/0", "010.0.0.0/8", "10.0.0.0/08", "10.0.0.0/33", "fd00::/8", "fd00::1/64", "FD00:0::/16",
			"::/0", "::ffff:10.0.0.0/104", "::ffff:10.0.0.0/108", "fe80::1%eth0/64", "2001:db8::/129", "10.0.0/24", " 10.0.0.0/8", "192.0.2.0/24",
		}
	case "protocol":
		return []string{"TCP", "UDP", "SCTP", "tcp", "ICMP", ""}
	case "policyTypes":
		return []string{"Ingress", "Egress", "ingress", ""}
	case "destinationNamedPort", "port":
		return []string{"http", "https-alt", "80", "a--b", "-a", "sixteen-letters-", "fifteen-letters", "HTTP", "1-2", ""}
	case "tier":
		return []string{"Admin", "Baseline", "admin", ""}
	case "action":
		return []string{"Accept", "Deny", "Pass", "Allow", ""}
	case "domainNames":
		return []string{"example.com", "*.example.com", "a.*.com", "com", "example.com.", "EXAMPLE.com", "a_b.example", "-a.example", "*.com", "*", "a..b"}
	case "type":
		return []string{"Pod", "Container", "PersistentVolumeClaim", "pod", "example.com/thing", "Node", ""}
	case "scopes", "scopeName":
		return []string{"BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "PriorityClass", "CrossNamespacePodAffinity", "VolumeAttributesClass", "bestEffort", ""}
	case "preemptionPolicy":
		return []string{"PreemptLowerPriority", "Never", "never", ""}
	case "hard keys", "max keys", "min keys", "default keys", "defaultRequest keys", "maxLimitRequestRatio keys":
		return []string{
			"cpu", "memory", "ephemeral-storage", "pods", "services", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory", "requests.storage", "storage",
			"limits.storage", "limits.ephemeral-storage", "requests.ephemeral-storage", "persistentvolumeclaims", "configmaps", "secrets", "resourcequotas",
			"replicationcontrollers", "services.nodeports", "services.loadbalancers", "hugepages-2Mi", "requests.hugepages-2Mi", "limits.hugepages-2Mi", "hugepages-",
			"nvidia.com/gpu", "requests.nvidia.com/gpu", "limits.nvidia.com/gpu", "count/pods", "count/deployments.apps", "count/x", "kubernetes.io/a", "a.kubernetes.io/b",
			"gold.storageclass.storage.k8s.io/requests.storage", "request.cpu", "foo", "Pods", "requests.", "a/b/c", strings.Repeat("d", 60) + ".example/" + strings.Repeat("n", 63),
			strings.Repeat("d.", 126) + "d/" + "n",
		}
	default:
		return textsOfAccess(field)
	}
}

// textsOfAccess are those of roles, bindings and admission policies.
func textsOfAccess(field string) []string {
	switch field {
	case "apiGroup", "apiGroups":
		return []string{"rbac.authorization.k8s.io", "", "apps", "v1", "*"}
	case "namespace":
		return []string{"staging", "Prod", "a.b", "a/b", ""}
	case "verbs":
		return []string{"get", "create", "*", "Get", ""}
	case "nonResourceURLs":
		return []string{"/healthz", "/metrics/*", "*", "healthz", ""}
	case "resources":
		return []string{"pods", "pods/resize", "pods/*", "*", "*/*", "*/scale", "deployments/scale", "services", "pods/", "*/", "/", "a/b/c", ""}
	case "resourceNames":
		return []string{"web", "a/b", ".", "a%b", ""}
	case "operations":
		return []string{"CREATE", "UPDATE", "DELETE", "CONNECT", "*", "create", ""}
	case "apiVersions":
		return []string{"v1", "v1beta1", "*", ""}
	case "scope":
		return []string{"Namespaced", "Cluster", "*", "cluster", ""}
	case "matchPolicy":
		return []string{"Exact", "Equivalent", "exact", ""}
	case "failurePolicy":
		return []string{"Fail", "Ignore", "fail", ""}
	case "expression":
		return []string{"true", " true ", "'x'", "1 +", "object.x.y", "Object{}", "[JSONPatch{op: 'add', path: '/x', value: 1}]", " ", "\n", ""}
	case "messageExpression":
		return []string{"'x'", "1", "'a' +", " ", ""}
	case "valueExpression":
		return []string{"'x'", "1", "'a' +", " ", "", "'" + strings.Repeat("v", 5*1024-2) + "'", "'" + strings.Repeat("v", 5*1024) + "'", strings.Repeat(" ", 6000) + "'x'"}
	case "message":
		return []string{"no", "a\nb", "a\n", "\n", "a\rb", " x ", " ", ""}
	case "reason":
		return []string{"Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized", "forbidden", ""}
	case "patchType":
		return []string{"JSONPatch", "ApplyConfiguration", "jsonPatch", "JSONMerge", ""}
	case "reinvocationPolicy":
		return []string{"Never", "IfNeeded", "never", ""}
	case "validationActions":
		return []string{"Deny", "Warn", "Audit", "deny", ""}
	case "parameterNotFoundAction":
		return []string{"Deny", "Allow", "deny", ""}
	case "policyName":
		return []string{"guard", "a.b", "Guard", "x.static.k8s.io", "a/b", strings.Repeat("a", 253), ""}
	default:
		return nil
	}
}

// number returns a number near the bounds of ports, priorities and counts.
func (m mutator) number() int64 {
	pool := []int64{
		0, 1, -1, 2, 10, 53, 80, 443, 1000, 1001, 8080, 65535, 65536, 1_000_000_000, 1_000_000_001, 2_000_000_000, 2_000_001_000, 1<<31 - 1, -1 << 31,
	}
	return pool[m.IntN(len(pool))]
}

func (m mutator) amount() resource.Quantity {
	pool := []string{
		"0", "1", "2", "1.5", "100m", "1m", "1u", "1n", "-1", "-1m", "128Mi", "1Gi", "4Gi", "128m", "1e3", "1E", "8Ei", "9223372036854775807", "9223372036854775808",
		"1e30", "-1e30", "0.1", "1k", "1Ki", "1000000000000000000000000", "9.9999e18", "500m", "3",
	}
	return resource.MustParse(pool[m.IntN(len(pool))])
}
