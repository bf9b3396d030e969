// SPDX-License-Identifier: Apache-2.0

// Package condition decides conditions of Google Cloud IAM without asking Google, with
// three answers, and finds in allow policies those that do not do what they seem to.
//
// An [Evaluator] says whether a condition may hold for a request of which only a part
// is known. It evaluates the expression with cel-go, and what is not known stays
// unknown: a false arm of a conjunction and a true arm of a disjunction decide beside
// it. Knowing more may turn an unknown into a yes or a no, and never a yes into a no.
//
//	conditions := condition.New(time.Now())
//	conditions.Holds(`resource.name == "projects/p/instances/staging"`, gcp.Request{ResourceName: "projects/p/instances/prod"}) // No
//	conditions.Holds(`request.time < timestamp("2099-01-01T00:00:00Z")`, gcp.Request{})                                        // Yes: it can be reached
//	conditions.Holds(`resource.matchTag("123/env", "staging")`, gcp.Request{})                                                 // Unknown, and names the tag
//
// Tags, claims of tokens, access levels, and attributes of an API are never known here.
// Nor is what IAM makes of an expression that does not compile, fails, or is no bool.
//
// [Evaluator.Lint] finds grants that can never count, names that match more than they
// say, negations that open everything else, and conditions that a second binding makes
// decorative.
//
// It is the only package of the library that compiles cel-go.
package condition
