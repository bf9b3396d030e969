// SPDX-License-Identifier: Apache-2.0

package platform

import "github.com/watertight-go/watertight/netpol"

// IngressNGINX is the controller of ingress-nginx, in the namespace it was
// installed to, by its own manifests ingress-nginx.
//
// Source of the labels: kubernetes/ingress-nginx, deploy/static/provider/cloud/deploy.yaml.
func IngressNGINX(installed string) Sender {
	return podsOf("ingress-nginx", installed, netpol.Pods{
		"app.kubernetes.io/name":      "ingress-nginx",
		"app.kubernetes.io/component": "controller",
	})
}

// Traefik is Traefik as its Helm chart installs it, in the namespace it was
// installed to; k3s brings it in kube-system.
//
// Source of the label: traefik/traefik-helm-chart, traefik/templates/_helpers.tpl,
// traefik.labelselector.
func Traefik(installed string) Sender {
	return podsOf("traefik", installed, netpol.Pods{"app.kubernetes.io/name": "traefik"})
}

// IstioGateway is Istio's ingress gateway with the label istio=ingressgateway, in
// the namespace it was installed to. The Helm chart derives the label from the name
// of the release, so that of another name than istio-ingressgateway has another
// label, and a gateway that the Gateway API deployed has none; both are a matter
// for [netpol.Allow].
//
// Source of the label: istio/istio, gateway chart, templates/_helpers.tpl,
// gateway.selectorLabels.
func IstioGateway(installed string) Sender {
	return podsOf("istio-gateway", installed, netpol.Pods{"istio": "ingressgateway"})
}

// OpenShiftRouter is the ingress controllers of OpenShift 4, on the pod network
// and on the host's, which the namespaces with the label
// policy-group.network.openshift.io/ingress stand for. Where the router is on the
// host network, the label stands for the nodes, and so admits every other process
// on their network too.
//
// Source: OpenShift Container Platform, "Network policy", policy
// allow-from-openshift-ingress.
func OpenShiftRouter() Sender {
	return Sender{
		name:  "openshift-router",
		peers: []netpol.Peer{netpol.Namespaces{"policy-group.network.openshift.io/ingress": ""}},
	}
}

// podsOf is a sender that runs as pods in a namespace that somebody chose.
func podsOf(name, namespace string, pods netpol.Pods) Sender {
	return Sender{name: name, peers: []netpol.Peer{pods.In(netpol.Namespace(namespace))}}
}
