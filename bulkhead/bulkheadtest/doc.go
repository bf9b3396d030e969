// SPDX-License-Identifier: Apache-2.0

// Package bulkheadtest helps tests of manifests: what rules find in them, and
// whether objects are still those that were agreed on.
//
//	bulkheadtest.NoFindings(t, netpol.Validate(policy))
//	bulkheadtest.WantFindings(t, findings, "netpol/open-to-world spec.ingress[0].from")
//	if diff := bulkheadtest.Diff(want, got); diff != "" {
//		t.Error(diff)
//	}
//	bulkheadtest.Golden(t, "testdata/staging.yaml", staging.Objects...)
//
// Findings are matched by rule and field, which are stable, and never by their
// wording, which is not. Objects are compared as a server would be given them:
// what only a server sets does not count, and all else does.
//
// Failures name object, field and, for golden files, file and line. They show no
// value of a Secret, none of an environment variable, and no argument that looks
// like a credential; [Diff] says what this cannot cover.
//
// The package is for tests. It registers no flag, and does not import the package
// testing; the flag -update that [Golden] reads is for the test package to declare.
package bulkheadtest
