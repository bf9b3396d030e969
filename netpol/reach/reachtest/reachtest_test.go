// SPDX-License-Identifier: Apache-2.0

package reachtest_test

import (
	"fmt"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/reach"
	"github.com/watertight-go/watertight/netpol/reach/reachtest"
)

// A recorder is a test that goes on.
type recorder struct {
	helped   bool
	failures []string
}

func (r *recorder) Helper() { r.helped = true }

func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func pod(namespace, name string) bulkhead.Object {
	return &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}}
}

func TestNoFlow(t *testing.T) {
	pods := []bulkhead.Object{pod("staging", "web"), pod("prod", "db")}
	unread := func() bulkhead.Object {
		np := netpol.DefaultDeny("prod")
		np.Namespace, np.Name = "prod", "not valid"
		return np
	}()
	for name, tt := range map[string]struct {
		objs     []bulkhead.Object
		from, to []string
		want     []string // in the failures, in order; none where the test passes
	}{
		"production lets nobody in":   {append(pods, netpol.DefaultDeny("prod")), []string{"staging"}, []string{"prod"}, nil},
		"nothing is in the way":       {pods, []string{"staging"}, []string{"prod"}, []string{"staging/web to prod/db: all\n  Egress allowed: no policy restricts the egress of staging/web\n  Ingress allowed"}},
		"what is not known fails too": {append(pods, unread), []string{"staging"}, []string{"prod"}, []string{"staging/web to prod/db: all (unknown)"}},
		"a name that nobody has":      {pods, []string{"live"}, []string{"prod"}, []string{`there is no pod or workload in namespace "live"`}},
		"a name with a slip":          {pods, []string{"stagign"}, []string{"prod"}, []string{`there is no pod or workload in namespace "stagign", but there is in "staging"`}},
		"an empty name":               {pods, []string{"staging"}, []string{""}, []string{`there is no pod or workload in namespace ""`}},
		"a workload alone":            {pods, []string{"prod"}, []string{"prod"}, []string{`there is only one workload in namespace "prod"`}},
		"two workloads":               {append(pods, pod("prod", "web"), netpol.DefaultDeny("prod")), []string{"prod"}, []string{"prod"}, nil},
		"policies and no workload":    {append(pods, netpol.DefaultDeny("live")), []string{"staging"}, []string{"live"}, []string{`there is no pod or workload in namespace "live"`}},
		"a side without a name":       {pods, []string{"staging"}, nil, []string{"the second side names no namespace"}},
		"both sides at once":          {pods, nil, []string{"production"}, []string{"the first side names no namespace; there is no pod"}},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := reach.New(tt.objs, reach.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var r recorder
			reachtest.NoFlow(&r, c, tt.from, tt.to)
			if !r.helped {
				t.Error("the helper does not call Helper")
			}
			if len(r.failures) != len(tt.want) {
				t.Fatalf("failures %q, want %q", r.failures, tt.want)
			}
			for i, want := range tt.want {
				if !strings.Contains(r.failures[i], want) {
					t.Errorf("failure %q, want %q in it", r.failures[i], want)
				}
			}
		})
	}
}

// Many flows are counted, and do not fill the log.
func TestNoFlowBetweenCrowds(t *testing.T) {
	var crowd []bulkhead.Object
	for i := range 20 {
		crowd = append(crowd, pod("staging", fmt.Sprint("web-", i)), pod("prod", fmt.Sprint("web-", i)))
	}
	var r recorder
	reachtest.NoFlow(&r, bulkhead.Must(reach.New(crowd, reach.Options{})), []string{"staging"}, []string{"prod"})
	if len(r.failures) != 51 || r.failures[50] != "and 350 more flows from [staging] to [prod]" {
		t.Errorf("%d failures, the last is %q", len(r.failures), r.failures[len(r.failures)-1])
	}
}

func TestAllowedAndDenied(t *testing.T) {
	pods := []bulkhead.Object{pod("staging", "web"), pod("prod", "db")}
	for name, tt := range map[string]struct {
		objs            []bulkhead.Object
		from            string
		allowed, denied string // the failures
	}{
		"a connection that is open": {pods, "staging/web", "", `want denied: staging/web to prod/db: TCP 5432 allowed
  Egress allowed: no policy restricts the egress of staging/web
  Ingress allowed: no policy restricts the ingress of prod/db`},
		"one that is closed": {append(pods, netpol.DefaultDeny("prod")), "staging/web", `want allowed: staging/web to prod/db: TCP 5432 denied
  Egress allowed: no policy restricts the egress of staging/web
  Ingress denied: NetworkPolicy/prod/default-deny selects prod/db, and none of its rules allows TCP 5432 from staging/web to prod/db`, ""},
		"an end that is not there is neither": {
			pods, "staging/wbe",
			"want allowed: staging/wbe to prod/db: TCP 5432 unknown\n  unknown: staging/wbe is not in the input",
			"want denied: staging/wbe to prod/db: TCP 5432 unknown\n  unknown: staging/wbe is not in the input",
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := bulkhead.Must(reach.New(tt.objs, reach.Options{}))
			var allowed, denied recorder
			reachtest.Allowed(&allowed, c, reach.Pod(tt.from), reach.Pod("prod/db"), reach.TCP(5432))
			reachtest.Denied(&denied, c, reach.Pod(tt.from), reach.Pod("prod/db"), reach.TCP(5432))
			if got := strings.Join(allowed.failures, "|"); got != tt.allowed {
				t.Errorf("Allowed: %q, want %q", got, tt.allowed)
			}
			if got := strings.Join(denied.failures, "|"); got != tt.denied {
				t.Errorf("Denied: %q, want %q", got, tt.denied)
			}
		})
	}
}
