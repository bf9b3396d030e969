// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"strings"
)

// A Workload is what pods are to Google Cloud in the pool of their cluster: the
// service account they run as. Any pod may run as any account of its namespace, so
// who keeps staging from production asks about all accounts of staging's namespaces.
//
// The pool does not tell clusters apart. Another cluster of the pool's project or
// fleet in which someone may create a namespace of this name has this identity too. A
// cluster that is in a fleet may have the pools of two projects, and its accounts an
// identity in each.
type Workload struct {
	Pool               Pool
	Namespace, Account string
	// UID is that of the account in its cluster. It need not be known.
	UID string
	// Cluster is the address of the cluster, as in
	// https://container.googleapis.com/v1/projects/P/locations/L/clusters/C. It need
	// not be known.
	Cluster string
}

// Member returns the member that [ActAs] grants to: serviceAccount:POOL[NS/ACCOUNT].
func (w Workload) Member() Member {
	return Member{Kind: WorkloadMember, Pool: w.Pool.Name(), Namespace: w.Namespace, Account: w.Account}
}

// Principal returns the member that [Direct] grants to, which begins with
// principal://.
func (w Workload) Principal() Member {
	return Member{
		Kind: SubjectMember, ProjectNumber: w.Pool.number(), Pool: w.Pool.Name(),
		Namespace: w.Namespace, Account: w.Account,
	}
}

// Matches says whether the workload is a member, or one of the set that the member
// names.
//
// What is left out of the workload makes members that ask for it Unknown, and naming
// it later never takes back a yes or a no. So do groups and domains, whose members
// are not known here, pools that are not GKE's own, whose providers may or may not
// admit the tokens of the cluster, and forms that are not known.
//
// A member that names the project of the pool by another number, or another project
// by its number, is Unknown too. It is dead or means another project if the Pool is
// right; if the Pool is wrong, taking it for dead would hide an open door.
//
// The answer is about the workload as itself. What it may become through an account
// that it may act as is another question, to be asked with [Email.Matches].
// allAuthenticatedUsers is a yes: identities of pools are not counted among them (IAM
// API reference, Policy), but a workload that holds a Google identity of any kind is.
func (w Workload) Matches(m Member) Match {
	if out, ok := matchOutside(m); ok {
		return out
	}
	switch m.Kind {
	case WorkloadMember:
		if !ofGKE(m.Pool) {
			return missing("what admits identities to the pool " + m.Pool)
		}
		return all(w.inPoolNamed(m.Pool), same("namespace", w.Namespace, m.Namespace), same("account", w.Account, m.Account))
	case SubjectMember:
		return w.inPool(m, same("namespace", w.Namespace, m.Namespace), same("account", w.Account, m.Account))
	case NamespaceMember:
		return w.inPool(m, same("namespace", w.Namespace, m.Namespace))
	case UIDMember:
		return w.inPool(m, same("UID", strings.ToLower(w.UID), strings.ToLower(m.UID)))
	case ClusterMember:
		return w.inPool(m, sameCluster(w.Cluster, m.Cluster))
	case PoolMember:
		return w.inPool(m)
	default:
		return no("the member is an address, and a workload is one only through an account that it acts as")
	}
}

// inPool joins the answer about the pool of a principal with others.
func (w Workload) inPool(m Member, others ...Match) Match {
	if !ofGKE(m.Pool) {
		return missing("whether a provider of the pool " + m.Pool + " admits tokens of the cluster, and as whom")
	}
	return all(append([]Match{w.samePool(m)}, others...)...)
}

// inPoolNamed answers where only the name of the pool is given.
func (w Workload) inPoolNamed(pool string) Match { return same("pool", w.Pool.Name(), pool) }

// samePool compares name and number. A project has one number: if only one of the
// two agrees, something is wrong, and it is not known with which.
func (w Workload) samePool(m Member) Match {
	name, number := w.inPoolNamed(m.Pool), same("project number", w.Pool.number(), m.ProjectNumber)
	if name.Answer == Unknown || number.Answer == Unknown {
		return missing(append(name.Missing, number.Missing...)...)
	}
	if name.Answer == number.Answer {
		return name
	}
	return missing("which is the number of the project in " + m.Pool + ": the member says " + m.ProjectNumber +
		", and the pool " + w.Pool.Name() + " is given with " + w.Pool.number())
}

// sameCluster compares addresses of clusters. Old examples say zones where newer
// ones say locations, and a project may be named by its number: then it is not known.
func sameCluster(got, named string) Match {
	exact := same("cluster", got, named)
	if exact.Answer != No {
		return exact
	}
	a, okA := partsOfCluster(got)
	b, okB := partsOfCluster(named)
	if okA && okB && (a.location != b.location || a.name != b.name || a.project != b.project && !isNumber(a.project) && !isNumber(b.project)) {
		return exact
	}
	return missing("whether the cluster " + got + " is the cluster " + named)
}

type clusterParts struct{ project, location, name string }

func partsOfCluster(address string) (clusterParts, bool) {
	rest, ok := strings.CutPrefix(address, "https://container.googleapis.com/v1/projects/")
	parts := strings.Split(rest, "/")
	if !ok || len(parts) != 5 || parts[1] != "locations" && parts[1] != "zones" || parts[3] != "clusters" {
		return clusterParts{}, false
	}
	return clusterParts{project: parts[0], location: parts[2], name: parts[4]}, segments(parts...)
}

// ofGKE reports whether a pool is one that GKE manages, which admits no one but
// clusters of its project or fleet.
func ofGKE(pool string) bool { return strings.HasSuffix(pool, poolSuffix) }
