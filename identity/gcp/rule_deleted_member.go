// SPDX-License-Identifier: Apache-2.0

package gcp

// DeletedMember is a member that was deleted. It has nothing while it is, and what it
// had once it is restored (google/iam/v1/policy.proto, Binding.members).
const DeletedMember = "gcp/deleted-member"

func (l *linter) deletedMember(g *grant) bool {
	if g.member.Deleted {
		l.report(DeletedMember, g.on.ref, g.field, "remove the member", "%s has nothing while it is deleted, and %s again if somebody restores it", g.member, g.role.name)
	}
	return g.member.Deleted
}
