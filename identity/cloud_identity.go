// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"iter"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// A cloudIdentity is who the pods of an account are to a cloud, as an annotation of
// the account names it.
type cloudIdentity struct {
	account *corev1.ServiceAccount
	key     string // of the annotation
	name    string // its value
}

func (c cloudIdentity) path() *field.Path { return annotationPath(c.key) }

func annotationPath(key string) *field.Path { return field.NewPath("metadata", "annotations").Key(key) }

// what returns the identity in words.
func (c cloudIdentity) what() string {
	switch c.key {
	case GoogleAccountAnnotation:
		return "the Google service account " + c.name
	case RoleAnnotation:
		return "the AWS role " + c.name
	default:
		return "the Azure identity " + c.name
	}
}

// identityKeys are the annotations that name an identity in a cloud.
func identityKeys() []string {
	return []string{GoogleAccountAnnotation, RoleAnnotation, AzureClientAnnotation}
}

// cloudIdentities yields the identities that accounts of a set name. An empty
// annotation names none.
func cloudIdentities(objs []bulkhead.Object) iter.Seq[cloudIdentity] {
	return func(yield func(cloudIdentity) bool) {
		for account := range bulkhead.Each[*corev1.ServiceAccount](objs) {
			for _, key := range identityKeys() {
				if name := account.Annotations[key]; name != "" && !yield(cloudIdentity{account, key, name}) {
					return
				}
			}
		}
	}
}

// malformed says what is wrong with the form of an identity's name, or nothing.
func (c cloudIdentity) malformed() string {
	var errs field.ErrorList
	switch c.key {
	case GoogleAccountAnnotation:
		if email := Email(c.name); email.Class() == NotServiceAccount || c.name != strings.ToLower(c.name) {
			return email.judge()
		}
	case RoleAnnotation:
		_, errs = parseRoleARN(c.name, c.path())
	case AzureClientAnnotation:
		errs = judgeGUID(c.name, c.path(), "")
	}
	if len(errs) > 0 {
		return errs[0].Detail
	}
	return ""
}
