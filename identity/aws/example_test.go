// SPDX-License-Identifier: Apache-2.0

package aws_test

import (
	"fmt"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/aws"
)

const exported = `{"Role": {
  "Arn": "arn:aws:iam::111122223333:role/prod-backend",
  "AssumeRolePolicyDocument": {
    "Version": "2012-10-17",
    "Statement": [{
      "Effect": "Allow",
      "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF"},
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {
        "StringEquals": {"oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF:aud": "sts.amazonaws.com"},
        "StringLike": {"oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF:sub": "system:serviceaccount:*:backend"}
      }
    }]
  }
}}`

// The role of production was meant for its backend, and admits that of staging too.
func ExampleNoAssumption() {
	roles := bulkhead.Must(aws.ReadRoles("roles.json", strings.NewReader(exported)))
	proof, err := aws.NoAssumption(aws.Evidence{Roles: roles}, aws.Boundary{
		Cluster: aws.Cluster{Issuer: "https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF"},
		From:    []string{"staging"},
		Away:    []string{"arn:aws:iam::111122223333:role/prod-backend"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(proof)
	// Output:
	// Breached
	// aws/web-identity
	//   Role/111122223333/prod-backend AssumeRolePolicyDocument.Statement[0]: admits pods of staging with the tokens of their cluster, such as those of system:serviceaccount:staging:backend
	//   to close it: Role/111122223333/prod-backend AssumeRolePolicyDocument.Statement[0]: remove the statement, and admit who needs the role by namespace and account, compared with StringEquals
}

func ExampleLint() {
	for _, finding := range aws.Lint(bulkhead.Must(aws.ReadRoles("roles.json", strings.NewReader(exported)))) {
		fmt.Println(finding.Field)
		fmt.Println(finding.Message)
	}
	// Output:
	// AssumeRolePolicyDocument.Statement[0].Condition.StringLike[oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF:sub][0]
	// accounts of every namespace that fits * may assume the role, also of those that are yet to come
}
