// SPDX-License-Identifier: Apache-2.0

package main

import (
	"net/netip"
	"slices"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/guard"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/quota"
	"github.com/watertight-go/watertight/quota/schedule"
)

// A fault is a mistake that people make, and the rule that notices it.
type fault struct {
	name, about, rule string
	inject            func(*cluster)
}

func faults() []fault {
	return []fault{
		{
			"debug-policy", "somebody opened staging to find a bug, and forgot it", netpol.AllowAll,
			func(c *cluster) {
				c.staging = append(c.staging, bulkhead.Must(netpol.Allow("staging", "debug", netpol.AllPods,
					netpol.From(netpol.Anyone).AnyPort(), netpol.To(netpol.Anyone).AnyPort())))
			},
		},
		{
			"any-namespace", "production's orders admit pods of every namespace", netpol.EveryNamespace,
			func(c *cluster) {
				c.production = append(c.production, bulkhead.Must(netpol.Allow("prod", "reports", netpol.Pods{"app": "orders"},
					netpol.From(netpol.AllNamespaces).TCP(8080))))
			},
		},
		{
			"no-dns", "the policy that allows DNS is missing", netpol.DNSBlocked,
			func(c *cluster) {
				c.staging = slices.DeleteFunc(c.staging, func(o bulkhead.Object) bool { return o.GetName() == "allow-dns" })
			},
		},
		{
			"renamed-label", "a label was renamed in the policy and not in the Deployment", netpol.SubjectMatchesNothing,
			func(c *cluster) {
				find[*networkingv1.NetworkPolicy](c.staging, "allow-cloud-sql").Spec.PodSelector.MatchLabels["app"] = "order"
			},
		},
		{
			"service-port", "the policy allows the Service's port, not the one that the pods listen on", netpol.ServicePort,
			func(c *cluster) {
				port := intstr.FromInt32(80)
				find[*networkingv1.NetworkPolicy](c.staging, "storefront-orders-ingress").Spec.Ingress[0].Ports[0].Port = &port
			},
		},
		{
			"namespace-label", "a namespace is selected by a label that nothing sets", netpol.NamespaceNameLabel,
			func(c *cluster) {
				c.production = append(c.production, bulkhead.Must(netpol.Allow("prod", "probes", netpol.Pods{"app": "storefront"},
					netpol.From(netpol.Namespaces{"name": "kube-system"}).TCP(8080))))
			},
		},
		{
			"whole-internet", "payments may open connections to every address, not just the provider's", netpol.EveryAddress,
			func(c *cluster) {
				np := find[*networkingv1.NetworkPolicy](c.staging, "payment-provider")
				np.Spec.Egress[0].To[0].IPBlock.CIDR = netip.MustParsePrefix("0.0.0.0/0").String()
			},
		},
		{
			"host-network", "storefront runs on the host network, where policies do not reach", netpol.HostNetworkSubject,
			func(c *cluster) {
				find[*appsv1.Deployment](c.staging, "storefront").Spec.Template.Spec.HostNetwork = true
			},
		},
		{
			"production-identity", "orders of staging act as production's service account", identity.SharedIdentity,
			func(c *cluster) {
				find[*corev1.ServiceAccount](c.staging, "orders").Annotations[identity.GoogleAccountAnnotation] = "production-sa@my-project.iam.gserviceaccount.com"
			},
		},
		{
			"misspelt-identity", "the annotation that gives orders an identity has a slip, and nobody complains", identity.MisplacedIdentity,
			func(c *cluster) {
				account := find[*corev1.ServiceAccount](c.staging, "orders")
				account.Annotations = map[string]string{"iam.gke.io/gcp-service-acount": "staging-sa@my-project.iam.gserviceaccount.com"}
			},
		},
		{
			"foreign-subject", "a RoleBinding of production names an account of staging", identity.CrossNamespace,
			func(c *cluster) {
				role := bulkhead.Must(identity.Role("prod", "read-settings", identity.Access{Resources: []string{"configmaps"}, Verbs: []string{"get"}}))
				binding := bulkhead.Must(identity.RoleBinding("prod", "read-settings", role, identity.ForAccount(find[*corev1.ServiceAccount](c.production, "orders"))))
				binding.Subjects[0].Namespace = "staging"
				c.production = append(c.production, role, binding)
			},
		},
		{
			"no-budget", "staging's budget has no memory limit any more", quota.Uncapped,
			func(c *cluster) {
				delete(find[*corev1.ResourceQuota](c.staging, "cap").Spec.Hard, corev1.ResourceLimitsMemory)
			},
		},
		{
			"zero-limit", "a container may limit its memory to zero, which counts as nothing and means everything", quota.ZeroLimit,
			func(c *cluster) { find[*corev1.LimitRange](c.staging, "cap").Spec.Limits[0].Min = nil },
		},
		{
			"class-escape", "one class is refused by its name, and so every other gets in", quota.ClassEscape,
			func(c *cluster) {
				scope := &find[*corev1.ResourceQuota](c.staging, "only-classes").Spec.ScopeSelector.MatchExpressions[0]
				scope.Operator, scope.Values = corev1.ScopeSelectorOpIn, []string{"production-high-priority"}
			},
		},
		{
			"own-priority", "payments of staging name their class and, beside it, a priority that is not the class's", schedule.PriorityRefused,
			func(c *cluster) {
				spec := &find[*appsv1.Deployment](c.staging, "payments").Spec.Template.Spec
				spec.PriorityClassName, spec.Priority = "staging-low-priority", new(int32(1000))
			},
		},
		{
			"audit-only", "an admission policy records what it should refuse", guard.NotDenied,
			func(c *cluster) {
				binding := find[*admissionregistrationv1.ValidatingAdmissionPolicyBinding](c.staging, "staging.pods")
				binding.Spec.ValidationActions = []admissionregistrationv1.ValidationAction{admissionregistrationv1.Audit}
			},
		},
		{
			"no-resize", "an admission policy bounds memory when a pod is made, and not when it is resized", guard.SubresourceGap,
			func(c *cluster) {
				constraints := find[*admissionregistrationv1.ValidatingAdmissionPolicy](c.staging, "staging.pods").Spec.MatchConstraints
				constraints.ResourceRules = constraints.ResourceRules[:1]
			},
		},
		{
			"node-files", "storefront of staging mounts the files of its node", guard.HostAccess,
			func(c *cluster) {
				spec := &find[*appsv1.Deployment](c.staging, "storefront").Spec.Template.Spec
				spec.Volumes = []corev1.Volume{{Name: "node", VolumeSource: corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/"}}}}
			},
		},
		{
			"host-bits", "an address block has bits beyond its prefix length", netpol.Invalid,
			func(c *cluster) {
				find[*networkingv1.NetworkPolicy](c.production, "allow-cloud-sql").Spec.Egress[0].To[0].IPBlock.CIDR = "10.20.0.3/24"
			},
		},
	}
}

// find returns the object of a type and name; the faults name what newCluster
// builds.
func find[T bulkhead.Object](objs []bulkhead.Object, name string) T {
	for obj := range bulkhead.Each[T](objs) {
		if obj.GetName() == name {
			return obj
		}
	}
	panic("no object is called " + name)
}
