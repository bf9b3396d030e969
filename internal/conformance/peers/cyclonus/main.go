// SPDX-License-Identifier: Apache-2.0

// Command cyclonus answers the questions of case folders with the matcher of
// cyclonus.
//
//	cyclonus ROOT
package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"

	"github.com/mattfenwick/cyclonus/pkg/matcher"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/watertight-go/watertight/internal/conformance/peers/cases"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: cyclonus ROOT")
		os.Exit(2)
	}
	if err := cases.Answer(os.Args[1], "cyclonus", engine); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// A cluster is what the matcher has to be told about: it knows policies only.
type cluster struct {
	namespaces map[string]map[string]string
	pods       map[string]*corev1.Pod
	policies   []*networkingv1.NetworkPolicy
	matcher    *matcher.Policy
}

func engine(folder string) (func(cases.Query) (bool, error), error) {
	c := &cluster{namespaces: make(map[string]map[string]string), pods: make(map[string]*corev1.Pod)}
	if err := c.read(filepath.Join(folder, cases.Manifests)); err != nil {
		return nil, err
	}
	c.matcher = matcher.BuildNetworkPolicies(false, c.policies)
	return c.allowed, nil
}

func (c *cluster) read(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	for decoder := yaml.NewYAMLOrJSONDecoder(file, 4096); ; {
		var object map[string]any
		if err := decoder.Decode(&object); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := c.add(object); err != nil {
			return err
		}
	}
}

// add learns an object, with what the API server would have filled in: the label of
// a namespace's name, and the types of a policy, without which the matcher panics.
func (c *cluster) add(object map[string]any) error {
	convert := runtime.DefaultUnstructuredConverter.FromUnstructured
	switch object["kind"] {
	case "Namespace":
		var ns corev1.Namespace
		if err := convert(object, &ns); err != nil {
			return err
		}
		labels := map[string]string{corev1.LabelMetadataName: ns.Name}
		maps.Copy(labels, ns.Labels)
		c.namespaces[ns.Name] = labels
	case "Pod":
		pod := new(corev1.Pod)
		if err := convert(object, pod); err != nil {
			return err
		}
		c.pods[pod.Namespace+"/"+pod.Name] = pod
	case "NetworkPolicy":
		policy := new(networkingv1.NetworkPolicy)
		if err := convert(object, policy); err != nil {
			return err
		}
		if len(policy.Spec.PolicyTypes) == 0 {
			policy.Spec.PolicyTypes = []networkingv1.PolicyType{networkingv1.PolicyTypeIngress}
			if len(policy.Spec.Egress) > 0 {
				policy.Spec.PolicyTypes = append(policy.Spec.PolicyTypes, networkingv1.PolicyTypeEgress)
			}
		}
		c.policies = append(c.policies, policy)
	}
	return nil
}

func (c *cluster) allowed(q cases.Query) (bool, error) {
	return c.matcher.IsTrafficAllowed(&matcher.Traffic{
		Source:           c.peer(q.From),
		Destination:      c.peer(q.To),
		ResolvedPort:     q.Port,
		ResolvedPortName: c.portName(q),
		Protocol:         corev1.Protocol(q.Protocol),
	}).IsAllowed(), nil
}

func (c *cluster) peer(name string) *matcher.TrafficPeer {
	pod, known := c.pods[name]
	if !known {
		return &matcher.TrafficPeer{IP: name}
	}
	return &matcher.TrafficPeer{IP: pod.Status.PodIP, Internal: &matcher.InternalPeer{
		PodLabels: pod.Labels, NamespaceLabels: c.namespaces[pod.Namespace], Namespace: pod.Namespace,
	}}
}

// portName is the name that the destination gives to a port. The matcher takes one;
// where a pod has several for the same port, it is the first.
func (c *cluster) portName(q cases.Query) string {
	pod, known := c.pods[q.To]
	if !known {
		return ""
	}
	for _, container := range listening(pod) {
		for _, port := range container.Ports {
			protocol := port.Protocol
			if protocol == "" {
				protocol = corev1.ProtocolTCP
			}
			if int(port.ContainerPort) == q.Port && string(protocol) == q.Protocol {
				return port.Name
			}
		}
	}
	return ""
}

// listening are the containers that run while the pod does.
func listening(pod *corev1.Pod) []corev1.Container {
	out := pod.Spec.Containers
	for _, container := range pod.Spec.InitContainers {
		if container.RestartPolicy != nil && *container.RestartPolicy == corev1.ContainerRestartPolicyAlways {
			out = append(out, container)
		}
	}
	return out
}
