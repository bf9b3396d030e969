// SPDX-License-Identifier: Apache-2.0

// Package secrets finds credentials and values of production where they must not be.
//
// [NoLeak] takes the objects of a cluster and a [Boundary], and proves that staging holds
// no credential for anything of production and none of its values, or names the places
// where it does. What it cannot tell, such as whose account a key is for, is
// undetermined, and the proof names what is missing. [Rules] find without a boundary what
// is wrong on either side: keys that do not expire, credentials outside of Secrets, stores
// that any namespace may use.
//
// Credentials are parsed, not searched for by pattern alone: keys of cloud accounts,
// kubeconfigs, tokens of service accounts (decoded, never verified), logins at
// registries, private keys with the names in their certificates, connection strings as
// the drivers read them, and keys in the formats that providers document. They are found
// inside base64, gzip, JSON, YAML and lines of KEY=VALUE, up to twelve layers deep, in the
// records of Helm releases, and in the annotation that kubectl apply leaves.
//
// Values are compared by HMAC-SHA256 under a key that is random in each run. No value
// and no hash of one is in any result, text or error of this package: places are named,
// and names only from the boundary and the objects' own names.
//
// It asks no cluster, no cloud and no environment.
package secrets
