// SPDX-License-Identifier: Apache-2.0

package quota_test

import (
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota"
)

// BenchmarkRules runs every rule over 500 capped namespaces with 10,000 workloads.
func BenchmarkRules(b *testing.B) {
	var objs []bulkhead.Object
	for i := range 500 {
		namespace := fmt.Sprintf("ns-%d", i)
		share := bulkhead.Must(quota.Cap(namespace, budget()))
		objs = append(objs, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}})
		objs = append(objs, share.Objects()...)
		for j := range 20 {
			web := deployment(namespace, share.Class.Name)
			web.Name = fmt.Sprintf("web-%d", j)
			objs = append(objs, web)
		}
	}
	for _, rule := range quota.Rules() {
		b.Run(rule.ID, func(b *testing.B) {
			for b.Loop() {
				bulkhead.Check(objs, rule)
			}
		})
	}
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			bulkhead.Check(objs, quota.Rules()...)
		}
	})
}
