// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// OtherServiceType is a Service that [ServiceTypes] refuses.
const OtherServiceType = "guard/other-service-type"

// ServiceTypes refuses Services of other types than these, and external addresses of
// any Service: with those it takes traffic that is not its own. ClusterIP is the
// least that a namespace can do with; NodePort and LoadBalancer open it to the
// outside, and ExternalName gives another name to what may be production's.
//
// No type, and one that Kubernetes does not have, is an error of [Enforce].
func ServiceTypes(types ...corev1.ServiceType) Restriction {
	at := field.NewPath("types")
	r := Restriction{id: OtherServiceType, about: services}
	if len(types) == 0 {
		r.errs = append(r.errs, field.Required(at, "no Service could be created; ClusterIP is the least"))
	}
	var names []string
	for i, t := range types {
		names = append(names, string(t))
		if !slices.Contains(serviceTypes(), t) {
			r.errs = append(r.errs, field.NotSupported(at.Index(i), t, serviceTypes()))
		}
	}
	r.statements = []statement{
		{
			demand: has{
				path: fields("spec", "type"), test: oneOf(names),
				absent: slices.Contains(types, corev1.ServiceTypeClusterIP), // the server's default
			},
			problem: "the type must be one of " + strings.Join(names, ", "),
			fix:     "set spec.type",
		},
		{
			demand:  has{path: fields("spec", "externalIPs"), test: empty(), absent: true},
			problem: "takes the traffic to addresses that are not its own",
			fix:     "remove spec.externalIPs",
		},
	}
	return r
}

func serviceTypes() []corev1.ServiceType {
	return []corev1.ServiceType{
		corev1.ServiceTypeClusterIP, corev1.ServiceTypeNodePort,
		corev1.ServiceTypeLoadBalancer, corev1.ServiceTypeExternalName,
	}
}
