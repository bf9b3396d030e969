// SPDX-License-Identifier: Apache-2.0

package bulkhead_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// mistakes lists the errors that New joined, one line each, without their wording.
func mistakes(err error) []string {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return nil
	}
	var out []string
	for _, err := range joined.Unwrap() {
		var invalid *bulkhead.InvalidError
		var outside *bulkhead.NamespaceError
		var twice *bulkhead.DuplicateError
		switch {
		case errors.As(err, &invalid):
			line := "invalid " + invalid.Object.String()
			for _, e := range invalid.Errs {
				line += fmt.Sprintf(", %s %s", e.Field, e.Type)
			}
			out = append(out, line)
		case errors.As(err, &outside):
			out = append(out, fmt.Sprintf("outside %s %s", outside.Want, outside.Object))
		case errors.As(err, &twice):
			out = append(out, "twice "+twice.Object.String())
		default:
			out = append(out, err.Error())
		}
	}
	return out
}

func TestNewRefuses(t *testing.T) {
	policy := func(namespace, name string) *networkingv1.NetworkPolicy {
		return &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}}
	}
	long := strings.Repeat("a", 64)
	tests := map[string]struct {
		namespace string
		objs      []bulkhead.Object
		want      []string
	}{
		"an empty namespace": {"", nil, []string{"invalid Namespace/, metadata.name Required value"}},
		"a namespace that is no label": {
			"my.staging", nil, []string{"invalid Namespace/my.staging, metadata.name Invalid value"},
		},
		"a namespace that is too long": {long, nil, []string{"invalid Namespace/" + long + ", metadata.name Invalid value"}},
		"nil objects, by their place": {
			"staging",
			[]bulkhead.Object{nil, policy("staging", "a"), (*corev1.Pod)(nil)},
			[]string{"invalid Namespace/staging, objects[0] Required value, objects[2] Required value"},
		},
		"an object of another namespace": {
			"staging", []bulkhead.Object{policy("prod", "a")}, []string{"outside staging NetworkPolicy/prod/a"},
		},
		"an object of no namespace whose kind needs one": {
			"staging", []bulkhead.Object{policy("", "a")}, []string{"outside staging NetworkPolicy/a"},
		},
		"another Namespace": {
			"staging",
			[]bulkhead.Object{&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "prod"}}},
			[]string{"outside staging Namespace/prod"},
		},
		"a Namespace in a namespace": {
			"staging",
			[]bulkhead.Object{&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "staging"}}},
			[]string{"invalid Namespace/staging/staging, metadata.namespace Forbidden"},
		},
		"a cluster-scoped object in a namespace, its own or another": {
			"staging",
			[]bulkhead.Object{
				untyped("rbac.authorization.k8s.io/v1", "ClusterRole", "staging", "r"),
				untyped("rbac.authorization.k8s.io/v1", "ClusterRole", "prod", "r"),
			},
			[]string{"invalid ClusterRole/staging/r, metadata.namespace Forbidden", "invalid ClusterRole/prod/r, metadata.namespace Forbidden"},
		},
		"an object without a name": {
			"staging",
			[]bulkhead.Object{policy("staging", "")},
			[]string{"invalid NetworkPolicy/staging/, metadata.name Required value"},
		},
		"a name to be generated": {
			"staging",
			[]bulkhead.Object{&corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "staging", GenerateName: "web-"}}},
			[]string{"invalid Pod/staging/, metadata.name Required value"},
		},
		"a name that the API server refuses": {
			"staging",
			[]bulkhead.Object{policy("staging", "Web_1")},
			[]string{"invalid NetworkPolicy/staging/Web_1, metadata.name Invalid value"},
		},
		"a name of the core group that the API server refuses": {
			"staging",
			[]bulkhead.Object{&corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "a:b"}}},
			[]string{"invalid Pod/staging/a:b, metadata.name Invalid value"},
		},
		"a role's name that is no path segment": {
			"staging",
			[]bulkhead.Object{untyped("rbac.authorization.k8s.io/v1", "Role", "staging", "a/b%c")},
			[]string{"invalid Role/staging/a/b%c, metadata.name Invalid value, metadata.name Invalid value"},
		},
		"an object whose kind nobody knows": {
			"staging",
			[]bulkhead.Object{&widget{ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "w"}}},
			[]string{"invalid widget/staging/w, kind Required value"},
		},
		"an unstructured object without apiVersion": {
			"staging",
			[]bulkhead.Object{untyped("", "Namespace", "", "staging")},
			[]string{"invalid Namespace/staging, kind Required value"},
		},
		"an unstructured object that holds what is no JSON": {
			"staging",
			[]bulkhead.Object{withSpec(make(chan int))},
			[]string{"invalid Widget/staging/w, object Invalid value"},
		},
		"two objects of one name, though of different Go types": {
			"staging",
			[]bulkhead.Object{policy("staging", "a"), untyped("networking.k8s.io/v1", "NetworkPolicy", "staging", "a")},
			[]string{"twice NetworkPolicy/staging/a"},
		},
		"two versions of one object": {
			"staging",
			[]bulkhead.Object{
				untyped("autoscaling/v1", "HorizontalPodAutoscaler", "staging", "a"),
				untyped("autoscaling/v2", "HorizontalPodAutoscaler", "staging", "a"),
			},
			[]string{"twice HorizontalPodAutoscaler/staging/a"},
		},
		"everything at once": {
			"Staging",
			[]bulkhead.Object{policy("prod", "a"), nil, policy("prod", "a"), policy("", "B")},
			[]string{
				"invalid Namespace/Staging, metadata.name Invalid value, objects[1] Required value",
				"outside Staging NetworkPolicy/prod/a",
				"outside Staging NetworkPolicy/prod/a",
				"twice NetworkPolicy/prod/a",
				"invalid NetworkPolicy/B, metadata.name Invalid value",
				"outside Staging NetworkPolicy/B",
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b, err := bulkhead.New(tt.namespace, tt.objs...)
			if b != nil || err == nil {
				t.Fatalf("got %v, %v", b, err)
			}
			if diff := cmp.Diff(tt.want, mistakes(err)); diff != "" {
				t.Errorf("%s\n%v", diff, err)
			}
		})
	}
}

func TestNewErrorsAreReachable(t *testing.T) {
	policy := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "prod", Name: "A"}}
	_, err := bulkhead.New("staging", policy, policy)
	err = fmt.Errorf("building: %w", err)

	var invalid *bulkhead.InvalidError
	var outside *bulkhead.NamespaceError
	var twice *bulkhead.DuplicateError
	var one *field.Error
	if !errors.As(err, &invalid) || !errors.As(err, &outside) || !errors.As(err, &twice) || !errors.As(err, &one) {
		t.Errorf("errors.As does not reach every type in %v", err)
	}
}

func TestNewAccepts(t *testing.T) {
	for name, obj := range map[string]bulkhead.Object{
		"the Namespace itself":               &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "staging"}},
		"a name that is a DNS subdomain":     &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "web.1"}},
		"a role's name with a colon":         untyped("rbac.authorization.k8s.io/v1", "Role", "staging", "system:Web"),
		"a trust bundle's name with a colon": untyped("certificates.k8s.io/v1", "ClusterTrustBundle", "", "example.com:ca:1"),
		"an address as a name":               untyped("networking.k8s.io/v1", "IPAddress", "", "2001:db8::1"),
		"an object that is no pointer": value{
			&metav1.TypeMeta{APIVersion: "example.com/v1", Kind: "Value"},
			&metav1.ObjectMeta{Namespace: "staging", Name: "v"},
		},
		"a kind of the same name in another group": untyped("example.com/v1", "Namespace", "staging", "other"),
	} {
		t.Run(name, func(t *testing.T) {
			b, err := bulkhead.New("staging", obj)
			if err != nil {
				t.Fatal(err)
			}
			if b.Namespace != "staging" || len(b.Objects) != 1 {
				t.Errorf("got %+v", b)
			}
		})
	}
	if b, err := bulkhead.New("staging"); err != nil || len(b.Objects) != 0 {
		t.Errorf("no objects: %v, %v", b, err)
	}
}
