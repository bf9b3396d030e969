// SPDX-License-Identifier: Apache-2.0

package identity

import (
	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// defaultAccount is the account of every pod that names none
// (plugin/pkg/admission/serviceaccount, DefaultServiceAccountName, v1.37).
const defaultAccount = "default"

// Account returns a service account whose token is not mounted into pods. A pod that
// calls the API server asks for the token itself, with
// automountServiceAccountToken: true in its spec; the tokens that clouds take are
// volumes of their own and need no such thing.
func Account(namespace, name string) *corev1.ServiceAccount {
	automount := false
	return &corev1.ServiceAccount{
		TypeMeta:                     metav1.TypeMeta{APIVersion: corev1.SchemeGroupVersion.String(), Kind: "ServiceAccount"},
		ObjectMeta:                   newMeta(namespace, name),
		AutomountServiceAccountToken: &automount,
	}
}

func newMeta(namespace, name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{
		Namespace: namespace,
		Name:      name,
		Labels:    map[string]string{bulkhead.ManagedByLabel: bulkhead.ManagedByValue},
	}
}

// refTo returns the name of an account, which may be nil.
func refTo(account *corev1.ServiceAccount) bulkhead.Ref {
	if account == nil {
		return bulkhead.Ref{Kind: "ServiceAccount"}
	}
	return bulkhead.RefTo(account)
}

// refuse returns what is wrong with the arguments of a builder, or nil.
func refuse(object bulkhead.Ref, errs field.ErrorList) error {
	if len(errs) == 0 {
		return nil
	}
	return &bulkhead.InvalidError{Object: object, Errs: errs}
}

// annotated returns a copy of an account with more annotations.
func annotated(account *corev1.ServiceAccount, annotations map[string]string) *corev1.ServiceAccount {
	out := account.DeepCopy()
	out.TypeMeta = metav1.TypeMeta{APIVersion: corev1.SchemeGroupVersion.String(), Kind: "ServiceAccount"}
	for key, value := range annotations {
		metav1.SetMetaDataAnnotation(&out.ObjectMeta, key, value)
	}
	return out
}

// judgeAccount returns what keeps an account from being given an identity in a cloud.
func judgeAccount(account *corev1.ServiceAccount) field.ErrorList {
	if account == nil {
		return field.ErrorList{field.Required(field.NewPath("account"), "the account is nil")}
	}
	at := field.NewPath("metadata")
	errs := judgeNamespace(account.Namespace, at.Child("namespace"))
	name := at.Child("name")
	switch account.Name {
	case "":
		errs = append(errs, field.Required(name, "a name is needed"))
	case defaultAccount:
		errs = append(errs, field.Invalid(name, account.Name, "every pod of the namespace that names no account runs as this one"))
	default:
		for _, msg := range apivalidation.ValidateServiceAccountName(account.Name, false) {
			errs = append(errs, field.Invalid(name, account.Name, msg))
		}
	}
	return errs
}

func judgeNamespace(namespace string, at *field.Path) field.ErrorList {
	if namespace == "" {
		return field.ErrorList{field.Required(at, "a namespace is needed")}
	}
	var errs field.ErrorList
	for _, msg := range apivalidation.ValidateNamespaceName(namespace, false) {
		errs = append(errs, field.Invalid(at, namespace, msg))
	}
	return errs
}

// judgeAnnotation returns an error if an account carries an annotation with another
// value than the one it is to get, or with any if it is to get none.
func judgeAnnotation(account *corev1.ServiceAccount, key, want, reason string) field.ErrorList {
	if account == nil {
		return nil
	}
	got, ok := account.Annotations[key]
	if !ok || got == want && want != "" {
		return nil
	}
	return field.ErrorList{field.Invalid(field.NewPath("metadata", "annotations").Key(key), got, reason)}
}
