// SPDX-License-Identifier: Apache-2.0

package platform

import "github.com/watertight-go/watertight/netpol"

// Prometheus is a Prometheus server in the namespace it was installed to, with the
// label app.kubernetes.io/name=prometheus, which the Prometheus Operator and the
// charts of prometheus-community give it.
//
// Sources: prometheus-operator/prometheus-operator,
// pkg/prometheus/server/statefulset.go; prometheus-community/helm-charts,
// charts/prometheus/templates/_helpers.tpl.
func Prometheus(installed string) Sender {
	return podsOf("prometheus", installed, netpol.Pods{"app.kubernetes.io/name": "prometheus"})
}

// ManagedPrometheus is what collects metrics for the platform's own monitoring.
//
//   - [GKE], [GKEDataplaneV2], [GKEAutopilot]: the collectors of Google Cloud
//     Managed Service for Prometheus, in the namespace gmp-system, on Autopilot
//     gke-gmp-system.
//   - [AKS]: the collector replicas of Azure Monitor managed service for
//     Prometheus. Its collectors on the nodes, which scrape no workloads unless
//     they are told to, stay out.
//   - [OpenShift]: the namespaces of the monitoring stack, that for users' own
//     projects included, by the label network.openshift.io/policy-group=monitoring.
//
// [Kubernetes] and [EKS] run none in the cluster, and are an error: see
// [Prometheus], and [LoadBalancer] with the subnets of an Amazon managed collector.
//
// Sources: GoogleCloudPlatform/prometheus-engine, manifests/operator.yaml (labels,
// gmp-system; that Autopilot's namespace is gke-gmp-system was found in public
// runbooks and not in the vendor's pages); Azure/prometheus-collector,
// otelcollector/deploy/addon-chart/azure-monitor-metrics-addon/templates/ama-metrics-deployment.yaml;
// openshift/cluster-monitoring-operator,
// manifests/0000_50_cluster-monitoring-operator_01-namespace.yaml.
func ManagedPrometheus(p Platform) Sender {
	const name = "managed-prometheus"
	collectors := netpol.Pods{"app.kubernetes.io/name": "collector"}
	switch p {
	case GKE, GKEDataplaneV2:
		return podsOf(name, "gmp-system", collectors)
	case GKEAutopilot:
		return podsOf(name, "gke-gmp-system", collectors)
	case AKS:
		return podsOf(name, "kube-system", netpol.Pods{"rsName": "ama-metrics"})
	case OpenShift:
		return Sender{name: name, peers: []netpol.Peer{netpol.Namespaces{"network.openshift.io/policy-group": "monitoring"}}}
	case EKS, Kubernetes:
		return Sender{name: name, refused: lacks(p, "runs no collector of its own in the cluster; see platform.Prometheus")}
	default:
		return Sender{name: name, refused: unknown(p)}
	}
}
