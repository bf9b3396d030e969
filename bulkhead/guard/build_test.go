// SPDX-License-Identifier: Apache-2.0

package guard_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/bulkheadtest"
	"github.com/watertight-go/watertight/bulkhead/guard"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/quota"
)

func TestEveryRestriction(t *testing.T) {
	bulkheadtest.Golden(t, "testdata/every.yaml", every().Objects()...)
}

// What is given in another order, or alone, is not refused otherwise.
func TestRestrictionsStandAlone(t *testing.T) {
	all := every()
	for name, tt := range map[string]struct {
		restriction guard.Restriction
		policy      func(*guard.Guard) *guard.Admission
	}{
		"memory limits":  {guard.MemoryLimits(), func(g *guard.Guard) *guard.Admission { return g.Pods }},
		"host, template": {guard.NoHost(), func(g *guard.Guard) *guard.Admission { return g.Templates }},
		"services": {
			guard.ServiceTypes(corev1.ServiceTypeClusterIP), func(g *guard.Guard) *guard.Admission { return g.Services },
		},
	} {
		t.Run(name, func(t *testing.T) {
			alone := bulkhead.Must(guard.Enforce("staging", tt.restriction))
			for _, v := range tt.policy(alone).Policy.Spec.Validations {
				if !slices.ContainsFunc(tt.policy(all).Policy.Spec.Validations, func(w admissionregistrationv1.Validation) bool { return cmp.Equal(v, w) }) {
					t.Errorf("not among those of all: %s", v.Expression)
				}
			}
		})
	}
}

func names() *rapid.Generator[string] { return rapid.StringMatching(`[a-z]([-a-z0-9]{0,20}[a-z0-9])?`) }

// texts are what an identity or an audience may be, quotes and backslashes included.
func texts() *rapid.Generator[string] { return rapid.StringMatching(`[!-~äß]{1,30}`) }

func keepers() *rapid.Generator[rbacv1.Subject] {
	return rapid.Custom(func(t *rapid.T) rbacv1.Subject {
		switch kind := rapid.SampledFrom([]string{rbacv1.UserKind, rbacv1.GroupKind, rbacv1.ServiceAccountKind}).Draw(t, "kind"); kind {
		case rbacv1.ServiceAccountKind:
			return rbacv1.Subject{Kind: kind, Namespace: "platform-" + names().Draw(t, "namespace"), Name: names().Draw(t, "name")}
		default:
			return rbacv1.Subject{Kind: kind, Name: texts().Draw(t, "name")}
		}
	})
}

func types() *rapid.Generator[corev1.ServiceType] {
	return rapid.SampledFrom([]corev1.ServiceType{
		corev1.ServiceTypeClusterIP, corev1.ServiceTypeNodePort, corev1.ServiceTypeLoadBalancer, corev1.ServiceTypeExternalName,
	})
}

func TestGuardsAreWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := []guard.Restriction{
			guard.Classes(rapid.SliceOfN(names(), 1, 4).Draw(t, "classes")...),
			guard.MemoryLimits(), guard.CPULimits(), guard.NoPodLevelBypass(), guard.NoHost(),
			guard.TokenAudiences(rapid.SliceOfN(texts(), 0, 4).Draw(t, "audiences")...),
			guard.ServiceTypes(rapid.SliceOfN(types(), 1, 4).Draw(t, "types")...),
			guard.CloudIdentities(rapid.SliceOfN(texts(), 0, 4).Draw(t, "identities")...),
			guard.Keepers(rapid.SliceOfN(keepers(), 1, 4).Draw(t, "keepers")...),
		}
		chosen := rapid.SliceOfNDistinct(rapid.IntRange(0, len(all)-1), 1, -1, rapid.ID).Draw(t, "restrictions")
		var restrictions []guard.Restriction
		for _, i := range chosen {
			restrictions = append(restrictions, all[i])
		}
		namespace := rapid.StringMatching(`[a-j]([-a-z0-9]{0,20}[a-z0-9])?`).Draw(t, "namespace")
		g, err := guard.Enforce(namespace, restrictions...)
		if err != nil {
			t.Fatal(err)
		}
		checkBuilt(t, g.Objects())
	})
}

func TestDefaultClassesAreWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		class := &schedulingv1.PriorityClass{Value: rapid.Int32().Draw(t, "value")}
		class.Name = names().Draw(t, "class")
		if rapid.Bool().Draw(t, "policy") {
			never := corev1.PreemptNever
			class.PreemptionPolicy = &never
		}
		d, err := guard.DefaultClass(rapid.StringMatching(`[a-j][a-z]{0,20}`).Draw(t, "namespace"), class)
		if err != nil {
			t.Fatal(err)
		}
		checkBuilt(t, d.Objects())
	})
}

// checkBuilt fails unless a bulkhead takes the objects, in the order in which they
// come, and YAML carries them unchanged.
func checkBuilt(t *rapid.T, objs []bulkhead.Object) {
	b, err := bulkhead.New("staging", objs...)
	if err != nil {
		t.Fatal(err)
	}
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "staging"}}
	if err := bulkhead.Check(append(slices.Clone(objs), namespace), guard.Rules()...).Err(); err != nil {
		t.Fatalf("builders' own objects have findings: %v", err)
	}
	var yaml bytes.Buffer
	if err := manifest.Write(&yaml, objs...); err != nil {
		t.Fatal(err)
	}
	set, err := manifest.Read("built.yaml", &yaml)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(objs, set.Objects); diff != "" {
		t.Fatalf("YAML changes the objects (-built +read):\n%s", diff)
	}
	for _, obj := range b.Objects {
		if obj.GetLabels()[bulkhead.ManagedByLabel] != bulkhead.ManagedByValue {
			t.Fatalf("%s has no label", bulkhead.RefTo(obj))
		}
	}
}

// mistakes returns the fields that an *InvalidError names, with the type of each.
func mistakes(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	invalid, ok := errors.AsType[*bulkhead.InvalidError](err)
	if !ok {
		t.Fatalf("%T is no *bulkhead.InvalidError: %v", err, err)
	}
	if _, ok := errors.AsType[*field.Error](err); !ok {
		t.Errorf("errors.As reaches no *field.Error in %v", err)
	}
	var out []string
	for _, e := range invalid.Errs {
		out = append(out, e.Field+" "+string(e.Type))
	}
	slices.Sort(out)
	return out
}

func TestEnforceRefuses(t *testing.T) {
	const invalid, required = " FieldValueInvalid", " FieldValueRequired"
	group := func(name string) guard.Restriction {
		return guard.Keepers(rbacv1.Subject{Kind: rbacv1.GroupKind, Name: name})
	}
	for name, tt := range map[string]struct {
		namespace    string
		restrictions []guard.Restriction
		want         []string
	}{
		"nothing":                             {"staging", nil, []string{"restrictions" + required}},
		"no namespace":                        {"", []guard.Restriction{guard.NoHost()}, []string{"namespace" + invalid}},
		"a namespace in capitals":             {"Staging", []guard.Restriction{guard.NoHost()}, []string{"namespace" + invalid}},
		"Kubernetes' own namespace":           {"kube-system", []guard.Restriction{guard.NoHost()}, []string{"namespace" + invalid}},
		"the zero restriction":                {"staging", []guard.Restriction{{}}, []string{"restrictions[0]" + required}},
		"one restriction twice":               {"staging", []guard.Restriction{guard.NoHost(), guard.NoHost()}, []string{"restrictions[1] FieldValueDuplicate"}},
		"two lists of classes":                {"staging", []guard.Restriction{guard.Classes("a"), guard.Classes("b")}, []string{"restrictions[1] FieldValueDuplicate"}},
		"no class":                            {"staging", []guard.Restriction{guard.Classes()}, []string{"restrictions[0].classes" + required}},
		"an empty class":                      {"staging", []guard.Restriction{guard.Classes("low", "")}, []string{"restrictions[0].classes[1]" + invalid}},
		"a class that breaks out of CEL":      {"staging", []guard.Restriction{guard.Classes(`low"] || true || "" in ["`)}, []string{"restrictions[0].classes[0]" + invalid}},
		"no type":                             {"staging", []guard.Restriction{guard.ServiceTypes()}, []string{"restrictions[0].types" + required}},
		"a type that is none":                 {"staging", []guard.Restriction{guard.ServiceTypes("clusterIP")}, []string{"restrictions[0].types[0] FieldValueNotSupported"}},
		"an empty identity":                   {"staging", []guard.Restriction{guard.CloudIdentities("")}, []string{"restrictions[0].identities[0]" + required}},
		"an identity of two lines":            {"staging", []guard.Restriction{guard.CloudIdentities("a\nb")}, []string{"restrictions[0].identities[0]" + invalid}},
		"bytes that are no text":              {"staging", []guard.Restriction{guard.CloudIdentities("\xff")}, []string{"restrictions[0].identities[0]" + invalid}},
		"an audience with a blank":            {"staging", []guard.Restriction{guard.TokenAudiences("a", "b c")}, []string{"restrictions[0].audiences[1]" + invalid}},
		"no keeper":                           {"staging", []guard.Restriction{guard.Keepers()}, []string{"restrictions[0].keepers" + required}},
		"everybody as keeper":                 {"staging", []guard.Restriction{group("system:authenticated")}, []string{"restrictions[0].keepers[0].name" + invalid}},
		"anybody as keeper":                   {"staging", []guard.Restriction{guard.Keepers(rbacv1.Subject{Kind: "User", Name: "system:anonymous"})}, []string{"restrictions[0].keepers[0].name" + invalid}},
		"all accounts as keepers":             {"staging", []guard.Restriction{group("system:serviceaccounts")}, []string{"restrictions[0].keepers[0].name" + invalid}},
		"the accounts of the namespace":       {"staging", []guard.Restriction{group("system:serviceaccounts:staging")}, []string{"restrictions[0].keepers[0]" + invalid}},
		"the accounts of another namespace":   {"staging", []guard.Restriction{group("system:serviceaccounts:platform")}, nil},
		"a keeper of no kind":                 {"staging", []guard.Restriction{guard.Keepers(rbacv1.Subject{Name: "ann"})}, []string{"restrictions[0].keepers[0].kind FieldValueNotSupported"}},
		"a keeper without a name":             {"staging", []guard.Restriction{guard.Keepers(rbacv1.Subject{Kind: "User"})}, []string{"restrictions[0].keepers[0].name" + required}},
		"an account of no namespace":          {"staging", []guard.Restriction{guard.Keepers(rbacv1.Subject{Kind: "ServiceAccount", Name: "operator"})}, []string{"restrictions[0].keepers[0].namespace" + required}},
		"an account of the namespace":         {"staging", []guard.Restriction{guard.Keepers(rbacv1.Subject{Kind: "ServiceAccount", Namespace: "staging", Name: "operator"})}, []string{"restrictions[0].keepers[0]" + invalid}},
		"an account of the namespace as user": {"staging", []guard.Restriction{guard.Keepers(rbacv1.Subject{Kind: "User", Name: "system:serviceaccount:staging:operator"})}, []string{"restrictions[0].keepers[0]" + invalid}},
		"everything at once": {
			"kube-system",
			[]guard.Restriction{guard.Classes(), guard.ServiceTypes("x"), {}, guard.Keepers()},
			[]string{
				"namespace" + invalid, "restrictions[0].classes" + required, "restrictions[1].types[0] FieldValueNotSupported",
				"restrictions[2]" + required, "restrictions[3].keepers" + required,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			g, err := guard.Enforce(tt.namespace, tt.restrictions...)
			if diff := cmp.Diff(tt.want, mistakes(t, err), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
			if (g == nil) != (err != nil) {
				t.Errorf("guard %v beside error %v", g, err)
			}
		})
	}
}

func TestDefaultClassRefuses(t *testing.T) {
	class := bulkhead.Must(quota.LowPriority("low", -10))
	unnamed := class.DeepCopy()
	unnamed.Name = ""
	for name, tt := range map[string]struct {
		namespace string
		class     *schedulingv1.PriorityClass
		want      []string
	}{
		"nothing":                   {"staging", class, nil},
		"no class":                  {"staging", nil, []string{"class FieldValueRequired"}},
		"a class without a name":    {"staging", unnamed, []string{"class.metadata.name FieldValueInvalid"}},
		"no namespace and no class": {"", nil, []string{"class FieldValueRequired", "namespace FieldValueInvalid"}},
		"Kubernetes' own namespace": {"kube-system", class, []string{"namespace FieldValueInvalid"}},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := guard.DefaultClass(tt.namespace, tt.class)
			if diff := cmp.Diff(tt.want, mistakes(t, err), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
			if (d == nil) != (err != nil) {
				t.Errorf("default %v beside error %v", d, err)
			}
		})
	}
}

// What a caller does with an argument afterwards must not reach the guard, nor the
// other way round.
func TestGuardsKeepNoArgument(t *testing.T) {
	classes, audiences, identities := []string{"low"}, []string{"vault"}, []string{"a@b"}
	types := []corev1.ServiceType{corev1.ServiceTypeNodePort}
	owners := []rbacv1.Subject{{Kind: rbacv1.UserKind, Name: "ann"}}
	restrictions := []guard.Restriction{
		guard.Classes(classes...), guard.TokenAudiences(audiences...), guard.CloudIdentities(identities...),
		guard.ServiceTypes(types...), guard.Keepers(owners...),
	}
	before := bulkhead.Must(guard.Enforce("staging", restrictions...))
	classes[0], audiences[0], identities[0], types[0], owners[0].Name = "x", "x", "x", "ClusterIP", "x"
	after := bulkhead.Must(guard.Enforce("staging", restrictions...))
	if diff := cmp.Diff(before.Objects(), after.Objects()); diff != "" {
		t.Errorf("the guard follows its arguments (-before +after):\n%s", diff)
	}
	restrictions[0] = guard.Classes("x")
	pod := &corev1.Pod{}
	pod.Namespace, pod.Name, pod.Spec.PriorityClassName = "staging", "web", "low"
	bulkheadtest.NoFindings(t, bulkhead.Check([]bulkhead.Object{pod}, before.Rules()...))
}

// A guard made one restriction after another does not share what it was made of.
func TestGuardsAreIndependent(t *testing.T) {
	first, second := every(), every()
	first.Pods.Policy.Spec.Validations[0].Message = "x"
	*first.Pods.Policy.Spec.FailurePolicy = admissionregistrationv1.Ignore
	first.Pods.Policy.Spec.MatchConstraints.NamespaceSelector.MatchLabels["x"] = "y"
	if diff := cmp.Diff(every().Objects(), second.Objects()); diff != "" {
		t.Errorf("one guard changes with another:\n%s", diff)
	}
	if !strings.Contains(second.Pods.Policy.Spec.Validations[0].Message, "low") {
		t.Error("the message does not name the class")
	}
}
