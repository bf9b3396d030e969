// SPDX-License-Identifier: Apache-2.0

// Package ruletest runs the fixtures of rules.
//
// The fixture of rule "netpol/open-to-world" is testdata/open-to-world.txtar in
// the folder of the rule's package. Its comment says in a sentence what the rule
// catches. Each file whose name begins with "fail" is a set of manifests in which
// the rule must find something, each that begins with "pass" a set in which it
// must not. The file "want" lists what is found, a line each:
//
//	fail-from.yaml:12 NetworkPolicy/shop/web spec.ingress[0].from
//
// go test -update rewrites want. The line is that of the field or, where the
// manifest leaves the field out, of what it would stand in.
package ruletest
