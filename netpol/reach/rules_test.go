// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"flag"
	"slices"
	"strings"
	"testing"

	networkingv1 "k8s.io/api/networking/v1"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/ruletest"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/reach"
)

var _ = flag.Bool("update", false, "rewrite what the fixtures want")

func TestRules(t *testing.T) { ruletest.Run(t, "testdata", reach.Rules(reach.Options{})) }

func FuzzRules(f *testing.F) { ruletest.Fuzz(f, "testdata", reach.Rules(reach.Options{})) }

// Without a rule or an entry that is said to open nothing, every flow is as it was.
func TestWhatOpensNothingCanGo(t *testing.T) {
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		profile := rapid.SampledFrom([]reach.Profile{reach.Reference, reach.Generic}).Draw(t, "profile")
		objs := slices.Concat(drawPlaces(t), drawPolicies(t, true))
		objs = append(objs, netpol.DefaultDeny("shop"), netpol.DefaultDeny("lab"))
		before := newCluster(t, objs, profile)
		for _, f := range bulkhead.Check(objs, reach.Rules(reach.Options{Profile: profile})...) {
			np, ok := objectOf(objs, f.Object).(*networkingv1.NetworkPolicy)
			if f.Rule != reach.OpensNothing || !ok {
				continue
			}
			found++
			without := np.DeepCopy()
			without.Spec.PolicyTypes = typesOf(np)
			takeOut(&without.Spec, f.Field)
			after := newCluster(t, objs, profile)
			after.Update(without)
			if d := reach.Diff(before, after); !d.None() {
				t.Fatalf("%s\nwithout it: %+v", f, d)
			}
		}
	})
	if found == 0 && !testing.Short() { // which draws few clusters
		t.Error("nothing was found")
	}
}

func objectOf(objs []bulkhead.Object, ref bulkhead.Ref) bulkhead.Object {
	for _, obj := range objs {
		if bulkhead.RefTo(obj) == ref {
			return obj
		}
	}
	return nil
}

// takeOut removes the rule or the entry of a path, such as spec.egress[0].to[1].
func takeOut(spec *networkingv1.NetworkPolicySpec, path string) {
	rule, entry, ofEntry := strings.Cut(strings.TrimPrefix(path, "spec."), "].")
	switch at := index(rule); {
	case ofEntry && strings.HasPrefix(rule, "ingress"):
		r := &spec.Ingress[at]
		r.From = slices.Delete(r.From, index(entry), index(entry)+1)
	case ofEntry:
		r := &spec.Egress[at]
		r.To = slices.Delete(r.To, index(entry), index(entry)+1)
	case strings.HasPrefix(rule, "ingress"):
		spec.Ingress = slices.Delete(spec.Ingress, at, at+1)
	default:
		spec.Egress = slices.Delete(spec.Egress, at, at+1)
	}
}

// index is the number in the path of a rule, of which there are at most three.
func index(path string) int { return int(path[strings.Index(path, "[")+1] - '0') }

// What is told about a denial is the policy that has the peer and lacks the port, not
// the first by name.
func TestOpensNothingNamesTheNearMiss(t *testing.T) {
	const objects = `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: staging, labels: {app: web}}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: staging, labels: {app: db}}
spec: {containers: [{name: main, ports: [{name: sql, containerPort: 5432}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: a-deny, namespace: staging}
spec: {podSelector: {}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: b-others, namespace: staging}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{podSelector: {matchLabels: {app: backup}}}]}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: staging}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Egress]
  egress: [{to: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: 5433}]}]
---
`
	near := func(from string) string {
		return `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: c-near, namespace: staging}, ` +
			`spec: {podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: backup}}}]}, ` + from + "]}}"
	}
	for name, tt := range map[string]struct{ more, want string }{
		"another number":        {near(`{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}`), "; spec.ingress[1] of NetworkPolicy/staging/c-near allows TCP 5432 from staging/web to staging/db, and not TCP 5433"},
		"a name":                {near(`{from: [{podSelector: {}}], ports: [{port: sql}]}`), "; spec.ingress[1] of NetworkPolicy/staging/c-near allows TCP 5432 from staging/web to staging/db, and not TCP 5433"},
		"a name that is none":   {near(`{from: [{podSelector: {}}], ports: [{port: http}]}`), "; spec.ingress[1] of NetworkPolicy/staging/c-near allows no port from staging/web to staging/db"},
		"everybody":             {near(`{ports: [{port: 5432}]}`), "; spec.ingress[1] of NetworkPolicy/staging/c-near allows TCP 5432 from staging/web to staging/db, and not TCP 5433"},
		"none has the peer":     {near(`{from: [{podSelector: {matchLabels: {app: other}}}], ports: [{port: 5433}]}`), "; NetworkPolicy/staging/a-deny selects staging/db, and none of its rules allows TCP 5433 from staging/web to staging/db"},
		"there is nothing near": {"", "; NetworkPolicy/staging/a-deny selects staging/db, and none of its rules allows TCP 5433 from staging/web to staging/db"},
	} {
		t.Run(name, func(t *testing.T) {
			found := bulkhead.Check(read(t, objects+tt.more), reach.Rules(reach.Options{})...)
			i := slices.IndexFunc(found, func(f bulkhead.Finding) bool { return f.Object.Name == "web" })
			if i < 0 || !strings.HasSuffix(found[i].Message, tt.want) {
				t.Errorf("want %q of %v", tt.want, found)
			}
		})
	}
}
