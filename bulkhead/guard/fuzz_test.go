// SPDX-License-Identifier: Apache-2.0

package guard_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/guard"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

// Rules take what others leave out: objects without a specification, beside one that
// makes every rule look at them.
func TestRulesOnEmptyObjects(t *testing.T) {
	labelled := &metav1.LabelSelector{MatchLabels: map[string]string{"environment": "staging"}}
	objs := []bulkhead.Object{
		&admissionregistrationv1.ValidatingAdmissionPolicy{},
		&admissionregistrationv1.MutatingAdmissionPolicy{Spec: admissionregistrationv1.MutatingAdmissionPolicySpec{Mutations: make([]admissionregistrationv1.Mutation, 1)}},
		&admissionregistrationv1.ValidatingAdmissionPolicyBinding{},
		&admissionregistrationv1.MutatingAdmissionPolicyBinding{},
		&admissionregistrationv1.ValidatingWebhookConfiguration{Webhooks: make([]admissionregistrationv1.ValidatingWebhook, 1)},
		&corev1.Namespace{},
		&admissionregistrationv1.ValidatingAdmissionPolicy{Spec: admissionregistrationv1.ValidatingAdmissionPolicySpec{
			MatchConstraints: &admissionregistrationv1.MatchResources{
				NamespaceSelector: labelled,
				ResourceRules:     make([]admissionregistrationv1.NamedRuleWithOperations, 1),
			},
			Validations: make([]admissionregistrationv1.Validation, 1),
		}},
		&admissionregistrationv1.ValidatingAdmissionPolicyBinding{Spec: admissionregistrationv1.ValidatingAdmissionPolicyBindingSpec{
			MatchResources: &admissionregistrationv1.MatchResources{NamespaceSelector: labelled},
			ParamRef:       &admissionregistrationv1.ParamRef{},
		}},
	}
	if fs := bulkhead.Check(objs, guard.Rules()...); len(fs) == 0 {
		t.Error("nothing is wrong with empty objects")
	}
}

func FuzzRules(f *testing.F) {
	fixtures, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range fixtures {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			f.Add(file.Data)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		set, _ := manifest.Read("fuzz.yaml", bytes.NewReader(text))
		if set == nil {
			return
		}
		for _, finding := range bulkhead.Check(set.Objects, guard.Rules()...) {
			if _, ok := set.Position(finding.Object, finding.Field); !ok {
				t.Errorf("no position of %s", finding)
			}
		}
	})
}
