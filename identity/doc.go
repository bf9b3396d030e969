// SPDX-License-Identifier: Apache-2.0

// Package identity builds and judges who pods may be: in the cluster, and in the clouds.
package identity
