// SPDX-License-Identifier: Apache-2.0

// Package watertight is the map of a library for running staging and production
// in one Kubernetes cluster, safely. It holds no code.
//
// The cluster is the hull, a namespace is a bulkhead, and a breach is a path from
// staging to production. Start where your question is:
//
//   - I write an operator and need the objects: package netpol has builders that
//     return API types, and netpol/platform those that differ by platform.
//   - I give workloads an identity in a cloud: package identity makes both halves,
//     and identity/gcp adds the grant to a policy and proves that staging's identities
//     do not reach production's data; identity/gcp/condition says what the conditions
//     of a policy let through. identity/aws and identity/azure prove that staging
//     cannot have a role or an identity of production.
//   - I want to know whether anybody of staging can act on production through the API
//     server: identity/rbac follows what rights lead to.
//   - I want to know whether staging holds a credential of production:
//     identity/secrets proves that it does not, or names the places.
//   - Staging shares a database server with production: identity/postgres,
//     identity/mysql and identity/redis write what keeps them apart there, and prove
//     from a snapshot that it does. The package live below each takes the snapshot, and
//     applies what was written.
//   - I write a tool for continuous integration: bulkhead/manifest reads what
//     helm and kustomize print, bulkhead.Check runs rules over it, and
//     examples/ci puts the two together.
//   - I want to see who can talk to whom: netpol/reach works it out, and
//     bulkhead/report draws it.
//   - I want to know whether workloads fit under their quotas: quota/admit adds up
//     what they take, also while they are rolled out.
//   - I test manifests: bulkhead/bulkheadtest asserts on findings and compares
//     objects, and netpol/reach/reachtest on who can talk to whom.
//   - I want production's BigQuery data in staging: dataclone plans clones that store
//     nothing, and dataclone/bqclone runs the plan and verifies it. Try
//     go run ./examples/clone.
//   - I test what copies data in BigQuery: dataclone/bqsim is a BigQuery in memory
//     that the real client talks to.
//   - I want to see it work: go run ./examples/staging.
//
// Imports flow one way. Package bulkhead is the vocabulary and imports no
// sibling; the packages that build and judge import it; nothing imports the
// examples.
package watertight
