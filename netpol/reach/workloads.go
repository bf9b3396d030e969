// SPDX-License-Identifier: Apache-2.0

package reach

// Workloads returns the workloads, and the pods that belong to none, in the order of
// their namespaces and names: the ends that [Cluster.Flows] has, and those that nobody
// can connect with.
func (c *Cluster) Workloads() []Endpoint {
	s := c.now.Load()
	out := make([]Endpoint, len(s.units))
	for i, u := range s.units {
		out[i] = Pod(u.name)
	}
	return out
}
