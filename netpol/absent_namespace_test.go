// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/bulkheadtest"
	"github.com/watertight-go/watertight/netpol"
)

func namespaceNamed(name string) *corev1.Namespace {
	return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}
}

// Whatever the word and wherever the slip in it, the name is reported.
func TestSlipsInNamespaceNamesAreReported(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-z]{7,12}`).Draw(t, "word")
		before := rapid.SampledFrom([]string{"", "a-", "eu-1-"}).Draw(t, "before")
		after := rapid.SampledFrom([]string{"", "-b", "-2"}).Draw(t, "after")
		at := rapid.IntRange(0, len(word)-2).Draw(t, "at")
		letter := rapid.StringMatching(`[a-z]`).Draw(t, "letter")
		slip := rapid.SampledFrom([]string{
			word[:at] + word[at+1:],
			word[:at] + letter + word[at:],
			word[:at] + letter + word[at+1:],
			word[:at] + word[at+1:at+2] + word[at:at+1] + word[at+2:],
		}).Draw(t, "slip")
		policy := netpol.Blind(before+slip+after, "prod")
		objs := []bulkhead.Object{namespaceNamed(before + word + after), namespaceNamed("prod"), policy}
		want := []string{netpol.AbsentNamespace + " spec.subject.namespaces"}
		if slip == word {
			want = nil
		}
		bulkheadtest.WantFindings(t, bulkhead.Check(objs, netpol.Rules()...), want...)
	})
}

func TestWorkOnManyNames(t *testing.T) {
	holdGrowth(t, 20_000, []bulkhead.Rule{ruleOf(netpol.AbsentNamespace)}, func(names int) []bulkhead.Object {
		var objs []bulkhead.Object
		for i := range names {
			policy := netpol.Blind(fmt.Sprintf("x%d-staging", i), "prod")
			objs = append(objs, namespaceNamed(fmt.Sprintf("n%d-staging", i)), policy)
		}
		return objs
	})
}
