// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"strings"

	"github.com/watertight-go/watertight/identity"
)

const podService = "pods.eks.amazonaws.com"

// A podIdentity is a request of EKS for the pods of an account, with the tags that it
// sets (Amazon EKS documentation, "Grant Pods access to AWS resources based on tags").
// An association may switch the tags off, and not change them.
type podIdentity struct {
	cluster            arn // its parts are empty if it is not known
	namespace, account string
	untagged           bool
	does               string // the action
}

func (p podIdentity) action() string { return p.does }

func (podIdentity) isPrincipal(kind, name string) identity.Match {
	if name == "*" {
		return unknown("whether IAM counts " + podService + " among all principals")
	}
	return answer(kind == "Service" && strings.EqualFold(name, podService))
}

func (p podIdentity) value(key string) value {
	tag, isTag := strings.CutPrefix(key, "aws:requesttag/")
	tags := []string{"eks-cluster-arn", "eks-cluster-name", "kubernetes-namespace", "kubernetes-pod-name", "kubernetes-pod-uid", "kubernetes-service-account"}
	switch {
	case (isTag || key == "aws:tagkeys") && p.untagged:
		return value{presence: absent}
	case key == "aws:tagkeys":
		return value{present, tags}
	case !isTag && (strings.HasPrefix(key, "aws:") || strings.HasPrefix(key, "sts:")):
		return value{}
	}
	switch tag {
	case "kubernetes-namespace":
		return value{present, []string{p.namespace}}
	case "kubernetes-service-account":
		return value{present, []string{p.account}}
	case "eks-cluster-name":
		return p.ofCluster(strings.TrimPrefix(p.cluster.resource, "cluster/"))
	case "eks-cluster-arn":
		return p.ofCluster(p.cluster.text())
	case "kubernetes-pod-name", "kubernetes-pod-uid":
		return value{}
	default:
		return value{presence: absent}
	}
}

func (p podIdentity) ofCluster(text string) value {
	if p.cluster == (arn{}) {
		return value{}
	}
	return value{present, []string{text}}
}

// admitsPods answers whether a role admits EKS for one account: it has to let the role
// be assumed, and to let tags be set if there are any.
func (r Role) admitsPods(p podIdentity) admission {
	p.does = assumeRole
	match, statement := r.AssumeRolePolicyDocument.allows(p)
	if !p.untagged {
		p.does = tagSession
		tagged, _ := r.AssumeRolePolicyDocument.allows(p)
		match = all(match, tagged)
	}
	return admission{Match: match, statement: statement, ask: p, as: accountPrefix + p.namespace + ":" + p.account}
}

// couldAdmitPods answers whether a role would admit EKS for some account of a
// namespace, if there were an association for it. A cluster has associations with roles
// of its own account only (Amazon EKS API, CreatePodIdentityAssociation).
func (r Role) couldAdmitPods(cluster arn, namespace string) admission {
	if cluster != (arn{}) && cluster.account != parseARN(r.ARN).account {
		return admission{Match: no()}
	}
	complete, best := true, admission{Match: no()}
	for account := range samples("", accountName, r.AssumeRolePolicyDocument.patternsOn("aws:RequestTag/kubernetes-service-account"), &complete) {
		for _, untagged := range []bool{false, true} {
			found := r.admitsPods(podIdentity{cluster: cluster, namespace: namespace, account: account, untagged: untagged})
			if found.better(best) {
				best = found
			}
		}
	}
	return best.unless(complete, r)
}
