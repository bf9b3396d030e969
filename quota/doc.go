// SPDX-License-Identifier: Apache-2.0

// Package quota builds and judges what keeps a namespace from taking more than its
// share of a cluster: ResourceQuota, LimitRange, PriorityClass, and the Namespace
// with its Pod Security labels.
package quota
