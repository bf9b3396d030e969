// SPDX-License-Identifier: Apache-2.0

// Package guard makes and judges admission policies: what stops an object that
// should not be stored.
//
// A [Restriction] is one statement about the objects of a namespace, such as
// [MemoryLimits] or [NoHost]. It is written down once and enforced at two points:
// [Enforce] makes a ValidatingAdmissionPolicy of it, by which an API server refuses
// an object, and [Guard.Rules] finds the same in manifests before anybody applies
// them. [Keepers] says who may change what guards the namespace, and [DefaultClass]
// makes the one policy that changes an object instead of refusing it: it gives a
// priority class to pods that name none.
//
// Everything is refused that a policy fails to judge. What is absent counts as
// missing, not as allowed. Arguments that are empty where empty would mean
// everything are errors, all of them at once, and a guard whose keepers include the
// pods that it guards is one too.
//
// [Rules] judge admission policies from anywhere, with their bindings, for the ways in
// which a guard looks strong and is not: what kube-apiserver refuses, and what it
// stores although it stops nothing. Each rule has a page, which is its Doc.
//
// The package never talks to a cluster. Nor can a guard do everything: admission
// policies are exempt from admission policies, so that only RBAC keeps a tenant from
// deleting them, and what is already stored stays as it is.
//
// A team's pods in staging had the class staging-low-priority, until one of them set
// system-node-critical and evicted production's. The guard that refuses it tells the
// team so when they apply the Deployment, and a test of the manifests tells them
// before:
//
//	staging, err := guard.Enforce("staging",
//		guard.Classes("staging-low-priority"),
//		guard.MemoryLimits(),
//		guard.NoHost())
//	findings := bulkhead.Check(manifests, staging.Rules()...)
package guard
