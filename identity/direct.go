// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"strconv"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// longestSubject is that of google.subject, in bytes (Google Cloud documentation,
// "Workload Identity Federation"). It is documented for pools of one's own; that it
// holds for those of GKE is an assumption.
const longestSubject = 127

// Direct returns the member that roles on resources are granted to if the pods of an
// account are to reach them as themselves, without a Google service account between.
//
// An account that carries the annotation of [ActAs] is refused: the metadata server
// would hand out the tokens of the Google service account that it names, and the
// grants to the member would not be used. Databases of Cloud SQL do not know such
// members as users, see [PostgreSQLUser]. So is the account named default refused,
// which every pod has that names none.
//
// All mistakes are in one [*bulkhead.InvalidError].
func Direct(account *corev1.ServiceAccount, pool Pool) (Member, error) {
	errs := append(judgeAccount(account), judgeAnnotation(account, GoogleAccountAnnotation, "",
		"the metadata server gives out the tokens of the account that it names, not those of the workload itself")...)
	errs = append(errs, pool.judge()...)
	if account != nil {
		if subject := "ns/" + account.Namespace + "/sa/" + account.Name; len(subject) > longestSubject {
			errs = append(errs, field.Invalid(field.NewPath("metadata", "name"), account.Name,
				"with its namespace it makes a subject of more than "+strconv.Itoa(longestSubject)+" bytes"))
		}
	}
	if err := refuse(refTo(account), errs); err != nil {
		return Member{}, err
	}
	return Workload{Pool: pool, Namespace: account.Namespace, Account: account.Name}.Principal(), nil
}
