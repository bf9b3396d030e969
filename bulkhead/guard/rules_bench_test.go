// SPDX-License-Identifier: Apache-2.0

package guard_test

import (
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/guard"
)

// BenchmarkRules runs every rule over 500 guarded namespaces: 2,000 policies that
// validate, 500 that mutate, and their bindings.
func BenchmarkRules(b *testing.B) {
	var objs []bulkhead.Object
	for i := range 500 {
		name := fmt.Sprintf("ns-%d", i)
		class := &schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{Name: name}, Value: -5}
		g := bulkhead.Must(guard.Enforce(name,
			guard.Classes(name), guard.MemoryLimits(), guard.NoHost(), guard.ServiceTypes(corev1.ServiceTypeClusterIP), guard.CloudIdentities()))
		objs = append(objs, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}})
		objs = append(objs, g.Objects()...)
		objs = append(objs, bulkhead.Must(guard.DefaultClass(name, class)).Objects()...)
	}
	for _, rule := range guard.Rules() {
		b.Run(rule.ID, func(b *testing.B) {
			for b.Loop() {
				bulkhead.Check(objs, rule)
			}
		})
	}
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			bulkhead.Check(objs, guard.Rules()...)
		}
	})
}
