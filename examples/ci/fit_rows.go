// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/quota/admit"
)

// A fitted is the output of fit.
type fitted struct {
	Namespaces []fittedNamespace `json:"namespaces"`
	Problems   []located         `json:"problems"` // places that are wrong, whatever their namespace
}

// A fittedNamespace is how a namespace fits. Used, Surge, Peak and Hard are those of
// quotas without scopes, which count everything in the namespace: of each resource the
// least that one of them caps. A quota with scopes says nothing of the whole
// namespace, and is among Quotas only.
type fittedNamespace struct {
	Namespace string              `json:"namespace"`
	Verdict   admit.Rung          `json:"verdict"`
	Used      corev1.ResourceList `json:"used"` // by all replicas, between rollouts
	Surge     corev1.ResourceList `json:"surge"`
	Peak      corev1.ResourceList `json:"peak"`
	Hard      corev1.ResourceList `json:"hard"`
	Pods      []fittedPod         `json:"pods"`
	Claims    []fittedPod         `json:"claims"` // that workloads make
	Deciding  []decision          `json:"deciding"`
	Quotas    []fittedQuota       `json:"quotas"`
	Missing   []place             `json:"missing"`
	Assumed   []string            `json:"assumed"`
}

// A place is one in the input, and what there is to say of it.
type place struct {
	Object  string `json:"object"`
	Field   string `json:"field"`
	File    string `json:"file"` // empty where the input does not have the object
	Line    int    `json:"line"`
	Message string `json:"message"`

	ref bulkhead.Ref
}

// A fittedPod is one of the pods of a workload, or of its claims, and how many there
// are. Its message is what the server refuses it with.
type fittedPod struct {
	place
	Verdict admit.Verdict       `json:"verdict"`
	Charged corev1.ResourceList `json:"charged"`
	Steady  int64               `json:"steady"`
	Surge   int64               `json:"surge"`
	Peak    *int64              `json:"peak"` // null where there is no bound
}

type fittedQuota struct {
	Quota     string              `json:"quota"`
	File      string              `json:"file"`
	Line      int                 `json:"line"`
	Scoped    bool                `json:"scoped"`
	Hard      corev1.ResourceList `json:"hard"`
	Used      corev1.ResourceList `json:"used"`
	Surge     corev1.ResourceList `json:"surge"`
	Peak      corev1.ResourceList `json:"peak"`
	Unbounded []string            `json:"unbounded"` // workloads whose peak has no bound
}

// A decision is a number that keeps a namespace from the next rung.
type decision struct {
	place
	Quota    string              `json:"quota"`
	Resource corev1.ResourceName `json:"resource"`
	Need     *resource.Quantity  `json:"need,omitempty"`
	Hard     *resource.Quantity  `json:"hard,omitempty"`
	Cap      *place              `json:"cap,omitempty"` // where the quota says it
	Change   string              `json:"change"`
}

func fitRows(report admit.Report, set *manifest.Set) []fittedNamespace {
	out := make([]fittedNamespace, 0, len(report.Namespaces))
	for _, ns := range report.Namespaces {
		row := fittedNamespace{
			Namespace: ns.Namespace, Verdict: ns.Verdict, Pods: []fittedPod{}, Claims: []fittedPod{}, Deciding: []decision{},
			Quotas: []fittedQuota{}, Missing: []place{}, Assumed: append([]string{}, ns.Assumed...),
			Used: make(corev1.ResourceList), Surge: make(corev1.ResourceList), Peak: make(corev1.ResourceList), Hard: make(corev1.ResourceList),
		}
		for _, l := range ns.Loads {
			if one := podRow(set, l); l.Pod {
				row.Pods = append(row.Pods, one)
			} else {
				row.Claims = append(row.Claims, one)
			}
		}
		for _, d := range ns.Deciding {
			row.Deciding = append(row.Deciding, decisionRow(set, ns.Namespace, d))
		}
		for _, m := range ns.Missing {
			row.Missing = append(row.Missing, placeOf(set, m.Object, m.Field, m.Message))
		}
		for _, u := range ns.Quotas {
			row.Quotas = append(row.Quotas, quotaRow(set, ns.Namespace, u))
			if !u.Scoped {
				row.cap(u)
			}
		}
		out = append(out, row)
	}
	return out
}

// cap takes what a quota caps, unless another caps less of it.
func (n *fittedNamespace) cap(u admit.Use) {
	for name, hard := range u.Hard {
		if before, ok := n.Hard[name]; !ok || hard.Cmp(before) < 0 {
			n.Hard[name], n.Used[name], n.Surge[name], n.Peak[name] = hard, u.Steady[name], u.Surge[name], u.Peak[name]
		}
	}
}

// assume adds what is taken for granted about a namespace.
func (f *fitted) assume(namespace, what string) {
	i := slices.IndexFunc(f.Namespaces, func(n fittedNamespace) bool { return n.Namespace == namespace })
	if i >= 0 {
		f.Namespaces[i].Assumed = append(f.Namespaces[i].Assumed, what)
	}
}

func placeOf(set *manifest.Set, object bulkhead.Ref, field, message string) place {
	at := position(set, object, field)
	return place{object.String(), field, at.File, at.Line, message, object}
}

func podRow(set *manifest.Set, l admit.Load) fittedPod {
	row := fittedPod{
		place:   placeOf(set, l.Object, l.Field, l.Result.Message),
		Verdict: l.Result.Verdict, Charged: l.Result.Charged(), Steady: l.Steady, Surge: l.Surge,
	}
	if !l.Unbounded {
		row.Peak = &l.Peak
	}
	return row
}

func quotaRow(set *manifest.Set, namespace string, u admit.Use) fittedQuota {
	at := position(set, quotaRef(namespace, u.Quota), "")
	row := fittedQuota{u.Quota, at.File, at.Line, u.Scoped, u.Hard, u.Steady, u.Surge, u.Peak, []string{}}
	for _, ref := range u.Unbounded {
		row.Unbounded = append(row.Unbounded, ref.String())
	}
	return row
}

func quotaRef(namespace, name string) bulkhead.Ref {
	return bulkhead.Ref{Kind: "ResourceQuota", Namespace: namespace, Name: name}
}

// decisionRow gives a decision its places: that of the workload and that of the
// number. Where no workload is to blame both are the number's.
func decisionRow(set *manifest.Set, namespace string, d admit.Decision) decision {
	row := decision{Quota: d.Quota, Resource: d.Resource, Change: d.Change}
	if d.Resource != "" {
		row.Need, row.Hard = &d.Need, &d.Hard
		at := placeOf(set, quotaRef(namespace, d.Quota), field.NewPath("spec", "hard").Key(string(d.Resource)).String(), d.Hard.String())
		row.Cap = &at
		if d.Object == (bulkhead.Ref{}) {
			d.Object, d.Field = at.ref, at.Field
		}
	}
	row.place = placeOf(set, d.Object, d.Field, d.Message)
	return row
}

// problemRows returns what is wrong in the input: errors in its text, and warnings of
// what the server refuses or quotas do not count. Where one of those leaves open how a
// namespace fits, its verdict says so.
func problemRows(report admit.Report, set *manifest.Set) []located {
	out := locate(set.Findings(), set, nil)
	for _, p := range report.Problems {
		out = append(out, placeOf(set, p.Object, p.Field, p.Message).row("fit/problem", bulkhead.Warning, ""))
	}
	return out
}

// row makes a finding of a place.
func (p place) row(rule string, severity bulkhead.Severity, fix string) located {
	f := bulkhead.Finding{Rule: rule, Severity: severity, Object: p.ref, Field: p.Field, Message: p.Message, Fix: fix}
	return newRow(f, manifest.Position{File: p.File, Line: p.Line})
}
