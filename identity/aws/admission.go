// SPDX-License-Identifier: Apache-2.0

package aws

import "github.com/watertight-go/watertight/identity"

// An admission is how a role is reached, and who reaches it, or what is missing.
type admission struct {
	identity.Match
	statement int
	ask       request // for which it holds
	as        string  // an account for which it holds
}

// better prefers what is certain, and the earlier.
func (a admission) better(than admission) bool {
	return than.Answer == identity.No && a.Answer != identity.No || than.Answer == identity.Unknown && a.Answer == identity.Yes
}

// unless gives up a no for which not all texts were tried.
func (a admission) unless(complete bool, r Role) admission {
	if !complete && a.Answer == identity.No {
		a.Match = unknown("what the patterns in the trust policy of " + r.ARN + " admit, which are too many to try")
	}
	return a
}
