// SPDX-License-Identifier: Apache-2.0

package guard_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/guard"
	"github.com/watertight-go/watertight/internal/ruletest"
)

// every returns a guard of staging with all restrictions.
func every() *guard.Guard {
	return bulkhead.Must(guard.Enforce("staging",
		guard.Classes("low"),
		guard.MemoryLimits(),
		guard.CPULimits(),
		guard.NoPodLevelBypass(),
		guard.NoHost(),
		guard.TokenAudiences("vault"),
		guard.ServiceTypes(corev1.ServiceTypeClusterIP),
		guard.CloudIdentities("staging-sa@my-project.iam.gserviceaccount.com"),
		guard.Keepers(
			rbacv1.Subject{Kind: rbacv1.GroupKind, Name: "system:masters"},
			rbacv1.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: "platform", Name: "operator"},
		),
	))
}

func TestRestrictions(t *testing.T) { ruletest.Run(t, "testdata/restrictions", every().Rules()) }
