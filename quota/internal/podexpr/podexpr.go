// SPDX-License-Identifier: Apache-2.0

// Package podexpr works out what the expressions of admission policies say of a new
// pod of which only namespace and priority are known, without an environment to
// compile them in. It reads the part of CEL in which such conditions are usually
// written; of everything else the answer is that it is unknown, never a guess (CEL
// specification, "Language Definition"; k8s.io/apiserver v0.37, pkg/cel/environment).
package podexpr

// A Truth is what an expression comes to.
type Truth int

const (
	// Unknown is what rests on more than is known of the pod.
	Unknown Truth = iota
	// True is what holds whatever else the pod is.
	True
	// False is what does not.
	False
)

// A Pod is what is known of a new pod as a validating policy sees it.
type Pod struct {
	Namespace string
	Class     string // empty without one
	Priority  *int32 // nil where it is not known
}

// A Variable is one that a policy declares.
type Variable struct{ Name, Expression string }

// Env is a pod with the variables of a policy, worked out. Each variable sees those
// before it.
type Env struct {
	pod       Pod
	variables map[string]value
}

// NewEnv works out variables for a pod.
func NewEnv(pod Pod, variables []Variable) Env {
	env := Env{pod: pod, variables: make(map[string]value)}
	for _, v := range variables {
		env.variables[v.Name] = env.work(v.Expression)
	}
	return env
}

// Judge works out a condition.
func (e Env) Judge(expression string) Truth {
	switch v := e.work(expression); {
	case v.is(true):
		return True
	case v.is(false):
		return False
	default:
		return Unknown
	}
}

func (e Env) work(expression string) value {
	all, ok := tokens(expression)
	if !ok {
		return value{}
	}
	r := reader{env: e, tokens: all}
	v := r.or()
	if r.failed || len(r.tokens) > 0 {
		return value{}
	}
	return v
}

// field returns what a field of the request is, or where it is if that is all that is
// known; ok is false where the pod has no such field.
func (e Env) field(path string) (v value, ok bool) {
	switch path {
	case "object.spec.priorityClassName":
		return value{kind: text, text: e.pod.Class}, e.pod.Class != ""
	case "object.spec.priority":
		if e.pod.Priority == nil {
			return value{}, true
		}
		return value{kind: number, num: int64(*e.pod.Priority)}, true
	case "request.namespace", "object.metadata.namespace", "namespaceObject.metadata.name":
		return value{kind: text, text: e.pod.Namespace}, true
	case "request.operation":
		return value{kind: text, text: "CREATE"}, true
	case "request.resource.resource":
		return value{kind: text, text: "pods"}, true
	case "object", "object.spec", "object.metadata", "request", "request.resource", "namespaceObject", "namespaceObject.metadata":
		return value{kind: node, text: path}, true
	default:
		return value{}, true
	}
}
