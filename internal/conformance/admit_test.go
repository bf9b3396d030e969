// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	quotav1 "k8s.io/apiserver/pkg/quota/v1"
	"sigs.k8s.io/yaml"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/admit"
)

var admitted = flag.Int("pods", 100_000, "random pods that are admitted or refused in process")

// podsAWorld is how many pods are held against the same objects.
const podsAWorld = 100

// Whatever the quotas, LimitRanges and classes of a cluster, a pod is admitted or
// refused as the code of kube-apiserver does it: at the same stage, in the same words,
// with the same charges.
func TestAdmitAgreesWithTheCodeOfTheServer(t *testing.T) {
	seen := make(map[admit.Stage]int)
	open := 0
	for n := 0; n < *admitted; n += podsAWorld {
		l := lottery{rand.New(rand.NewPCG(*seed, uint64(n)))}
		objs, limited := l.world("shop")
		server := newPodServer(t, objs, limited)
		cluster := bulkhead.Must(admit.New(objs, admit.Options{Whole: true, Limited: limited}))
		for range podsAWorld {
			pod := carried(l.pod("shop")).(*corev1.Pod)
			theirs, err := server.create(pod)
			if err != nil {
				t.Fatal(err)
			}
			ours := cluster.Pod(pod)
			several := rangesIn(objs) > 1
			if ours.Verdict == admit.Undetermined && several {
				open++ // two LimitRanges disagree, and the server takes one by chance
				continue
			}
			seen[theirs.stage]++
			if diff := differ(ours, theirs, several); diff != "" {
				t.Errorf("world %d: %s\n%s", n, diff, inYAML(append(slices.Clone(objs), pod)))
				return
			}
		}
	}
	count(*admitted)
	t.Logf("pods by the stage that refused them (none: admitted): %v; left open between LimitRanges: %d", seen, open)
	for _, stage := range []admit.Stage{"", admit.Priority, admit.RuntimeClass, admit.Validation, admit.LimitRanger, admit.PodSecurity, admit.ResourceQuota} {
		if seen[stage] == 0 && !testing.Short() {
			t.Errorf("no pod came to stage %q", stage)
		}
	}
}

// differ says how our answer differs from a server's. Under several LimitRanges the
// amounts in its words are chance.
func differ(ours admit.Result, theirs apiAnswer, severalRanges bool) string {
	want := admit.Admitted
	if theirs.err != nil {
		want = admit.Refused
	}
	if ours.Verdict != want || ours.Stage != theirs.stage {
		return fmt.Sprintf("ours: %v %s %q %v, theirs: %v %s %v", ours.Verdict, ours.Stage, ours.Message, ours.Missing, want, theirs.stage, theirs.err)
	}
	switch {
	case ours.Stage == "":
		same := slices.EqualFunc(ours.Charges, theirs.charges, func(a, b admit.Charge) bool {
			return a.Quota == b.Quota && quotav1.Equals(a.Amount, b.Amount)
		})
		if !same {
			return fmt.Sprintf("charges: ours %v, theirs %v", ours.Charges, theirs.charges)
		}
	case severalRanges:
	case ours.Stage == admit.Validation:
		var fields []string
		for _, r := range ours.Reasons {
			fields = append(fields, r.Field)
		}
		if fields = sorted(fields); !slices.Equal(fields, theirs.fields()) {
			return fmt.Sprintf("fields: ours %q, theirs %q: %v", fields, theirs.fields(), theirs.err)
		}
	case ours.Stage == admit.LimitRanger:
		return differentLimits(ours, theirs.words())
	default:
		// Of several quotas a running server names one, in an order of its own.
		named := slices.ContainsFunc(ours.Reasons, func(r admit.Reason) bool { return r.Message == theirs.words() })
		if ours.Message != theirs.words() && (!named || ours.Stage != admit.ResourceQuota) {
			return fmt.Sprintf("message: ours %q, theirs %q", ours.Message, theirs.words())
		}
	}
	return ""
}

// differentLimits compares the words of one LimitRange, of which the server takes the
// first that refuses in an order of its own, and writes its words in any order.
func differentLimits(ours admit.Result, words string) string {
	byRange := make(map[bulkhead.Ref][]string)
	for _, r := range ours.Reasons {
		if !slices.Contains(byRange[r.By], r.Message) {
			byRange[r.By] = append(byRange[r.By], r.Message)
		}
	}
	for _, messages := range byRange {
		rest := words
		for _, m := range messages {
			rest = strings.Replace(rest, m, "", 1)
		}
		if strings.Trim(rest, "[], ") == "" {
			return ""
		}
	}
	return fmt.Sprintf("message: ours %q, theirs %q", byRange, words)
}

func rangesIn(objs []bulkhead.Object) int {
	return len(slices.Collect(bulkhead.Each[*corev1.LimitRange](objs)))
}

func inYAML(objs []bulkhead.Object) string {
	var out strings.Builder
	for _, obj := range objs {
		data, err := yaml.Marshal(obj)
		if err != nil {
			return err.Error()
		}
		fmt.Fprintf(&out, "--- # %T\n%s", obj, data)
	}
	return out.String()
}
