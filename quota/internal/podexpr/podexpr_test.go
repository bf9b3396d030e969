// SPDX-License-Identifier: Apache-2.0

package podexpr_test

import (
	"strings"
	"testing"

	"github.com/watertight-go/watertight/quota/internal/podexpr"
)

func TestJudge(t *testing.T) {
	const no, yes, unknown = podexpr.False, podexpr.True, podexpr.Unknown
	prod := podexpr.Pod{Namespace: "staging", Class: "prod", Priority: new(int32(1000))}
	none := podexpr.Pod{Namespace: "staging", Priority: new(int32(0))}
	tests := map[string]struct {
		pod  podexpr.Pod
		expr string
		want podexpr.Truth
	}{
		"the class among others":                                {prod, `object.spec.priorityClassName in ["low", 'lower']`, no},
		"the class listed":                                      {prod, `object.spec.priorityClassName in ["low", "prod"]`, yes},
		"a list with what is not known":                         {prod, `object.spec.priorityClassName in ["low", params.name]`, unknown},
		"a list with what may be an error, beside a match":      {prod, `object.spec.priorityClassName in ["prod", object.metadata.labels.tier]`, unknown},
		"a list with an error, beside a match":                  {none, `"" in ["", object.spec.priorityClassName]`, unknown},
		"the class is another":                                  {prod, `object.spec.priorityClassName == 'low'`, no},
		"the class is not another":                              {prod, `object.spec.priorityClassName != 'low'`, yes},
		"a class that is absent is an error":                    {none, `object.spec.priorityClassName != 'prod'`, unknown},
		"has it":                                                {prod, `has(object.spec.priorityClassName)`, yes},
		"has it not":                                            {none, `!has(object.spec.priorityClassName)`, yes},
		"has another field":                                     {prod, `has(object.spec.hostNetwork)`, unknown},
		"the value below zero":                                  {prod, `object.spec.priority < 0`, no},
		"the value, when there is one":                          {prod, `has(object.spec.priority) && object.spec.priority < 0`, no},
		"a negative number":                                     {none, `object.spec.priority >= -10`, yes},
		"either":                                                {prod, `object.spec.priority < 0 || object.spec.priorityClassName == "prod"`, yes},
		"an unknown side that decides nothing":                  {prod, `object.spec.hostNetwork && object.spec.priority < 0`, no},
		"an unknown side that decides":                          {prod, `object.spec.hostNetwork || object.spec.priority < 0`, unknown},
		"all of the containers, whoever they are":               {prod, `object.spec.containers.all(c, c.name != "x") && object.spec.priority < 0`, no},
		"an optional":                                           {none, `object.spec.?priorityClassName.orValue("") == ""`, yes},
		"an optional that is there":                             {prod, `object.spec.?priorityClassName.orValue("") == ""`, no},
		"an optional that has a value":                          {prod, `object.spec.?priorityClassName.hasValue()`, yes},
		"as the guard writes it":                                {prod, `dyn(object.spec).?priorityClassName.optMap(v, v in ["low"]).orValue(false)`, no},
		"as the guard writes it, of a listed class":             {prod, `dyn(object.spec).?priorityClassName.optMap(v, v in ["prod"]).orValue(false)`, yes},
		"as the guard writes it, without a class":               {none, `dyn(object.spec).?priorityClassName.optMap(v, v in ["low"]).orValue(false)`, no},
		"the name of an outer variable hidden by an inner one":  {prod, `object.spec.?priorityClassName.optMap(v, [1].exists(v, v == 1) || v == "low").orValue(false)`, unknown},
		"another namespace":                                     {prod, `request.namespace != "staging" || object.spec.priority < 0`, no},
		"brackets":                                              {prod, `!(object.spec.priority < 0)`, yes},
		"twice negated":                                         {prod, `!!(object.spec.priority < 0)`, no},
		"a comment":                                             {prod, "// low only\nobject.spec.priority < 0", no},
		"a choice is not understood":                            {prod, `object.spec.priority < 0 ? true : false`, unknown},
		"a sum is not understood":                               {prod, `object.spec.priority + 1 < 0`, unknown},
		"a string with an escape is not understood":             {prod, `object.spec.priorityClassName == 'l\x6fw'`, unknown},
		"a raw string is not understood":                        {prod, `object.spec.priorityClassName == r'low'`, unknown},
		"a long string is not understood":                       {prod, `object.spec.priorityClassName == '''low'''`, unknown},
		"a chain of comparisons is not understood":              {prod, `1 == 1 == true`, unknown},
		"a string compared with a number is an error":           {prod, `object.spec.priorityClassName == 5`, unknown},
		"an index is not understood":                            {prod, `object.spec["priorityClassName"] == "low"`, unknown},
		"another object's class":                                {prod, `oldObject.spec.priorityClassName == "low"`, unknown},
		"nothing":                                               {prod, ``, unknown},
		"an open end":                                           {prod, `object.spec.priority < `, unknown},
		"too many brackets":                                     {prod, strings.Repeat("(", 100_000) + "true" + strings.Repeat(")", 100_000), unknown},
		"many signs":                                            {prod, strings.Repeat("!", 100_000) + "true", yes},
		"a number beyond all":                                   {prod, `object.spec.priority < 99999999999999999999`, unknown},
		"a name that only begins like a keyword":                {prod, `object.spec.priorityClassName in_ ["prod"]`, unknown},
		"a value of which the policy sees no number":            {podexpr.Pod{Class: "prod"}, `object.spec.priority < 0`, unknown},
		"a condition on what the class is, of an unknown value": {podexpr.Pod{Class: "prod"}, `object.spec.priorityClassName == "low"`, no},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := podexpr.NewEnv(tt.pod, nil).Judge(tt.expr); got != tt.want {
				t.Errorf("%.200s: got %v, want %v", tt.expr, got, tt.want)
			}
		})
	}
}

func TestVariables(t *testing.T) {
	env := podexpr.NewEnv(podexpr.Pod{Class: "prod"}, []podexpr.Variable{
		{"spec", "dyn(object.spec)"},
		{"class", "variables.spec.priorityClassName"},
		{"loop", "variables.later"},
		{"later", "true"},
	})
	for expr, want := range map[string]podexpr.Truth{
		`variables.class == "prod"`:                           podexpr.True,
		`variables.spec.priorityClassName in ["a"]`:           podexpr.False,
		`variables.spec.?priorityClassName.orValue("") == ""`: podexpr.False,
		`variables.loop`:                                      podexpr.Unknown, // not declared yet
		`variables.later`:                                     podexpr.True,
		`variables.undeclared`:                                podexpr.Unknown,
	} {
		if got := env.Judge(expr); got != want {
			t.Errorf("%s: got %v, want %v", expr, got, want)
		}
	}
}

// Whatever the text: an answer, in a time that goes with its length.
func FuzzJudge(f *testing.F) {
	for _, seed := range []string{
		`object.spec.?priorityClassName.optMap(v, v in ["low"]).orValue(false)`, `has(object.spec.priority) && object.spec.priority < -10`,
		`a.b(c, d, e)[?f].g("h")`, `!-1 || [1,2,'x'] in []`, `has(`, `x.optMap(`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, expr string) {
		env := podexpr.NewEnv(podexpr.Pod{Class: "prod", Priority: new(int32(7))}, []podexpr.Variable{{"v", expr}})
		if got, negated := env.Judge(expr), env.Judge("!("+expr+"\n)"); got != podexpr.Unknown && got == negated {
			t.Errorf("%q and its negation are both %v", expr, got)
		}
	})
}
