// SPDX-License-Identifier: Apache-2.0

package preset

import (
	"cmp"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota"
)

// ProductionOptions say in what one production environment differs from another.
type ProductionOptions struct {
	// Cluster is the cluster that it shares with staging.
	Cluster Cluster
	// Namespace is "prod" by default.
	Namespace string
	// Class is the name of the priority class, "production-high-priority" by default.
	// Environments may share one.
	Class string
	// Priority is the value of the class, 1,000,000 by default. One that does not
	// outrank pods without a class is refused.
	Priority int32
	// Workloads have a ServiceAccount each. Pods of none run as the account default,
	// which has no identity in the cloud.
	Workloads []Workload
}

// Production returns a namespace in which production runs beside staging.
//
// Its pods reach the resolvers and, those that have an identity, the metadata server.
// Nothing else is open, between them or from outside, until policies say so.
//
// They outrank all pods that have a smaller class or none: those that name no class
// get the class of production. There is no budget, which would hold back the wrong
// side.
//
// They are held to the Pod Security level baseline. Only the keepers of the cluster
// change any of this.
func Production(o ProductionOptions) (*Environment, error) {
	b := &builder{namespace: cmp.Or(o.Namespace, "prod"), cluster: o.Cluster}
	if !b.ready() {
		return b.environment(nil)
	}
	b.walls(quota.Baseline)
	b.workloads(o.Workloads)

	name, value := cmp.Or(o.Class, "production-high-priority"), cmp.Or(o.Priority, 1_000_000)
	class, err := quota.Priority(name, value)
	switch {
	case err != nil:
		b.errs = append(b.errs, err)
	case value <= 0:
		b.errs = append(b.errs, &bulkhead.InvalidError{Object: bulkhead.RefTo(class), Errs: field.ErrorList{
			field.Invalid(field.NewPath("value"), value, "does not outrank pods without a class, whose value is 0"),
		}})
	default:
		b.class(class)
	}
	return b.environment(b.guards(o.Workloads))
}
