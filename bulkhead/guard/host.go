// SPDX-License-Identifier: Apache-2.0

package guard

// HostAccess is a pod that [NoHost] refuses.
const HostAccess = "guard/host-access"

// NoHost refuses pods that share something of their node: its network, processes,
// inter-process communication, files (hostPath) or ports, and privileged containers,
// also those that are added to a running pod for debugging. From the node there is a
// way to every other pod on it.
//
// It refuses less than the Pod Security level baseline, which also judges
// capabilities, volumes and system calls, and is enforced by a label of the
// Namespace. This holds if somebody changes the label.
func NoHost() Restriction {
	r := Restriction{id: HostAccess, about: pods}
	for _, share := range []struct{ field, what string }{
		{"hostNetwork", "network"},
		{"hostPID", "processes"},
		{"hostIPC", "inter-process communication"},
	} {
		r.statements = append(r.statements, statement{
			demand:  has{path: fields(share.field), test: off(), absent: true},
			problem: "the pod shares the " + share.what + " of its node",
			fix:     "remove spec." + share.field,
		})
	}
	r.statements = append(r.statements,
		statement{
			items:   volumes(),
			demand:  lacks(fields("hostPath")),
			problem: "mounts files of the node",
			fix:     "remove the hostPath",
		},
		statement{
			items:   allContainers(),
			demand:  has{path: fields("securityContext", "privileged"), test: off(), absent: true},
			problem: "privileged, which is as good as root on the node",
			fix:     "remove securityContext.privileged",
		},
		statement{
			items: allContainers(),
			demand: each{
				lists: []path{fields("ports")}, item: "p",
				demand: has{path: fields("hostPort"), test: zero(), absent: true},
			},
			problem: "takes a port of the node",
			fix:     "remove the hostPort",
		},
	)
	return r
}
