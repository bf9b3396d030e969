// SPDX-License-Identifier: Apache-2.0

// Package space is the sets that network policies speak of.
//
// A selector is a set of label maps, [Labels], from which [Namespaces] and [Pods]
// are made. Address blocks make [Addresses], lists of ports [Ports], domain names
// [Domain]. A [Peer] is the other end of connections: pods or addresses. The readers,
// such as [LabelsOf] and [PortsOf], take the API's own types and say what these stand
// for there: what an absent field means, what an empty one, and what the API server
// refuses.
//
// All are values that nothing changes once they are made, and may be shared. The
// zero value of each is the empty set. The operations are those that a set has,
// where they have an answer: Intersect and Union give sets, Has, Covers, Overlaps
// and Empty say yes or no.
//
// Some sets are not known in full. A named port stands for whatever number a pod
// gives it, and whether an address block holds the addresses of pods depends on the
// dataplane. Covers, Overlaps and Intersect promise what holds in any case;
// MayOverlap says what may be.
//
// An operation takes time proportional to the sizes of its two operands, unless it
// says otherwise. The readers sort, and otherwise take time proportional to what
// they read.
package space
