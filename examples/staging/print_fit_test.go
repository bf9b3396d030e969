// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/watertight-go/watertight/bulkhead"
)

// isA reports whether an object is of a type.
func isA[T bulkhead.Object](obj bulkhead.Object) bool {
	_, ok := obj.(T)
	return ok
}

// What was built is not only right: staging fits under its cap, also while it is rolled
// out, and production comes first. Each edit takes one of these away.
func TestTheShopFitsAndProductionComesFirst(t *testing.T) {
	tests := map[string]struct {
		edit func(*cluster)
		want []string
	}{
		"as it is built": {
			edit: func(*cluster) {},
			want: []string{
				"  prod                       FitsPeak\n", "  staging                    FitsPeak\n",
				"  it outranks staging                      Sealed\n", "  on a full node it takes staging's place  Sealed\n",
				"  whatever class staging asks for          Sealed\n", "  when a node runs short of memory         Undetermined\n",
				"    missing: the memory that a pod of Deployment/prod/orders uses\n",
			},
		},
		"a cap of as many pods as there are": {
			edit: func(c *cluster) {
				find[*corev1.ResourceQuota](c.staging, "cap").Spec.Hard[corev1.ResourcePods] = resource.MustParse("6")
			},
			want: []string{"  staging                    WedgesOnRollout\n", "    change: raise pods of ResourceQuota cap from 6 to 7, or set spec.strategy.rollingUpdate.maxUnavailable to 1\n"},
		},
		"a cap of fewer": {
			edit: func(c *cluster) {
				find[*corev1.ResourceQuota](c.staging, "cap").Spec.Hard[corev1.ResourcePods] = resource.MustParse("5")
			},
			want: []string{"  staging                    SteadyExceeds\n"},
		},
		"nothing gives the pods of staging their class": {
			edit: func(c *cluster) {
				c.staging = slices.DeleteFunc(c.staging, isA[*admissionregistrationv1.MutatingAdmissionPolicy])
			},
			want: []string{"  staging                    NeverFits\n"},
		},
		"neither a quota nor a policy keeps staging from classes": {
			edit: func(c *cluster) {
				c.staging = slices.DeleteFunc(c.staging, isA[*admissionregistrationv1.ValidatingAdmissionPolicy])
				find[*corev1.ResourceQuota](c.staging, "only-classes").Spec.ScopeSelector.MatchExpressions[0].Operator = corev1.ScopeSelectorOpIn
			},
			want: []string{"  whatever class staging asks for          Breached\n", "nothing refuses pods that name the class production-high-priority\n"},
		},
		"the class of production is below that of staging": {
			edit: func(c *cluster) {
				find[*schedulingv1.PriorityClass](c.production, "production-high-priority").Value = -20
				policy := find[*admissionregistrationv1.MutatingAdmissionPolicy](c.production, "prod.default-class")
				gift := policy.Spec.Mutations[0].ApplyConfiguration
				gift.Expression = strings.Replace(gift.Expression, "1000000", "-20", 1)
			},
			want: []string{"  it outranks staging                      Breached\n"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := newCluster()
			tt.edit(c)
			var out bytes.Buffer
			objs := slices.Concat(c.production, c.staging)
			if err := errors.Join(printFit(&out, objs), printRanks(&out, objs)); err != nil {
				t.Fatal(err)
			}
			for _, want := range tt.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("no %q in\n%s", want, out.String())
				}
			}
		})
	}
}
