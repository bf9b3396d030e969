// SPDX-License-Identifier: Apache-2.0

package condition_test

import (
	"fmt"
	"testing"

	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp/condition"
)

func BenchmarkHolds(b *testing.B) {
	const named = `resource.type == "sqladmin.googleapis.com/Instance" && resource.name == "projects/p/instances/prod"`
	conditions := condition.New(now())
	b.Run("kept", func(b *testing.B) {
		for b.Loop() {
			if conditions.Holds(named, instance("prod")).Answer != identity.Yes {
				b.Fatal("does not hold")
			}
		}
	})
	b.Run("any time from now on", func(b *testing.B) {
		about := instance("prod")
		for b.Loop() {
			if conditions.Holds(named+` && request.time < timestamp("2099-01-01T00:00:00Z")`, about).Answer != identity.Yes {
				b.Fatal("does not hold")
			}
		}
	})
	b.Run("new", func(b *testing.B) {
		i := 0
		for b.Loop() {
			i++
			if conditions.Holds(fmt.Sprintf("%s || resource.name == '%d'", named, i), instance("prod")).Answer != identity.Yes {
				b.Fatal("does not hold")
			}
		}
	})
}

func BenchmarkLint(b *testing.B) {
	policy := policyOf()
	for i := range 100 {
		policy.Bindings = append(policy.Bindings, binding("roles/cloudsql.client", fmt.Sprintf(`resource.name == "projects/p/instances/i%d"`, i), stagingSA))
	}
	conditions := condition.New(now())
	for b.Loop() {
		if found := conditions.Lint(policyRef(), policy); found != nil {
			b.Fatal(found)
		}
	}
}
