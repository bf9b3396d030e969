// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// Merge returns a copy of a policy to which bindings are added. What the policy has
// stays, in its order: members are added behind those of the first binding of the same
// role and condition, and a binding that has no such is added behind the others. A
// binding with a condition and one without are never joined. What is there already is
// not added again, so merging twice is merging once. The version is raised to 3 where
// a condition is added, and otherwise kept.
//
// It refuses a policy without an etag, which was not read and would overwrite what is
// there; one that was read without its conditions; members that are deleted or of no
// known form; and more members than a policy can have. All mistakes are in one
// [*bulkhead.InvalidError].
func Merge(policy Policy, add ...Binding) (Policy, error) {
	errs := policy.judge()
	if len(add) == 0 {
		errs = append(errs, field.Required(field.NewPath("add"), "no binding"))
	}
	for i, binding := range add {
		errs = append(errs, binding.judge(field.NewPath("add").Index(i))...)
	}
	out, added := policy.with(add)
	if added {
		errs = append(errs, out.judgeSize()...)
	}
	if len(errs) > 0 {
		return Policy{}, &bulkhead.InvalidError{Object: bulkhead.Ref{Group: "iam.googleapis.com", Kind: "Policy"}, Errs: errs}
	}
	return out, nil
}

// with returns a copy of the policy with bindings added, and whether any was.
func (p Policy) with(add []Binding) (out Policy, added bool) {
	out = p.clone()
	at := make(map[bindingKey]int) // the first binding of a role and condition
	has := make(map[memberKey]bool)
	for i, binding := range out.Bindings {
		key := binding.key()
		if _, ok := at[key]; !ok {
			at[key] = i
		}
		for _, member := range binding.Members {
			has[memberKey{key, folded(member)}] = true
		}
	}
	for _, binding := range add {
		key := binding.key()
		for _, member := range binding.Members {
			if has[memberKey{key, folded(member)}] {
				continue
			}
			has[memberKey{key, folded(member)}], added = true, true
			i, ok := at[key]
			if !ok {
				i = len(out.Bindings)
				at[key] = i
				out.Bindings = append(out.Bindings, Binding{Role: binding.Role, Condition: binding.Condition.clone()})
			}
			out.Bindings[i].Members = append(out.Bindings[i].Members, member)
			if binding.Condition != nil {
				out.Version = conditional
			}
		}
	}
	return out, added
}

// A bindingKey is what tells bindings apart.
type bindingKey struct {
	role        string
	conditional bool
	condition   Condition
}

type memberKey struct {
	binding bindingKey
	member  identity.Member
}

func (b Binding) key() bindingKey {
	key := bindingKey{role: b.Role, conditional: b.Condition != nil}
	if b.Condition != nil {
		key.condition = *b.Condition
	}
	return key
}

// folded returns a member for comparison: addresses in lower case.
func folded(m identity.Member) identity.Member {
	m.Name = strings.ToLower(m.Name)
	return m
}

func (p Policy) clone() Policy {
	p.Bindings = slices.Clone(p.Bindings)
	for i, binding := range p.Bindings {
		p.Bindings[i].Members = slices.Clone(binding.Members)
		p.Bindings[i].Condition = binding.Condition.clone()
	}
	p.AuditConfigs = slices.Clone(p.AuditConfigs)
	for i, config := range p.AuditConfigs {
		p.AuditConfigs[i].AuditLogConfigs = slices.Clone(config.AuditLogConfigs)
		for j, log := range config.AuditLogConfigs {
			p.AuditConfigs[i].AuditLogConfigs[j].ExemptedMembers = slices.Clone(log.ExemptedMembers)
		}
	}
	return p
}

func (c *Condition) clone() *Condition {
	if c == nil {
		return nil
	}
	out := *c
	return &out
}
