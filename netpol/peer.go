// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"maps"
	"net/netip"
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A Subject says which pods of a policy's namespace the policy governs:
// [Pods] or [AllPods].
type Subject interface {
	subject(at *field.Path) (metav1.LabelSelector, field.ErrorList)
}

// A Peer is the other end of a [Flow]: [Pods], [AllPods], [Namespaces],
// [AllNamespaces], the results of [Namespace], [Pods.In] and [CIDR], or [Anyone].
type Peer interface {
	// peer returns the peer's form in the API. Nil without an error is Anyone,
	// which the API writes as an empty list.
	peer(at *field.Path) (*networkingv1.NetworkPolicyPeer, field.ErrorList)
}

// Pods are the pods that carry all of these labels: as a subject and as a peer,
// those of the policy's own namespace; for other namespaces there is [Pods.In].
//
// No labels are an error. In the API an empty selector means every pod, which is
// what a map read from an unfilled configuration file would come to; the word for
// every pod is [AllPods].
type Pods map[string]string

func (p Pods) subject(at *field.Path) (metav1.LabelSelector, field.ErrorList) {
	if len(p) == 0 {
		return metav1.LabelSelector{}, field.ErrorList{field.Required(at, "no labels; AllPods means every pod of the namespace")}
	}
	return metav1.LabelSelector{MatchLabels: maps.Clone(p)}, nil
}

func (p Pods) peer(at *field.Path) (*networkingv1.NetworkPolicyPeer, field.ErrorList) {
	selector, errs := p.subject(at.Child("podSelector"))
	return &networkingv1.NetworkPolicyPeer{PodSelector: &selector}, errs
}

// In returns the peer of those pods p that run in the namespaces: both must match.
func (p Pods) In(namespaces Namespaces) Peer {
	return podsIn{maps.Clone(p), maps.Clone(namespaces)}
}

type podsIn struct {
	pods       Pods
	namespaces Namespaces
}

func (p podsIn) peer(at *field.Path) (*networkingv1.NetworkPolicyPeer, field.ErrorList) {
	out, errs := p.namespaces.peer(at)
	pods, podErrs := p.pods.subject(at.Child("podSelector"))
	out.PodSelector = &pods
	return out, append(errs, podErrs...)
}

// AllPods are all pods of the policy's own namespace, those of tomorrow included.
const AllPods allPods = 1

type allPods int

func (allPods) subject(*field.Path) (metav1.LabelSelector, field.ErrorList) {
	return metav1.LabelSelector{}, nil
}

func (allPods) peer(*field.Path) (*networkingv1.NetworkPolicyPeer, field.ErrorList) {
	return &networkingv1.NetworkPolicyPeer{PodSelector: &metav1.LabelSelector{}}, nil
}

// Namespaces are all pods of the namespaces that carry all of these labels.
// Whoever may edit a namespace may give it a label, except the one that
// [Namespace] uses. No labels are an error; the word for every namespace is
// [AllNamespaces].
type Namespaces map[string]string

// Namespace is the namespace of this name, by the label kubernetes.io/metadata.name,
// which the API server sets and defends (Kubernetes documentation, "Namespaces",
// "Automatic labelling").
func Namespace(name string) Namespaces {
	return Namespaces{corev1.LabelMetadataName: name}
}

func (n Namespaces) peer(at *field.Path) (*networkingv1.NetworkPolicyPeer, field.ErrorList) {
	at = at.Child("namespaceSelector")
	var errs field.ErrorList
	if len(n) == 0 {
		errs = append(errs, field.Required(at, "no labels; AllNamespaces means every namespace"))
	}
	if name, ok := n[corev1.LabelMetadataName]; ok && name == "" {
		errs = append(errs, field.Required(at.Child("matchLabels").Key(corev1.LabelMetadataName), "no namespace name"))
	}
	return &networkingv1.NetworkPolicyPeer{
		NamespaceSelector: &metav1.LabelSelector{MatchLabels: maps.Clone(n)},
	}, errs
}

// AllNamespaces are all pods of the cluster, in every namespace, those of
// tomorrow included, but no address outside it.
const AllNamespaces allNamespaces = 1

type allNamespaces int

func (allNamespaces) peer(*field.Path) (*networkingv1.NetworkPolicyPeer, field.ErrorList) {
	return &networkingv1.NetworkPolicyPeer{NamespaceSelector: &metav1.LabelSelector{}}, nil
}

// CIDR is a block of addresses without the blocks in except, each of which must
// lie inside it and be smaller. It is for addresses outside the cluster:
// dataplanes differ in whether it matches the addresses of pods, and pod
// addresses do not last.
//
// A prefix with bits set beyond its length is an error, as it is to
// kube-apiserver since 1.36 (feature gate StrictIPCIDRValidation).
func CIDR(prefix netip.Prefix, except ...netip.Prefix) Peer {
	return cidr{prefix, slices.Clone(except)}
}

type cidr struct {
	prefix netip.Prefix
	except []netip.Prefix
}

func (c cidr) peer(at *field.Path) (*networkingv1.NetworkPolicyPeer, field.ErrorList) {
	at = at.Child("ipBlock")
	if !c.prefix.IsValid() {
		return nil, field.ErrorList{field.Required(at.Child("cidr"), "the prefix is the zero value or did not parse")}
	}
	block := &networkingv1.IPBlock{CIDR: c.prefix.String()}
	var errs field.ErrorList
	for i, except := range c.except {
		if !except.IsValid() {
			errs = append(errs, field.Required(at.Child("except").Index(i), "the prefix is the zero value or did not parse"))
			continue
		}
		block.Except = append(block.Except, except.String())
	}
	// With an entry missing, the indexes of what the API server would say are off.
	if len(errs) > 0 {
		return nil, errs
	}
	return &networkingv1.NetworkPolicyPeer{IPBlock: block}, nil
}

// Anyone is every address: all pods, all nodes and the whole outside. It stands
// alone, since any peer beside it would make no difference.
const Anyone anyone = 1

type anyone int

func (anyone) peer(*field.Path) (*networkingv1.NetworkPolicyPeer, field.ErrorList) {
	return nil, nil
}
