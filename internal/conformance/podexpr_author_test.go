// SPDX-License-Identifier: Apache-2.0

package conformance_test

import "strings"

// An author writes the conditions of admission policies, in the forms that
// quota/schedule reads and close to them. Not all of them compile.
type author struct {
	lottery

	variables []string // that are declared so far
}

// condition writes something true or false.
func (a author) condition(depth int) string {
	if depth == 0 || a.chance(4) {
		return a.atom()
	}
	inner := func() string { return a.condition(depth - 1) }
	switch a.IntN(10) {
	case 0, 1, 2:
		return inner() + draw(a.lottery, " && ", "&&", " &&\n// and\n") + inner()
	case 3, 4, 5:
		return inner() + draw(a.lottery, " || ", "||", "\n|| ") + inner()
	case 6:
		return "(" + inner() + ")"
	case 7:
		return draw(a.lottery, "!", "!!", "! ") + "(" + inner() + ")"
	case 8:
		return "(" + inner() + ") " + draw(a.lottery, "==", "!=") + " (" + inner() + ")"
	default:
		return a.optional() + ".optMap(v, " + a.about("v", inner) + ")" + draw(a.lottery, ".orValue(false)", ".orValue(true)", ".hasValue()", ".orValue("+inner()+")")
	}
}

// about writes a condition on a variable of a macro.
func (a author) about(name string, inner func() string) string {
	switch a.IntN(5) {
	case 0:
		return name + draw(a.lottery, " == ", " != ") + a.text()
	case 1:
		return "[1, 2].exists(" + name + ", " + name + " == 2) && " + name + " == " + a.text()
	case 2:
		return inner() + " || " + name + " in " + a.texts()
	default:
		return name + " in " + a.texts()
	}
}

func (a author) atom() string {
	switch a.IntN(9) {
	case 0, 1:
		return a.text() + draw(a.lottery, " == ", " != ", "==") + a.text()
	case 2:
		return a.number() + draw(a.lottery, " < ", " <= ", " > ", " >= ", " == ", " != ", ">") + a.number()
	case 3:
		return a.text() + " in " + a.texts()
	case 4:
		return a.number() + " in [" + a.number() + ", " + a.number() + "]"
	case 5:
		return draw(a.lottery, "", "!") + "has(" + a.field() + ")"
	case 6:
		return draw(a.lottery, "", "!") + a.optional() + ".hasValue()"
	case 7:
		return a.beyond()
	default:
		return draw(a.lottery, "true", "false", "!true")
	}
}

// beyond writes what goes beyond the forms that are read.
func (a author) beyond() string {
	return draw(
		a.lottery,
		`object.spec.hostNetwork`, `object.spec.?hostNetwork.orValue(false)`, `object.spec.containers.all(c, c.name != "x")`,
		`object.spec.containers.exists(c, c.image == "a" || object.spec.priority < 0)`, `object.metadata.name.startsWith("w")`,
		`(object.spec.?priority.orValue(0) < 0 ? true : false)`, `object.spec.?priority.orValue(0) + 1 > 0`, `1 == 1 == true`,
		`object.spec["priorityClassName"] == "high"`, `object.spec[?"priorityClassName"].orValue("") == "high"`,
		`object.spec.priorityClassName == r"high"`, `object.spec.priorityClassName == 'hi\x67h'`, `object.spec.priorityClassName == """high"""`,
		`object.spec.priority < 0.5`, `object.spec.priority in [0, 1u]`, `"low" in {"low": 1}`, `object.spec.priorityClassName.matches("^h")`,
		`object.spec.?priorityClassName == optional.of("high")`, `object.spec.?priorityClassName.orValue("a") < "b"`, `dyn(5) == "five"`,
		`size(object.spec.containers) == 1`, `object.spec.?priorityClassName.optMap(v, v == "high") == optional.of(true)`,
		`cel.bind(v, object.spec.?priorityClassName.orValue(""), v == "high")`, `string(object.spec.priority) == "100"`, `oldObject == null`,
		`object.spec.?affinity.?nodeAffinity.hasValue()`, `object.metadata.?labels.?tier.orValue("") == "prod"`, `type(object.spec.priority) == int`,
	)
}

// optional writes a field that may be absent.
func (a author) optional() string {
	return draw(a.lottery, "object", "object", "dyn(object)") + draw(
		a.lottery, ".spec.?priorityClassName", ".spec.?priority", ".?spec.?priorityClassName", ".?spec.priorityClassName",
		".metadata.?namespace", ".spec.?schedulerName", ".?metadata.?labels",
	)
}

func (a author) text() string {
	if len(a.variables) > 0 && a.chance(5) {
		return "variables." + draw(a.lottery, a.variables...)
	}
	return draw(
		a.lottery,
		`object.spec.priorityClassName`, `dyn(object.spec).priorityClassName`, `object.spec.?priorityClassName.orValue("")`, `object.?spec.?priorityClassName.orValue('none')`,
		`request.namespace`, `object.metadata.namespace`, `namespaceObject.metadata.name`, `request.operation`, `request.resource.resource`, `request.name`,
		`object.metadata.name`, `object.spec.?schedulerName.orValue("x")`, `"low"`, `'high'`, `"staging"`, `""`, `"CREATE"`, `"pods"`, `"none"`,
	)
}

func (a author) texts() string {
	var items []string
	for range a.IntN(4) {
		items = append(items, a.text())
	}
	return "[" + strings.Join(items, ", ") + "]"
}

func (a author) number() string {
	return draw(
		a.lottery,
		`object.spec.priority`, `dyn(object).spec.priority`, `object.spec.?priority.orValue(7)`, `object.spec.?terminationGracePeriodSeconds.orValue(5)`,
		`0`, `-10`, `100`, `99`, `7`, `-1`, `2147483648`, `007`, `object.spec.priority`, `object.spec.priority`,
	)
}

func (a author) field() string {
	fields := []string{
		`object.spec.priorityClassName`, `object.spec.priority`, `object.spec.hostNetwork`, `object.metadata.namespace`, `object.metadata.labels.tier`,
		`object.spec`, `request.namespace`, `request.name`, `namespaceObject.metadata.name`, `object.spec.preemptionPolicy`, `dyn(object.spec).priorityClassName`,
	}
	for _, name := range a.variables {
		fields = append(fields, "variables."+name+".priorityClassName")
	}
	return draw(a.lottery, fields...)
}

// declared writes a variable.
func (a author) declared() string {
	switch a.IntN(4) {
	case 0:
		return draw(a.lottery, "object.spec", "dyn(object.spec)", "object")
	case 1:
		return a.condition(1)
	case 2:
		return a.optional() + draw(a.lottery, "", ".orValue('x')")
	default:
		return a.text()
	}
}
