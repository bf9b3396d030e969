// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	nodev1 "k8s.io/api/node/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/resourcequota"
	quotaconfig "k8s.io/apiserver/pkg/admission/plugin/resourcequota/apis/resourcequota"
	"k8s.io/apiserver/pkg/authentication/user"
	quotav1 "k8s.io/apiserver/pkg/quota/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/component-base/compatibility"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/core"
	schedulinghelpers "k8s.io/kubernetes/pkg/apis/scheduling/v1"
	"k8s.io/kubernetes/pkg/capabilities"
	evaluators "k8s.io/kubernetes/pkg/quota/v1/evaluator/core"
	podregistry "k8s.io/kubernetes/pkg/registry/core/pod"
	"k8s.io/kubernetes/plugin/pkg/admission/limitranger"
	"k8s.io/kubernetes/plugin/pkg/admission/priority"
	"k8s.io/kubernetes/plugin/pkg/admission/runtimeclass"
	"k8s.io/kubernetes/plugin/pkg/admission/security/podsecurity"
	"k8s.io/utils/clock"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/admit"
)

// A podServer is what kube-apiserver does with a request that creates a pod, from
// the code of kube-apiserver itself: decoding with its defaults, the plugins that
// change pods, the registry, the plugins that refuse them, and quotas last.
type podServer struct {
	mutating, validating []admission.Interface
	stages               map[admission.Interface]admit.Stage
	registry             registry
	quotas               []corev1.ResourceQuota
	limited              []quotaconfig.LimitedResource
}

// An apiAnswer is that of a server: refused at a stage, or with what each quota is
// charged.
type apiAnswer struct {
	stage   admit.Stage
	err     error
	charges []admit.Charge
}

// newPodServer returns a server with these objects, of which those of the system
// are not left out.
func newPodServer(t testing.TB, objs []bulkhead.Object, limited []admit.LimitedResource) *podServer {
	t.Helper()
	capabilities.Setup(true, 0) // as --allow-privileged does, which clusters set
	client := fake.NewClientset()
	factory := informers.NewSharedInformerFactory(client, 0)
	s := &podServer{
		stages:   make(map[admission.Interface]admit.Stage),
		registry: ofKubernetes(podregistry.Strategy, corev1.SchemeGroupVersion.WithResource("pods")),
	}
	var err error
	for _, obj := range objs {
		switch o := obj.(type) {
		case *corev1.Namespace:
			err = errors.Join(err, factory.Core().V1().Namespaces().Informer().GetIndexer().Add(o))
		case *corev1.LimitRange:
			err = errors.Join(err, factory.Core().V1().LimitRanges().Informer().GetIndexer().Add(stored(o)))
		case *schedulingv1.PriorityClass:
			err = errors.Join(err, factory.Scheduling().V1().PriorityClasses().Informer().GetIndexer().Add(stored(o)))
		case *nodev1.RuntimeClass:
			err = errors.Join(err, factory.Node().V1().RuntimeClasses().Informer().GetIndexer().Add(stored(o)))
		case *corev1.ResourceQuota:
			s.quotas = append(s.quotas, *stored(o))
		}
	}
	for _, class := range schedulinghelpers.SystemPriorityClasses() {
		err = errors.Join(err, factory.Scheduling().V1().PriorityClasses().Informer().GetIndexer().Add(stored(class)))
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range limited {
		s.limited = append(s.limited, quotaconfig.LimitedResource{
			APIGroup: l.APIGroup, Resource: l.Resource, MatchContains: l.MatchContains, MatchScopes: l.MatchScopes,
		})
	}
	plugins := admission.NewPlugins()
	limitranger.Register(plugins)
	priority.Register(plugins)
	runtimeclass.Register(plugins)
	podsecurity.Register(plugins)
	plugin := func(name string, stage admit.Stage) admission.Interface {
		p, err := plugins.InitPlugin(name, nil, initializer(func(p admission.Interface) {
			if wants, ok := p.(interface {
				InspectEffectiveVersion(compatibility.EffectiveVersion)
			}); ok {
				wants.InspectEffectiveVersion(compatibility.NewEffectiveVersionFromString("1.37", "", ""))
			}
			if wants, ok := p.(interface{ SetExternalKubeClientSet(kubernetes.Interface) }); ok {
				wants.SetExternalKubeClientSet(client)
			}
			if wants, ok := p.(interface {
				SetExternalKubeInformerFactory(informers.SharedInformerFactory)
			}); ok {
				wants.SetExternalKubeInformerFactory(factory)
			}
		}))
		if err != nil {
			t.Fatal(err)
		}
		s.stages[p] = stage
		return p
	}
	limits, class := plugin(limitranger.PluginName, admit.LimitRanger), plugin(priority.PluginName, admit.Priority)
	overhead, security := plugin(runtimeclass.PluginName, admit.RuntimeClass), plugin(podsecurity.PluginName, admit.PodSecurity)
	s.mutating = []admission.Interface{limits, class, overhead}
	s.validating = []admission.Interface{limits, security, overhead}
	return s
}

type initializer func(admission.Interface)

func (f initializer) Initialize(p admission.Interface) { f(p) }

// stored returns an object as the server stores it, with its defaults.
func stored[T bulkhead.Object](obj T) T {
	out := carried(obj).(T)
	legacyscheme.Scheme.Default(out)
	return out
}

// create returns the answer to a request that creates a pod.
func (s *podServer) create(pod *corev1.Pod) (apiAnswer, error) {
	data, err := json.Marshal(pod)
	if err != nil {
		return apiAnswer{}, err
	}
	decoded, err := s.registry.decode(data)
	if err != nil {
		return apiAnswer{}, err
	}
	obj := decoded.(*core.Pod)
	attributes := func() admission.Attributes {
		return admission.NewAttributesRecord(obj, nil, corev1.SchemeGroupVersion.WithKind("Pod"), obj.Namespace, obj.Name,
			corev1.SchemeGroupVersion.WithResource("pods"), "", admission.Create, &metav1.CreateOptions{}, false, &user.DefaultInfo{Name: "somebody"})
	}
	for _, p := range s.mutating {
		if err := p.(admission.MutationInterface).Admit(context.Background(), attributes(), nil); err != nil {
			return apiAnswer{stage: s.stages[p], err: err}, nil
		}
	}
	if err := s.registry.create(obj); err != nil {
		return apiAnswer{stage: admit.Validation, err: err}, nil
	}
	for _, p := range s.validating {
		if err := p.(admission.ValidationInterface).Validate(context.Background(), attributes(), nil); err != nil {
			return apiAnswer{stage: s.stages[p], err: err}, nil
		}
	}
	evaluator := evaluators.NewPodEvaluator(nil, clock.RealClock{})
	after, err := resourcequota.CheckRequest(s.quotas, attributes(), evaluator, s.limited)
	if err != nil {
		return apiAnswer{stage: admit.ResourceQuota, err: err}, nil
	}
	out := apiAnswer{}
	for i := range after {
		if matches, err := evaluator.Matches(&s.quotas[i], obj); err != nil || !matches {
			continue
		}
		charge := quotav1.RemoveZeros(quotav1.Subtract(after[i].Status.Used, s.quotas[i].Status.Used))
		out.charges = append(out.charges, admit.Charge{Quota: after[i].Name, Amount: charge})
	}
	return out, nil
}

// words returns what a server has against an object, without the object.
func (a apiAnswer) words() string {
	text := a.err.Error()
	for _, before := range []string{" is forbidden: ", " is invalid: "} {
		if _, after, found := strings.Cut(text, before); found {
			return after
		}
	}
	return text
}

// fields returns the fields that a registry refuses.
func (a apiAnswer) fields() []string {
	var status *apierrors.StatusError
	if !errors.As(a.err, &status) || status.ErrStatus.Details == nil {
		return nil
	}
	var out []string
	for _, cause := range status.ErrStatus.Details.Causes {
		out = append(out, cause.Field)
	}
	return sorted(out)
}
