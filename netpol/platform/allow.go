// SPDX-License-Identifier: Apache-2.0

package platform

import (
	"errors"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
)

// standIn takes the place of peers that were refused, so that [allow] judges the
// other arguments too. No policy that holds it is ever returned.
const standIn = netpol.AllPods

// allow is netpol.Allow for a builder that has already refused some of its own
// arguments: the error is of everything that is wrong.
func allow(namespace, name string, subject netpol.Subject, refused field.ErrorList, flows ...netpol.Flow) (*networkingv1.NetworkPolicy, error) {
	np, err := netpol.Allow(namespace, name, subject, flows...)
	if len(refused) == 0 {
		return np, err
	}
	out := &bulkhead.InvalidError{
		Object: bulkhead.Ref{Group: networkingv1.GroupName, Kind: "NetworkPolicy", Namespace: namespace, Name: name},
		Errs:   refused,
	}
	if also := (*bulkhead.InvalidError)(nil); errors.As(err, &also) {
		out.Errs = append(out.Errs, also.Errs...)
	}
	return nil, out
}
