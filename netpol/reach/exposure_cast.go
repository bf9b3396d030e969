// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
)

// A cast is new pods with the labels that selectors of policies ask for. If any
// labels let a new pod through, those of one of them mostly do.
type cast struct{ home, fresh []player }

// A player is a new pod; in a new namespace of its own, if that is set.
type player struct {
	labels, namespaceLabels map[string]string
	pod                     *corev1.Pod
	namespace               *corev1.Namespace
}

// mostPlayers bounds how many sets of labels are tried, the smallest first. What
// only others would show stays Unknown.
const mostPlayers = 64

func (c cast) items() []item {
	var objs []bulkhead.Object
	for _, p := range slices.Concat(c.home, c.fresh) {
		objs = append(objs, p.pod)
		if p.namespace != nil {
			objs = append(objs, p.namespace)
		}
	}
	return itemsOf(objs)
}

// A wish is what a policy asks of a new pod: of its namespace and of its labels.
type wish struct{ namespace, pod selector }

// cast finds labels for pods in a namespace, and in a new one beside it. A pod has to
// be selected by a policy and to be a peer of another at the same time, so pairs of
// what they ask for are tried.
func (e *evaluator) cast(home int32) cast {
	var subjects, strangers, peers, homePeers []wish
	for _, p := range e.everyPolicy() {
		if p.kind != networkPolicy {
			subjects = append(subjects, wishesOf(p.subjectSelector())...)
			strangers = append(strangers, wishesOf(p.subjectSelector())...)
		} else if p.ref.Namespace == e.namespaces[home].name {
			subjects = append(subjects, wishesOf(p.subjectSelector())...)
		}
		for _, rules := range p.rules {
			for i := range rules {
				for _, peer := range peersOf(&rules[i]) {
					found := wishesOf(selectorOfPeer(peer))
					peers = append(peers, found...)
					if p.kind != networkPolicy || p.ref.Namespace == e.namespaces[home].name {
						homePeers = append(homePeers, found...)
					}
				}
			}
		}
	}
	n := &e.namespaces[home]
	here := func(w wish) bool { return w.namespace.namespace(n, e.nsIndex) == never }
	return cast{
		home:  e.players(n, slices.DeleteFunc(subjects, here), slices.DeleteFunc(peers, here)),
		fresh: e.players(nil, strangers, homePeers),
	}
}

// subjectSelector returns what a policy asks of the pods that it selects.
func (p *policy) subjectSelector() wish {
	if np, ok := p.obj.(*networkingv1.NetworkPolicy); ok {
		return wish{pod: selectorOf(&np.Spec.PodSelector)} // in its own namespace
	}
	spec, _ := specOf(p.obj, dataplane{})
	return selectorOfPeer(policyv1alpha2.ClusterNetworkPolicyEgressPeer{Namespaces: spec.namespaces, Pods: spec.pods})
}

func selectorOfPeer(peer policyv1alpha2.ClusterNetworkPolicyEgressPeer) wish {
	if peer.Pods != nil {
		return wish{selectorOf(&peer.Pods.NamespaceSelector), selectorOf(&peer.Pods.PodSelector)}
	}
	return wish{namespace: selectorOf(peer.Namespaces)}
}

// wishesOf returns a wish, and those for what just does not meet it: a rule may deny
// what it names, or all but that.
func wishesOf(w wish) []wish {
	out := []wish{w}
	for _, r := range w.pod {
		out = append(out, wish{w.namespace, selector{r.negated()}})
	}
	for _, r := range w.namespace {
		out = append(out, wish{selector{r.negated()}, nil})
	}
	return out
}

// players returns pods that meet pairs of wishes, in the given namespace or, without
// one, each in a new one.
func (e *evaluator) players(n *namespace, subjects, peers []wish) []player {
	found := make(map[string]player)
	subjects, peers = append(simplest(subjects, n), wish{}), append(simplest(peers, n), wish{})
	for _, s := range subjects {
		for _, p := range peers {
			both := wish{slices.Concat(s.namespace, p.namespace), slices.Concat(s.pod, p.pod)}
			if out, ok := both.player(n); ok {
				found[out.key()] = out
			}
		}
	}
	keys := slices.SortedFunc(maps.Keys(found), func(a, b string) int {
		return cmp.Or(cmp.Compare(found[a].size(), found[b].size()), cmp.Compare(a, b))
	})
	taken := maps.Clone(e.nsIndex)
	var out []player
	for i, key := range keys[:min(len(keys), mostPlayers)] {
		p, ok := found[key].made(i, n, taken)
		if !ok {
			continue
		}
		if p.namespace != nil {
			taken[p.namespace.Name] = -1
		}
		out = append(out, p)
	}
	return out
}

// made gives a player its objects, under names that nothing in a cluster has. It
// returns false if the namespace has to have a name that is taken.
func (p player) made(i int, n *namespace, taken map[string]int32) (player, bool) {
	name := fmt.Sprintf("(new %d)", i)
	p.pod = &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: p.labels}}
	if n != nil {
		p.pod.Namespace = n.name
		return p, true
	}
	if asked := p.namespaceLabels[corev1.LabelMetadataName]; asked != "" {
		if _, found := taken[asked]; found {
			return p, false
		}
		name = asked
	}
	p.namespace = &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: p.namespaceLabels}}
	p.pod.Namespace = name
	return p, true
}

// player returns the labels that a wish asks for, if there are any; in a namespace that
// is given, those of the pod alone.
func (w wish) player(n *namespace) (out player, ok bool) {
	if out.labels, ok = w.pod.example(); ok && n == nil {
		out.namespaceLabels, ok = w.namespace.example()
	}
	return out, ok
}

func (p player) key() string { return fmt.Sprint(p.labels, p.namespaceLabels) } // maps are printed in order

func (p player) size() int { return len(p.labels) + len(p.namespaceLabels) }

// mostWishes bounds how many wishes of a kind are paired.
const mostWishes = 128

// simplest returns the wishes that the fewest labels meet, each once: first one for each
// set of labels, and then others for the same sets.
func simplest(wishes []wish, n *namespace) []wish {
	type candidate struct {
		wish
		key   string
		size  int
		again int // how many before ask for the same labels
	}
	var all []candidate
	seen := make(map[[2]string]bool)
	times := make(map[string]int)
	for _, w := range wishes {
		text := [2]string{w.namespace.text(), w.pod.text()}
		if seen[text] {
			continue
		}
		seen[text] = true
		if p, ok := w.player(n); ok {
			key := p.key()
			all = append(all, candidate{w, key, p.size(), times[key]})
			times[key]++
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.again, b.again), cmp.Compare(a.size, b.size), cmp.Compare(a.key, b.key))
	})
	var out []wish
	for _, c := range all[:min(len(all), mostWishes)] {
		out = append(out, c.wish)
	}
	return out
}
