// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"regexp"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A roleName is the ARN of an AWS role, in its parts (AWS documentation, "IAM
// identifiers" and "IAM and AWS STS quotas").
type roleName struct{ partition, accountID string }

const (
	partitionPattern = `(aws|aws-[a-z]+(?:-[a-z]+)*)`
	accountIDPattern = `([0-9]{12})`
)

func parseRoleARN(arn string, at *field.Path) (roleName, field.ErrorList) {
	parts := whole(`arn:` + partitionPattern + `:iam::` + accountIDPattern + `:role/(?:[\w+=,.@-]+/)*[\w+=,.@-]{1,64}`).FindStringSubmatch(arn)
	switch {
	case arn == "":
		return roleName{}, field.ErrorList{field.Required(at, "the role to assume")}
	case parts == nil:
		return roleName{}, field.ErrorList{field.Invalid(at, arn, "no role, such as arn:aws:iam::111122223333:role/backend")}
	default:
		return roleName{partition: parts[1], accountID: parts[2]}, nil
	}
}

// A clusterName is the ARN of an EKS cluster, in its parts (Amazon EKS API,
// CreateCluster).
type clusterName struct{ accountID, name string }

func parseClusterARN(arn string, at *field.Path) (clusterName, field.ErrorList) {
	pattern := whole(`arn:` + partitionPattern + `:eks:[a-z0-9-]+:` + accountIDPattern + `:cluster/([0-9A-Za-z][A-Za-z0-9_-]{0,99})`)
	parts := pattern.FindStringSubmatch(arn)
	switch {
	case arn == "":
		return clusterName{}, field.ErrorList{field.Required(at, "the cluster that the account is in")}
	case parts == nil:
		return clusterName{}, field.ErrorList{field.Invalid(at, arn, "no cluster, such as arn:aws:eks:eu-west-1:111122223333:cluster/shop")}
	default:
		return clusterName{accountID: parts[2], name: parts[3]}, nil
	}
}

// whole compiles a pattern that has to match all of a text.
func whole(pattern string) *regexp.Regexp { return regexp.MustCompile(`\A(?:` + pattern + `)\z`) }
