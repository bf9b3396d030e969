// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"time"

	"github.com/watertight-go/watertight/identity"
)

// Conditions decides conditions of bindings and of deny rules.
type Conditions interface {
	// Holds says whether an expression may hold for a request. Unknown names what is missing.
	Holds(expression string, about Request) identity.Match
}

// A Request is what is known of a request when a condition is evaluated.
type Request struct {
	ResourceName, ResourceType, ResourceService string    // as IAM gives them to conditions; empty is not known
	Time                                        time.Time // zero: any time from now on
}
