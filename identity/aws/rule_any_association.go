// SPDX-License-Identifier: Apache-2.0

package aws

import "github.com/watertight-go/watertight/identity"

// AnyAssociation is a statement that admits EKS Pod Identity for accounts of every
// namespace.
const AnyAssociation = "aws/any-association"

func (l *linter) anyAssociation(i int) {
	if l.single.couldAdmitPods(arn{}, unheard).Answer == identity.Yes {
		l.report(AnyAssociation, statementPath(i), "compare aws:RequestTag/kubernetes-namespace and aws:RequestTag/kubernetes-service-account with StringEquals",
			"whoever may associate the role gives it to any account of any namespace")
	}
}
