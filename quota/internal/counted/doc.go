// SPDX-License-Identifier: Apache-2.0

// Package counted reads names of resources, amounts and scopes as kube-apiserver
// does: for the objects that package quota makes and judges, and for the pods and
// other objects that package quota/admit holds against them.
package counted
