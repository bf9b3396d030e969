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
type recorder struct{ failures []string }

func (*recorder) Helper() {}

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
		"a name that nobody has":      {pods, []string{"stagign"}, []string{"prod"}, []string{`there is no pod or workload in namespace "stagign"`}},
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
