// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/guard"
	"github.com/watertight-go/watertight/quota"
)

// A site is a running server with guarded namespaces.
type site struct {
	*applier
	config *rest.Config
	client *kubernetes.Clientset
}

func newSite(t *testing.T, config *rest.Config) *site {
	t.Helper()
	a, err := newApplier(config)
	if err != nil {
		t.Fatal(err)
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return &site{applier: a, config: config, client: client}
}

// put applies objects, and deletes them when the test ends.
func (s *site) put(t *testing.T, objs ...bulkhead.Object) {
	t.Helper()
	for _, obj := range objs {
		stored, err := s.apply(t.Context(), obj)
		if err != nil {
			t.Fatal(err)
		}
		client, err := s.applier.client(stored)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			err := client.Delete(context.WithoutCancel(t.Context()), obj.GetName(), metav1.DeleteOptions{})
			if err != nil && !apierrors.IsNotFound(err) {
				t.Error(err)
			}
		})
	}
}

// home makes a namespace with the ServiceAccount that its pods need.
func (s *site) home(t *testing.T, name string) {
	t.Helper()
	if err := s.namespaces(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: name, Name: "default"}}
	_, err := s.client.CoreV1().ServiceAccounts(name).Create(t.Context(), account, metav1.CreateOptions{})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		t.Fatal(err)
	}
}

// classes makes the classes low and high.
func (s *site) classes(t *testing.T) *schedulingv1.PriorityClass {
	t.Helper()
	low := bulkhead.Must(quota.LowPriority("low", -10))
	s.put(t, low, bulkhead.Must(quota.Priority("high", 1000)))
	return low
}

// byGuard reports whether an error says that an admission policy refused.
func byGuard(err error) bool {
	return apierrors.IsForbidden(err) && strings.Contains(err.Error(), "ValidatingAdmissionPolicy '")
}

// eventually fails the test unless something happens within a minute.
func eventually(t *testing.T, what string, happens func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !happens(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within a minute: %s", what)
		}
	}
}

// try creates an object without storing it.
func (s *site) try(ctx context.Context, obj bulkhead.Object) error {
	content, err := unstructuredOf(typed(obj))
	if err != nil {
		return err
	}
	client, err := s.applier.client(content)
	if err != nil {
		return err
	}
	_, err = client.Create(ctx, content, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
	return err
}

// typed sets apiVersion and kind of an object whose Go type tells them.
func typed(obj bulkhead.Object) bulkhead.Object {
	out := obj.DeepCopyObject().(bulkhead.Object)
	content := bulkhead.Must(bulkhead.Unstructured(obj))
	out.GetObjectKind().SetGroupVersionKind(content.GroupVersionKind())
	return out
}

// What a running server refuses because of a guard, the rules find, and the other way
// round. What it refuses for other reasons is left out.
func TestGuardsAndRulesAgreeOnTheServer(t *testing.T) {
	s := newSite(t, cluster(t).Config)
	low := s.classes(t)
	all := restrictions()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t.Run(name, func(t *testing.T) {
			g := bulkhead.Must(guard.Enforce(name, all[name]))
			s.home(t, name)
			s.put(t, g.Objects()...)
			wrong := s.wrong(t, g, name)
			eventually(t, "the policy holds", func() bool { return byGuard(s.try(t.Context(), wrong)) })
			var refused, accepted, invalid, differing atomic.Int64
			each(*live, func(worker int, random *rand.Rand) {
				_, obj, _ := maker{arguer{random, worker}, false}.judged(g)
				put(obj, name)
				err := s.try(t.Context(), obj)
				switch {
				case err == nil:
					accepted.Add(1)
				case byGuard(err):
					refused.Add(1)
				default:
					invalid.Add(1)
					return
				}
				findings := bulkhead.Check([]bulkhead.Object{low, obj}, g.Rules()...)
				if (len(findings) > 0) != (err != nil) && differing.Add(1) <= atMost {
					t.Errorf("the server says %v; the rules find %v:\n%s", err, findings, text(obj))
				}
			})
			count(int(refused.Load() + accepted.Load()))
			fmt.Printf("%s: %d accepted, %d refused by the guard, %d refused otherwise, %d differences\n",
				t.Name(), accepted.Load(), refused.Load(), invalid.Load(), differing.Load())
			if refused.Load() == 0 || accepted.Load() == 0 {
				t.Error("nothing was compared")
			}
		})
	}
}

// wrong returns an object that the rules refuse, and that the server would take
// without the guard.
func (s *site) wrong(t *testing.T, g *guard.Guard, namespace string) bulkhead.Object {
	t.Helper()
	for i := range uint64(1000) {
		_, obj, _ := maker{arguer{rand.New(rand.NewPCG(i, 0)), 0}, false}.judged(g)
		put(obj, namespace)
		if len(bulkhead.Check([]bulkhead.Object{obj}, g.Rules()...)) == 0 {
			continue
		}
		if err := s.try(t.Context(), obj); err == nil || byGuard(err) {
			return obj
		}
	}
	t.Fatal("no object is wrong for the guard alone")
	return nil
}

func put(obj bulkhead.Object, namespace string) {
	obj.SetNamespace(namespace)
	obj.SetName("x")
}
