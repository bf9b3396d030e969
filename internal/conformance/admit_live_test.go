// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	nodev1 "k8s.io/api/node/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	quotav1 "k8s.io/apiserver/pkg/quota/v1"

	"golang.org/x/tools/txtar"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/quota/admit"
)

// settled is how long a server may take to know what was just stored: its plugins
// read from caches.
const settled = 300 * time.Millisecond

// A running server gives the cases of quota/admit the answers that are written in
// them, and ours.
func TestServerAnswersTheCases(t *testing.T) {
	s := newStage(t)
	files, err := filepath.Glob("../../quota/admit/testdata/cases/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for i, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			s.in(t).playCase(fmt.Sprintf("case-%d", i), archive)
		})
	}
	count(len(files))
}

func (s stage) playCase(namespace string, archive *txtar.Archive) {
	s.t.Helper()
	objs := make(map[string][]bulkhead.Object)
	var want string
	for _, f := range archive.Files {
		if f.Name == "want" {
			want = string(f.Data)
			continue
		}
		text := strings.NewReplacer("namespace: staging", "namespace: "+namespace, "name: staging\n", "name: "+namespace+"\n").Replace(string(f.Data))
		if strings.Contains(string(f.Data), "kind: PriorityClass") && !strings.Contains(string(f.Data), "kind: Namespace") {
			text = strings.ReplaceAll(string(f.Data), "namespace: staging", "namespace: "+namespace) // a class of that name is meant
		}
		set, err := manifest.Read(f.Name, bytes.NewReader([]byte(text)))
		if err != nil {
			s.t.Fatal(err)
		}
		objs[strings.TrimSuffix(f.Name, ".yaml")] = set.Objects
	}
	world := s.build(namespace, objs["cluster"])
	for line := range strings.Lines(want) {
		name, answer, _ := strings.Cut(strings.TrimSpace(line), ": ")
		verdict, _, _ := strings.Cut(answer, " ")
		if verdict == admit.Undetermined.String() {
			continue // the server's answer is chance
		}
		theirs, ours := s.answers(name, objs[name], world)
		if diff := differentAnswer(ours, theirs); diff != "" {
			s.t.Errorf("%s: %s", name, diff)
		}
		if strings.Contains(string(archive.Files[0].Data), "status:") {
			continue // which a controller has written anew
		}
		if got := ours.Verdict.String(); got != verdict {
			s.t.Errorf("%s: %s, want %s", name, got, answer)
		}
	}
}

// build applies what decides, and returns it as the server has it. What is not in the
// namespace is deleted when the test ends.
func (s stage) build(namespace string, objs []bulkhead.Object) []bulkhead.Object {
	s.t.Helper()
	if !slices.ContainsFunc(objs, func(o bulkhead.Object) bool { return bulkhead.RefTo(o).Kind == "Namespace" }) {
		objs = append([]bulkhead.Object{&corev1.Namespace{TypeMeta: typeMeta("v1", "Namespace"), ObjectMeta: metav1.ObjectMeta{Name: namespace}}}, objs...)
	}
	s.set(objs...)
	for _, obj := range objs {
		if _, is := obj.(*corev1.Namespace); !is && obj.GetNamespace() == "" {
			s.t.Cleanup(func() { s.remove(obj) })
		}
	}
	time.Sleep(settled)
	return s.world(namespace, objs)
}

// world returns what decides, with quotas as they are now.
func (s stage) world(namespace string, objs []bulkhead.Object) []bulkhead.Object {
	s.t.Helper()
	out := slices.DeleteFunc(slices.Clone(objs), func(o bulkhead.Object) bool { _, is := o.(*corev1.ResourceQuota); return is })
	list, err := s.client.CoreV1().ResourceQuotas(namespace).List(s.t.Context(), metav1.ListOptions{})
	if err != nil {
		s.t.Fatal(err)
	}
	for i := range list.Items {
		out = append(out, &list.Items[i])
	}
	return out
}

func (s stage) remove(obj bulkhead.Object) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	u, err := unstructuredOf(obj)
	if err == nil {
		client, clientErr := s.apply.client(u)
		if err = clientErr; err == nil {
			err = client.Delete(ctx, obj.GetName(), metav1.DeleteOptions{})
		}
	}
	if err != nil {
		s.t.Errorf("%s: %v", bulkhead.RefTo(obj), err)
	}
}

// used is what is taken of the quotas of a namespace, in one line.
func (s stage) used(namespace string) string {
	list, err := s.client.CoreV1().ResourceQuotas(namespace).List(s.t.Context(), metav1.ListOptions{})
	if err != nil {
		return err.Error()
	}
	var out strings.Builder
	for _, q := range list.Items {
		fmt.Fprintf(&out, "%s:", q.Name)
		for _, name := range slices.Sorted(maps.Keys(q.Status.Used)) {
			amount := q.Status.Used[name]
			fmt.Fprintf(&out, " %s=%s", name, amount.String())
		}
	}
	return out.String()
}

// answers makes the request that a name begins with, without an effect, of the server
// and of ours.
func (s stage) answers(name string, objs []bulkhead.Object, world []bulkhead.Object) (apiAnswer, admit.Result) {
	s.t.Helper()
	last, err := unstructuredOf(objs[len(objs)-1])
	if err != nil {
		s.t.Fatal(err)
	}
	client, err := s.apply.client(last)
	if err != nil {
		s.t.Fatal(err)
	}
	dry := []string{metav1.DryRunAll}
	verb, _, _ := strings.Cut(name, "-")
	namespace := last.GetNamespace()
	if verb == "create" {
		cluster := bulkhead.Must(admit.New(world, admit.Options{Whole: true}))
		_, err := client.Create(s.t.Context(), last, metav1.CreateOptions{DryRun: dry})
		if apierrors.IsAlreadyExists(err) {
			err = nil // it passed
		}
		return answered(err), cluster.Object(objs[0])
	}
	first, err := unstructuredOf(objs[0])
	if err != nil {
		s.t.Fatal(err)
	}
	was, err := client.Get(s.t.Context(), first.GetName(), metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		before := s.used(namespace)
		if _, err := client.Create(s.t.Context(), first, metav1.CreateOptions{}); err != nil {
			s.t.Fatal(err)
		}
		defer func() {
			s.remove(objs[0])
			s.until("quotas have given back what it took", func(context.Context) bool { return s.used(namespace) == before })
		}()
		time.Sleep(settled) // and controllers write to some
		was, err = client.Get(s.t.Context(), first.GetName(), metav1.GetOptions{})
	}
	if err != nil {
		s.t.Fatal(err)
	}
	is := merged(was, last)
	var sub []string
	if verb == "resize" {
		sub = []string{"resize"}
	}
	_, err = client.Update(s.t.Context(), is, metav1.UpdateOptions{DryRun: dry}, sub...)
	if namespace != "" {
		world = s.world(namespace, world)
	}
	cluster := bulkhead.Must(admit.New(world, admit.Options{Whole: true}))
	if verb == "resize" {
		return answered(err), cluster.Resize(objs[0].(*corev1.Pod), objs[1].(*corev1.Pod))
	}
	return answered(err), cluster.Update(objs[0], objs[1])
}

// merged returns a stored object with the fields that another names.
func merged(was, is *unstructured.Unstructured) *unstructured.Unstructured {
	out := was.DeepCopy()
	var merge func(into, from map[string]any)
	merge = func(into, from map[string]any) {
		for key, value := range from {
			nested, ok := value.(map[string]any)
			before, had := into[key].(map[string]any)
			switch list, isList := value.([]any); {
			case ok && had:
				merge(before, nested)
			case isList && key == "containers":
				for i := range list {
					merge(into[key].([]any)[i].(map[string]any), list[i].(map[string]any))
				}
			default:
				into[key] = value
			}
		}
	}
	merge(out.Object, is.Object)
	return out
}

// answered reads which stage refused from what a server says, which tells nothing
// else of it.
func answered(err error) apiAnswer {
	a := apiAnswer{err: err}
	if err == nil {
		return a
	}
	words := a.words()
	begins := func(prefixes ...string) bool {
		return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(words, p) })
	}
	switch {
	case apierrors.IsInvalid(err):
		a.stage = admit.Validation
	case begins("exceeded quota", "failed quota", "status unknown", "insufficient quota"):
		a.stage = admit.ResourceQuota
	case begins("violates PodSecurity"):
		a.stage = admit.PodSecurity
	case begins("pod rejected", "conflict:"):
		a.stage = admit.RuntimeClass
	case begins("no PriorityClass", "the integer value", "the string value", "PriorityClass"):
		a.stage = admit.Priority
	case strings.Contains(words, " usage per ") || strings.Contains(words, "limit to request ratio"):
		a.stage = admit.LimitRanger
	}
	return a
}

// differentAnswer is differ without charges, which a request without effect does not
// tell.
func differentAnswer(ours admit.Result, theirs apiAnswer) string {
	theirs.charges = ours.Charges
	return differ(ours, theirs, false)
}

// A running server admits and refuses random pods as we say, and its quotas are
// charged what we say.
func TestServerAdmitsAndChargesAlike(t *testing.T) {
	const worlds = 20
	s := newStage(t)
	classes := []bulkhead.Object{
		&schedulingv1.PriorityClass{TypeMeta: typeMeta("scheduling.k8s.io/v1", "PriorityClass"), ObjectMeta: metav1.ObjectMeta{Name: "prod"}, Value: 100},
		&nodev1.RuntimeClass{
			TypeMeta: typeMeta("node.k8s.io/v1", "RuntimeClass"), ObjectMeta: metav1.ObjectMeta{Name: "kata"}, Handler: "kata",
			Overhead:   &nodev1.Overhead{PodFixed: amounts("cpu", "100m", "memory", "128Mi")},
			Scheduling: &nodev1.Scheduling{NodeSelector: map[string]string{"runtime": "kata"}},
		},
	}
	s.set(classes...)
	t.Cleanup(func() {
		for _, obj := range classes {
			s.remove(obj)
		}
	})
	admitted := 0
	for n := range worlds {
		l := lottery{rand.New(rand.NewPCG(*seed, uint64(n)))}
		namespace := fmt.Sprintf("admit-%d", n)
		drawn, _ := l.world(namespace)
		objs := slices.DeleteFunc(drawn, func(o bulkhead.Object) bool {
			kind := bulkhead.RefTo(o).Kind
			return kind == "PriorityClass" || kind == "RuntimeClass"
		})
		for i, obj := range objs {
			if q, ok := obj.(*corev1.ResourceQuota); ok {
				q.Status = corev1.ResourceQuotaStatus{} // a controller writes it
				objs[i] = stored(q)
			}
		}
		s.build(namespace, objs)
		several := rangesIn(objs) > 1
		for i := range *live / worlds {
			pod := l.pod(namespace)
			pod.Name = fmt.Sprintf("pod-%d", i)
			before := s.world(namespace, append(slices.Clone(objs), classes...))
			ours := bulkhead.Must(admit.New(before, admit.Options{Whole: true})).Pod(carried(pod).(*corev1.Pod))
			if ours.Verdict == admit.Undetermined && several {
				continue
			}
			_, err := s.client.CoreV1().Pods(namespace).Create(t.Context(), pod, metav1.CreateOptions{})
			theirs := answered(err)
			if err == nil {
				admitted++
				theirs.charges = charges(before, s.world(namespace, nil), ours)
			}
			if diff := differ(ours, theirs, several); diff != "" {
				t.Errorf("%s\n%s", diff, inYAML(append(before, pod)))
			}
		}
	}
	count(*live)
	t.Logf("%d of %d pods admitted", admitted, *live)
}

// charges returns how much more quotas have used after than before, for those that
// charged us.
func charges(before, after []bulkhead.Object, ours admit.Result) []admit.Charge {
	var out []admit.Charge
	for _, c := range ours.Charges {
		used := func(objs []bulkhead.Object) corev1.ResourceList {
			for q := range bulkhead.Each[*corev1.ResourceQuota](objs) {
				if q.Name == c.Quota {
					return q.Status.Used
				}
			}
			return nil
		}
		out = append(out, admit.Charge{Quota: c.Quota, Amount: quotav1.RemoveZeros(quotav1.Subtract(used(after), used(before)))})
	}
	return out
}
