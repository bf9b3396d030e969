// SPDX-License-Identifier: Apache-2.0

// Package report shows people what the engines of the library work out.
//
// A [Picture] is who can connect to whom, from the graph of netpol/reach: namespaces as
// compartments, flows as arrows, and what crosses a boundary in red. [NewPicture] works
// it out, and a [Boundary] says which namespaces are which side; without one, every
// namespace is on its own. Then [Picture.WriteMarkdown] writes a comment for a pull
// request, [Picture.WriteMermaid] only the diagram in it, and [Picture.WriteHTML] a page
// that stands alone. The data is plain, for those who draw something else.
//
// What is too much to be followed is collapsed, in steps and always with the number of
// flows: workloads that may all do the same share one line, then namespaces stand for
// their workloads, then one compartment for all namespaces that no flow tells apart,
// and at last a page shows a matrix. What is not shown at all is counted where the
// reader sees it.
//
// Flows that are unknown are dashed. Addresses outside the cluster are one compartment,
// and each line to it names them. The bytes do not depend on the order of the input,
// and no name can be more than a name: not in HTML, nor in Mermaid, nor in Markdown.
//
// A picture is no proof. It shows connections that policies allow, and says nothing of
// replies, of privileged pods and nodes, or of a network plugin that enforces no policy.
package report
