// SPDX-License-Identifier: Apache-2.0

package schedule

import (
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/internal/podexpr"
	"github.com/watertight-go/watertight/quota/internal/podpolicy"
	"github.com/watertight-go/watertight/quota/internal/priority"
)

// Claims judges [Unclaimed] for every staging namespace and every priority class that
// its pods must not have: those of production's workloads, the two of Kubernetes, and
// all that are not below the lowest of production. Where the objects may not be all
// there are, so are classes that are not among them.
//
// A class is out of reach if quotas refuse every pod that names it, whatever else the
// pod is, or if a ValidatingAdmissionPolicy whose expressions can be read does. A
// policy that cannot be read, and a webhook, leave it open.
func (c *Cluster) Claims() []Judgement {
	var out []Judgement
	reserved := c.reserved()
	for _, name := range c.boundary.Staging {
		for _, class := range reserved {
			out = append(out, c.claim(c.home(name), class))
		}
		if !c.whole {
			out = append(out, c.claimElsewhere(c.home(name)))
		}
	}
	return arranged(out)
}

// A target is a class that pods of staging must not have.
type target struct {
	name  string
	value *int32 // nil where it is not known
}

func (c *Cluster) reserved() []target {
	lowest, used := priority.ClusterCriticalValue, make(map[string]bool)
	for _, p := range c.production {
		if p.priority.State == priority.Known {
			lowest = min(lowest, p.priority.Value)
			used[p.priority.Class] = true
		}
	}
	var out []target
	for _, class := range c.classes.All() {
		if class.Value >= lowest || used[class.Name] {
			out = append(out, target{class.Name, &class.Value})
			delete(used, class.Name)
		}
	}
	for _, p := range c.production { // classes whose objects are elsewhere
		name := p.Spec.PriorityClassName
		if p.priority.State == priority.Unknown && name != "" && !slices.ContainsFunc(out, func(t target) bool { return t.name == name }) {
			out = append(out, target{name: name})
		}
	}
	return out
}

func (c *Cluster) claim(h *home, class target) Judgement {
	j := Judgement{Statement: Unclaimed, Object: namespaceRef(h.name), Field: "metadata.name"}
	barrier := h.refuses(class.name)
	switch {
	case barrier.quota != nil:
		j.Verdict, j.Object, j.Field = bulkhead.Sealed, bulkhead.RefTo(barrier.quota), barrier.field()
		j.Message = "pods of " + h.name + " that name the class " + class.name + " are refused"
		return j
	case slices.Contains(c.options.LimitedClasses, class.name) && !h.governed(class.name) && len(h.doubts) == 0 && c.whole:
		j.Verdict, j.Message = bulkhead.Sealed, "the API server's configuration refuses the class "+class.name+" without a quota that governs it, and there is none"
		return j
	}
	at, missing := c.refusedByPolicy(h, class)
	if at.Object != nil {
		j.Verdict, j.Object, j.Field = bulkhead.Sealed, bulkhead.RefTo(at.Object), at.At.String()
		j.Message = "pods of " + h.name + " that name the class " + class.name + " are refused"
		return j
	}
	j.Verdict = bulkhead.Breached
	j.Message = "nothing refuses pods that name the class " + class.name
	missing = append(missing, barrier.missing...)
	missing = append(missing, h.doubts...)
	missing = append(missing, c.elsewhere("quotas of namespace "+h.name+", admission policies and webhooks beside those given")...)
	if class.value == nil {
		missing = append(missing, "PriorityClass "+class.name)
	}
	return j.undetermined(missing...)
}

// claimElsewhere judges classes that are not among the objects.
func (c *Cluster) claimElsewhere(h *home) Judgement {
	name := "another-class"
	for h.mentions(name) {
		name += "-x"
	}
	j := c.claim(h, target{name: name})
	if j.Verdict == bulkhead.Sealed {
		j.Message = "pods of " + h.name + " are refused with any class that the objects do not name"
		return j
	}
	j.Message, j.Missing = "nothing refuses classes that the objects do not name", nil
	return j.undetermined("the other PriorityClasses of the cluster")
}

// refusedByPolicy returns the policy that refuses a class, or what is missing to say
// that none does. Policies judge a pod as it is stored, so it does not matter what
// changed it before.
func (c *Cluster) refusedByPolicy(h *home, class target) (podpolicy.Policy, []string) {
	var missing []string
	for _, p := range c.policies {
		env := podexpr.NewEnv(podexpr.Pod{Namespace: h.name, Class: class.name, Priority: class.value}, p.Variables)
		looks := p.LooksAt(h.forPolicies(), env)
		switch {
		case looks == podexpr.False:
		case p.Mutates && !p.Webhook && !p.Params && p.LeavesPriority():
		case p.Mutates || p.Webhook:
			missing = append(missing, p.Is("what"))
		default:
			for i, expression := range p.Judges {
				verdict := env.Judge(expression)
				p.At = field.NewPath("spec", "validations").Index(i).Child("expression")
				if verdict == podexpr.False && looks == podexpr.True && !p.Params {
					return p, nil
				}
				if verdict != podexpr.True {
					missing = append(missing, p.Is("what"))
				}
			}
		}
	}
	return podpolicy.Policy{}, missing
}
