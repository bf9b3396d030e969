// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// A Role is an IAM role, as far as it matters who may assume it (IAM API, Role).
type Role struct {
	ARN                      string
	AssumeRolePolicyDocument Policy
}

// A Policy is the trust policy of a role (IAM documentation, "Grammar of the IAM JSON
// policy language"). Where the language takes one value or several, there is a list.
type Policy struct {
	Version   string
	Statement []Statement
}

// A Statement lets principals do actions, or keeps them from it.
type Statement struct {
	Sid          string
	Effect       string     // Deny, or Allow, which anything else is taken for
	Principal    Principals // "*" alone is {"*": ["*"]}
	NotPrincipal Principals
	Action       []string
	NotAction    []string
	Condition    map[string]map[string][]string // operator, key, values
}

// Principals are by their type: AWS, Federated, Service or CanonicalUser.
type Principals map[string][]string

// An Association gives the pods of an account a role through EKS Pod Identity (Amazon
// EKS API, PodIdentityAssociation). With a target, the pods get the role TargetRoleARN,
// which EKS assumes as RoleARN.
type Association struct {
	identity.PodIdentityAssociation
	AssociationID      string
	DisableSessionTags bool
	TargetRoleARN      string
	ExternalID         string
}

const (
	iamGroup = "iam.amazonaws.com"
	eksGroup = "eks.amazonaws.com"

	trustField = "AssumeRolePolicyDocument"
)

// ref names a role: in the AWS account, by its name.
func (r Role) ref() bulkhead.Ref {
	name := parseARN(r.ARN)
	return bulkhead.Ref{Group: iamGroup, Kind: "Role", Namespace: name.account, Name: name.name()}
}

// ref names an association: in its cluster, by its ID, or by whose it is.
func (a Association) ref() bulkhead.Ref {
	name := a.AssociationID
	if name == "" {
		name = a.Namespace + "/" + a.ServiceAccount
	}
	return bulkhead.Ref{Group: eksGroup, Kind: "PodIdentityAssociation", Namespace: a.ClusterName, Name: name}
}

// gives returns the role that pods get.
func (a Association) gives() string {
	if a.TargetRoleARN != "" {
		return a.TargetRoleARN
	}
	return a.RoleARN
}

// An arn is a name in its parts (IAM documentation, "Amazon Resource Names").
type arn struct{ partition, service, region, account, resource string }

// parseARN reads a name. What is no ARN has no parts.
func parseARN(text string) arn {
	parts := strings.SplitN(text, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" {
		return arn{}
	}
	return arn{partition: parts[1], service: parts[2], region: parts[3], account: parts[4], resource: parts[5]}
}

func (a arn) text() string {
	return strings.Join([]string{"arn", a.partition, a.service, a.region, a.account, a.resource}, ":")
}

// name is what stands behind the last slash.
func (a arn) name() string { return a.resource[strings.LastIndexByte(a.resource, '/')+1:] }

func (a arn) isCluster() bool {
	return a.service == "eks" && a.region != "" && len(a.account) == 12 && a.name() != "" && a.resource == "cluster/"+a.name()
}

func (a arn) isRole() bool {
	return a.service == "iam" && len(a.account) == 12 && strings.HasPrefix(a.resource, "role/") && len(a.resource) > len("role/")
}
