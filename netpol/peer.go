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

// A Subject says which pods of a namespace are meant: [Pods] or [AllPods].
type Subject interface {
	subject(at *field.Path) (metav1.LabelSelector, field.ErrorList)
	// within returns the peer of these pods in the namespaces.
	within(namespaces NamespaceSet) Peer
}

// A Peer is the other end of a [Flow]: [Pods], [AllPods], [Namespaces],
// [AllNamespaces], the results of [Namespace], [Pods.In] and [CIDR], or [Anyone].
type Peer interface {
	// clone returns a peer that shares no map or slice with this one.
	clone() Peer
	// peer returns the peer's form in the API, also where something is wrong with
	// it. The zero form is that of Anyone, which the API writes as an empty list.
	peer(at *field.Path) (networkingv1.NetworkPolicyPeer, field.ErrorList)
}

// A NamespaceSet says which namespaces are meant: [Namespaces], the result of
// [Namespace], or [AllNamespaces]. As a peer it is all of their pods.
type NamespaceSet interface {
	Peer
	namespaceSet()
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

func (p Pods) clone() Peer { return maps.Clone(p) }

func (p Pods) peer(at *field.Path) (networkingv1.NetworkPolicyPeer, field.ErrorList) {
	selector, errs := p.subject(at.Child("podSelector"))
	return networkingv1.NetworkPolicyPeer{PodSelector: &selector}, errs
}

// In returns the peer of those pods p that run in the namespaces: both must match.
func (p Pods) In(namespaces NamespaceSet) Peer {
	if namespaces == nil {
		namespaces = Namespaces(nil) // refused as any without labels
	}
	return podsIn{p, namespaces}.clone()
}

func (p Pods) within(namespaces NamespaceSet) Peer { return p.In(namespaces) }

type podsIn struct {
	pods       Pods
	namespaces Peer
}

func (p podsIn) clone() Peer { return podsIn{maps.Clone(p.pods), p.namespaces.clone()} }

func (p podsIn) peer(at *field.Path) (networkingv1.NetworkPolicyPeer, field.ErrorList) {
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

func (allPods) within(namespaces NamespaceSet) Peer { return namespaces }

func (p allPods) clone() Peer { return p }

func (allPods) peer(*field.Path) (networkingv1.NetworkPolicyPeer, field.ErrorList) {
	return networkingv1.NetworkPolicyPeer{PodSelector: &metav1.LabelSelector{}}, nil
}

// Namespaces are all pods of the namespaces that carry all of these labels.
// Whoever may edit a namespace may give it a label, except the one that
// [Namespace] uses. No labels are an error; the word for every namespace is
// [AllNamespaces].
type Namespaces map[string]string

// Namespace is the namespace of this name, by the label kubernetes.io/metadata.name,
// which the API server sets and defends (Kubernetes documentation, "Namespaces",
// "Automatic labelling"). A name that no namespace can have is an error.
func Namespace(name string) Namespaces {
	return Namespaces{corev1.LabelMetadataName: name}
}

func (Namespaces) namespaceSet() {}

func (n Namespaces) clone() Peer { return maps.Clone(n) }

func (n Namespaces) peer(at *field.Path) (networkingv1.NetworkPolicyPeer, field.ErrorList) {
	at = at.Child("namespaceSelector")
	var errs field.ErrorList
	if len(n) == 0 {
		errs = append(errs, field.Required(at, "no labels; AllNamespaces means every namespace"))
	}
	if name, ok := n[corev1.LabelMetadataName]; ok {
		named := at.Child("matchLabels").Key(corev1.LabelMetadataName)
		if name == "" {
			errs = append(errs, field.Required(named, "no namespace name"))
		} else if why, impossible := impossibleName(name); impossible {
			errs = append(errs, field.Invalid(named, name, why))
		}
	}
	return networkingv1.NetworkPolicyPeer{
		NamespaceSelector: &metav1.LabelSelector{MatchLabels: maps.Clone(n)},
	}, errs
}

// AllNamespaces are all pods of the cluster, in every namespace, those of
// tomorrow included, but no address outside it.
const AllNamespaces allNamespaces = 1

type allNamespaces int

func (allNamespaces) namespaceSet() {}

func (n allNamespaces) clone() Peer { return n }

func (allNamespaces) peer(*field.Path) (networkingv1.NetworkPolicyPeer, field.ErrorList) {
	return networkingv1.NetworkPolicyPeer{NamespaceSelector: &metav1.LabelSelector{}}, nil
}

// CIDR is a block of addresses without the blocks in except, each of which must
// lie inside it and be smaller. It is for addresses outside the cluster:
// dataplanes differ in whether it matches the addresses of pods, and pod
// addresses do not last.
//
// A prefix with bits set beyond its length is an error, as it is to
// kube-apiserver since 1.36 (feature gate StrictIPCIDRValidation).
func CIDR(prefix netip.Prefix, except ...netip.Prefix) Peer {
	return cidr{prefix, except}.clone()
}

type cidr struct {
	prefix netip.Prefix
	except []netip.Prefix
}

func (c cidr) clone() Peer { return cidr{c.prefix, slices.Clone(c.except)} }

func (c cidr) peer(at *field.Path) (networkingv1.NetworkPolicyPeer, field.ErrorList) {
	at = at.Child("ipBlock")
	const none = "the prefix is the zero value or did not parse"
	block := &networkingv1.IPBlock{CIDR: c.prefix.String()}
	var errs field.ErrorList
	if !c.prefix.IsValid() {
		errs = append(errs, field.Required(at.Child("cidr"), none))
	}
	for i, except := range c.except {
		if !except.IsValid() {
			errs = append(errs, field.Required(at.Child("except").Index(i), none))
		}
		block.Except = append(block.Except, except.String())
	}
	return networkingv1.NetworkPolicyPeer{IPBlock: block}, errs
}

// Anyone is every address: all pods, all nodes and the whole outside. It stands
// alone, since any peer beside it would make no difference.
const Anyone anyone = 1

type anyone int

func (a anyone) clone() Peer { return a }

func (anyone) peer(*field.Path) (networkingv1.NetworkPolicyPeer, field.ErrorList) {
	return networkingv1.NetworkPolicyPeer{}, nil
}
