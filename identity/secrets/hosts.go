// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"net/netip"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/secrets/internal/credential"
)

// A hostSet is the hosts of [Names].
type hostSet struct {
	exact    map[string]bool
	suffixes []string
	prefixes []netip.Prefix
}

func hostsOf(list []string) hostSet {
	s := hostSet{exact: make(map[string]bool)}
	for _, host := range list {
		host = strings.ToLower(host)
		switch prefix, err := netip.ParsePrefix(host); {
		case err == nil:
			s.prefixes = append(s.prefixes, prefix)
		case strings.HasPrefix(host, "."):
			s.suffixes = append(s.suffixes, host)
		default:
			s.exact[strings.TrimSuffix(host, ".")] = true
		}
	}
	return s
}

func (s hostSet) has(host string) bool {
	if s.exact[host] {
		return true
	}
	if slices.ContainsFunc(s.suffixes, func(suffix string) bool { return strings.HasSuffix(host, suffix) }) {
		return true
	}
	if len(s.prefixes) == 0 || host == "" || !strings.ContainsRune("0123456789abcdef:", rune(host[0])) {
		return false
	}
	address, err := netip.ParseAddr(host)
	return err == nil && slices.ContainsFunc(s.prefixes, func(p netip.Prefix) bool { return p.Contains(address.Unmap()) })
}

// services are the Services of the set, by namespace and name, with the addresses that
// somebody has written for them.
type services map[[2]string]*service

type service struct {
	external  string // name that it stands for
	addresses []string
	selects   bool // pods of its own namespace
}

func servicesOf(objs []bulkhead.Object) services {
	out := make(services)
	for s := range bulkhead.Each[*corev1.Service](objs) {
		found := &service{selects: len(s.Spec.Selector) > 0}
		if s.Spec.Type == corev1.ServiceTypeExternalName {
			found.external = strings.ToLower(strings.TrimSuffix(s.Spec.ExternalName, "."))
		}
		out[[2]string{s.Namespace, s.Name}] = found
	}
	for slice := range bulkhead.Each[*discoveryv1.EndpointSlice](objs) {
		if s := out[[2]string{slice.Namespace, slice.Labels[discoveryv1.LabelServiceName]}]; s != nil {
			for _, e := range slice.Endpoints {
				s.addresses = append(s.addresses, e.Addresses...)
			}
		}
	}
	return out
}

// inCluster returns namespace and name of the Service that a host names from a
// namespace, as the search path of a pod has it: name, name.namespace,
// name.namespace.svc and that with the domain of the cluster (Kubernetes, "DNS for
// Services and Pods").
func (j *judge) inCluster(host, from string) (namespace, name string, ok bool) {
	labels := strings.Split(host, ".")
	if at := slices.Index(labels, "svc"); at >= 2 {
		return labels[at-1], labels[at-2], true
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return "", "", false
	}
	switch {
	case len(labels) == 1 && host != "":
		return from, host, true
	case len(labels) == 2 && j.namespaces[labels[1]]:
		return labels[1], labels[0], true
	default:
		return "", "", false
	}
}

// maxAliases is how many names are followed one to another.
const maxAliases = 8

// host tells whose a host is, seen from a namespace. Of one that nobody knows it says
// what would tell.
func (j *judge) host(host, from string, depth int) (whose, string) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	switch {
	case credential.Local(host):
		return own, "" // of the pod; where it goes on to is in the arguments of another container
	case j.barredHosts.has(host):
		return barred, ""
	case j.protectedHosts.has(host):
		return protected, "its host is in Protected.Hosts"
	case j.ownHosts.has(host):
		return own, ""
	}
	namespace, name, ok := j.inCluster(host, from)
	switch {
	case !ok:
		return unknown, "whose host it is: neither Protected.Hosts nor Own.Hosts has it"
	case j.away[namespace]:
		return protected, "its host is a Service of namespace " + namespace
	case !j.from[namespace]:
		return unknown, "whose Service it is: it is in a namespace of neither side, and not in Own.Hosts"
	}
	s := j.services[[2]string{namespace, name}]
	switch {
	case s == nil:
		return unknown, "the Service of namespace " + namespace + " that it is for"
	case s.external != "" && depth < maxAliases:
		return j.host(s.external, namespace, depth+1)
	case s.external != "":
		return unknown, "where a chain of Services ends"
	}
	for _, address := range s.addresses {
		if w, why := j.host(address, namespace, maxAliases); !s.selects && w != own {
			return w, why
		}
	}
	return own, ""
}
