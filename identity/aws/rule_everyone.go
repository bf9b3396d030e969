// SPDX-License-Identifier: Apache-2.0

package aws

import "github.com/watertight-go/watertight/identity"

// Everyone is a statement that admits everybody who has an account of AWS.
const Everyone = "aws/everyone"

func (l *linter) everyone(i int) {
	if l.single.admitsAnyone().Answer == identity.Yes {
		l.report(Everyone, statementPath(i), "name who needs the role", "everybody who has an account of AWS may assume the role")
	}
}
