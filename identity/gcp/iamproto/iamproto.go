// SPDX-License-Identifier: Apache-2.0

// Package iamproto carries policies of Google Cloud IAM between package gcp and the
// types of cloud.google.com/go/iam, and merges grants into the latter.
//
// A program that has a client of Google Cloud reads a policy with it, asking for
// version 3, calls [Merge], and writes what it returns:
//
//	policy, err := client.GetIamPolicy(ctx, &iampb.GetIamPolicyRequest{
//		Resource: acting.Grant.Resource,
//		Options:  &iampb.GetPolicyOptions{RequestedPolicyVersion: 3},
//	})
//	merged, err := iamproto.Merge(policy, gcp.Bind(acting.Grant))
//	_, err = client.SetIamPolicy(ctx, &iampb.SetIamPolicyRequest{Resource: acting.Grant.Resource, Policy: merged})
//
// The package itself calls no one. It is the only one that imports those types, which
// bring gRPC along.
package iamproto

import (
	"encoding/base64"
	"strconv"

	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/genproto/googleapis/type/expr"
	"google.golang.org/protobuf/proto"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
)

// Merge returns a copy of a policy to which bindings are added, as [gcp.Merge] does.
// What these types do not know is kept too.
func Merge(policy *iampb.Policy, add ...gcp.Binding) (*iampb.Policy, error) {
	merged, err := gcp.Merge(From(policy), add...)
	if err != nil {
		return nil, err
	}
	out := proto.CloneOf(policy)
	out.Version = merged.Version
	for i, binding := range merged.Bindings {
		switch {
		case i >= len(out.Bindings):
			out.Bindings = append(out.Bindings, toBinding(binding))
		case len(binding.Members) > len(out.Bindings[i].GetMembers()):
			out.Bindings[i].Members = texts(binding.Members)
		}
	}
	return out, nil
}

// From returns a policy as package gcp has it. Of a nil policy it is the zero Policy,
// into which nothing is merged.
func From(policy *iampb.Policy) gcp.Policy {
	out := gcp.Policy{Version: policy.GetVersion(), Etag: base64.StdEncoding.EncodeToString(policy.GetEtag())}
	for _, binding := range policy.GetBindings() {
		out.Bindings = append(out.Bindings, gcp.Binding{
			Role: binding.GetRole(), Members: members(binding.GetMembers()), Condition: fromExpr(binding.GetCondition()),
		})
	}
	for _, config := range policy.GetAuditConfigs() {
		audit := gcp.AuditConfig{Service: config.GetService()}
		for _, log := range config.GetAuditLogConfigs() {
			audit.AuditLogConfigs = append(audit.AuditLogConfigs, gcp.AuditLogConfig{
				LogType: log.GetLogType().String(), ExemptedMembers: members(log.GetExemptedMembers()),
			})
		}
		out.AuditConfigs = append(out.AuditConfigs, audit)
	}
	return out
}

// To returns a policy as cloud.google.com/go/iam has it. An etag that is not in base64
// and a type of log that has no number there are errors: all of them, in one
// [*bulkhead.InvalidError].
func To(policy gcp.Policy) (*iampb.Policy, error) {
	var errs field.ErrorList
	etag, err := base64.StdEncoding.DecodeString(policy.Etag)
	if err != nil {
		errs = append(errs, field.Invalid(field.NewPath("etag"), policy.Etag, "not in base64"))
	}
	out := &iampb.Policy{Version: policy.Version, Etag: etag}
	for _, binding := range policy.Bindings {
		out.Bindings = append(out.Bindings, toBinding(binding))
	}
	for i, config := range policy.AuditConfigs {
		audit := &iampb.AuditConfig{Service: config.Service}
		for j, log := range config.AuditLogConfigs {
			number, ok := logType(log.LogType)
			if !ok {
				at := field.NewPath("auditConfigs").Index(i).Child("auditLogConfigs").Index(j)
				errs = append(errs, field.Invalid(at.Child("logType"), log.LogType, "no type of log that is known"))
			}
			audit.AuditLogConfigs = append(audit.AuditLogConfigs, &iampb.AuditLogConfig{
				LogType: number, ExemptedMembers: texts(log.ExemptedMembers),
			})
		}
		out.AuditConfigs = append(out.AuditConfigs, audit)
	}
	if len(errs) > 0 {
		return nil, &bulkhead.InvalidError{Object: bulkhead.Ref{Group: "iam.googleapis.com", Kind: "Policy"}, Errs: errs}
	}
	return out, nil
}

// logType reads a type of log by its name or, if it is younger than these types, its
// number.
func logType(text string) (iampb.AuditLogConfig_LogType, bool) {
	if text == "" {
		return iampb.AuditLogConfig_LOG_TYPE_UNSPECIFIED, true
	}
	if number, ok := iampb.AuditLogConfig_LogType_value[text]; ok {
		return iampb.AuditLogConfig_LogType(number), true
	}
	number, err := strconv.ParseInt(text, 10, 32)
	return iampb.AuditLogConfig_LogType(number), err == nil
}

func toBinding(binding gcp.Binding) *iampb.Binding {
	out := &iampb.Binding{Role: binding.Role, Members: texts(binding.Members)}
	if c := binding.Condition; c != nil {
		out.Condition = &expr.Expr{Expression: c.Expression, Title: c.Title, Description: c.Description, Location: c.Location}
	}
	return out
}

func fromExpr(e *expr.Expr) *gcp.Condition {
	if e == nil {
		return nil
	}
	return &gcp.Condition{Expression: e.GetExpression(), Title: e.GetTitle(), Description: e.GetDescription(), Location: e.GetLocation()}
}

func members(texts []string) []identity.Member {
	var out []identity.Member
	for _, text := range texts {
		out = append(out, identity.ParseMember(text))
	}
	return out
}

func texts(members []identity.Member) []string {
	var out []string
	for _, member := range members {
		out = append(out, member.String())
	}
	return out
}
