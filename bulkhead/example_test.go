// SPDX-License-Identifier: Apache-2.0

package bulkhead_test

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// A team gathers what walls off staging, checks it with a rule of its own, and
// sets aside one finding that somebody answers for.
func Example() {
	automount := bulkhead.Rule{
		ID:       "example/token-automount",
		Doc:      "A service account hands its token to every pod",
		Severity: bulkhead.Warning,
		Run: func(p *bulkhead.Pass) {
			for account := range bulkhead.Each[*corev1.ServiceAccount](p.Objects) {
				if on := account.AutomountServiceAccountToken; on == nil || *on {
					p.Reportf(account, field.NewPath("automountServiceAccountToken"), "set it to false",
						"every pod of the account gets a token for the API server")
				}
			}
		},
	}
	inStaging := func(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Namespace: "staging", Name: name} }

	staging, err := bulkhead.New("staging",
		&corev1.ServiceAccount{ObjectMeta: inStaging("operator")},
		&corev1.ServiceAccount{ObjectMeta: inStaging("web")},
		&networkingv1.NetworkPolicy{ObjectMeta: inStaging("default-deny")},
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "staging"}},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, obj := range staging.Objects {
		fmt.Println("apply", bulkhead.RefTo(obj))
	}

	findings := staging.Check(automount).Waive(bulkhead.Waiver{
		Rule:   automount.ID,
		Object: bulkhead.RefTo(&corev1.ServiceAccount{ObjectMeta: inStaging("operator")}),
		Reason: "the operator watches its own namespace; accepted by Ann",
	})
	for _, finding := range findings {
		fmt.Println(finding)
	}
	// Output:
	// apply Namespace/staging
	// apply NetworkPolicy/staging/default-deny
	// apply ServiceAccount/staging/operator
	// apply ServiceAccount/staging/web
	// warning: ServiceAccount/staging/web automountServiceAccountToken: every pod of the account gets a token for the API server; set it to false (example/token-automount)
}
