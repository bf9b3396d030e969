// SPDX-License-Identifier: Apache-2.0

package identity

// A MemberKind is a form of member.
type MemberKind int

// The forms of members of IAM v1 policies (Google Cloud documentation, "Principal
// identifiers").
const (
	UnknownMember          MemberKind = iota // anything else
	UserMember                               // user:EMAIL
	GroupMember                              // group:EMAIL
	DomainMember                             // domain:DOMAIN
	ServiceAccountMember                     // serviceAccount:EMAIL
	WorkloadMember                           // serviceAccount:POOL[NAMESPACE/ACCOUNT]
	SubjectMember                            // principal://.../POOL/subject/ns/NAMESPACE/sa/ACCOUNT
	UIDMember                                // principal://.../POOL/kubernetes.serviceaccount.uid/UID
	NamespaceMember                          // principalSet://.../POOL/namespace/NAMESPACE
	ClusterMember                            // principalSet://.../POOL/kubernetes.cluster/CLUSTER
	PoolMember                               // principalSet://.../POOL/*
	AllUsersMember                           // allUsers
	AllAuthenticatedMember                   // allAuthenticatedUsers
	ProjectOwnerMember                       // projectOwner:PROJECT
	ProjectEditorMember                      // projectEditor:PROJECT
	ProjectViewerMember                      // projectViewer:PROJECT
)

// A Member is a principal, or a set of them, as an IAM policy names it. Members are
// comparable. A field that the kind does not have is empty.
//
// [ParseMember] reads every text, and String gives the same text back. What it does
// not know is an UnknownMember, about which nothing can be said.
type Member struct {
	Kind MemberKind
	// Deleted says that the principal is gone. Such a member grants nothing while it
	// is, and grants again once the principal is restored (google/iam/v1/policy.proto,
	// Binding.members).
	Deleted bool
	// DeletedUID tells a deleted principal from a later one of its name.
	DeletedUID string
	// Name is the e-mail address of a user, group or service account, a domain, or
	// the ID of a project.
	Name string
	// ProjectNumber and Pool are those of a workload identity pool, the number as
	// written. A WorkloadMember has no number.
	ProjectNumber, Pool string
	// Namespace and Account are those of Kubernetes.
	Namespace, Account string
	// UID is that of a service account of Kubernetes.
	UID string
	// Cluster is the address of a cluster:
	// https://container.googleapis.com/v1/projects/P/locations/L/clusters/C.
	Cluster string
	// Text is that of an UnknownMember.
	Text string
}

// String returns the member as IAM policies spell it.
func (m Member) String() string {
	text := m.living()
	if !m.Deleted || m.Kind == UnknownMember {
		return text
	}
	text = deletedPrefix + text
	if m.DeletedUID != "" {
		text += uidInfix + m.DeletedUID
	}
	return text
}

// living returns the text of the member as if it were not deleted.
func (m Member) living() string {
	if prefix, ok := namedPrefix(m.Kind); ok {
		return prefix + m.Name
	}
	pool := "//" + poolHost + "projects/" + m.ProjectNumber + poolInfix + m.Pool
	switch m.Kind {
	case WorkloadMember:
		return serviceAccountPrefix + m.Pool + "[" + m.Namespace + "/" + m.Account + "]"
	case SubjectMember:
		return "principal:" + pool + "/subject/ns/" + m.Namespace + "/sa/" + m.Account
	case UIDMember:
		return "principal:" + pool + uidPath + m.UID
	case NamespaceMember:
		return "principalSet:" + pool + namespacePath + m.Namespace
	case ClusterMember:
		return "principalSet:" + pool + clusterPath + m.Cluster
	case PoolMember:
		return "principalSet:" + pool + "/*"
	case AllUsersMember:
		return allUsers
	case AllAuthenticatedMember:
		return allAuthenticatedUsers
	default:
		return m.Text
	}
}

// MarshalText returns the member as IAM policies spell it, so that JSON does too.
func (m Member) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads any text, as [ParseMember] does.
func (m *Member) UnmarshalText(text []byte) error {
	*m = ParseMember(string(text))
	return nil
}
