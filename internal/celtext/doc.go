// SPDX-License-Identifier: Apache-2.0

// Package celtext reads from the text of a CEL expression which fields it looks at,
// without an environment to compile it in: comments and strings are no fields, and
// the variable of a macro such as all is what it runs over. What it does not
// understand it leaves out. It never fails, whatever the text; whether an expression
// compiles is another question.
//
// The grammar is that of the CEL specification (cel-spec, "Language Definition",
// syntax) with the optional selections and macros that Kubernetes 1.37 turns on
// (k8s.io/apiserver/pkg/cel/environment, base.go).
package celtext
