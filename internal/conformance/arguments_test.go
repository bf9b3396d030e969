// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/platform"
	"github.com/watertight-go/watertight/quota"
)

// An arguer makes random arguments by their type. Those of one arguer and of
// another give objects of different names.
type arguer struct {
	*rand.Rand
	worker int
}

// call calls a function with random arguments.
func (a arguer) call(f reflect.Value) []reflect.Value {
	t := f.Type()
	var in []reflect.Value
	for i := range t.NumIn() {
		if !t.IsVariadic() || i < t.NumIn()-1 {
			in = append(in, a.argument(t.In(i)))
			continue
		}
		for range a.IntN(4) {
			in = append(in, a.argument(t.In(i).Elem()))
		}
	}
	return f.Call(in)
}

// argument makes an argument of a type that some builder takes. What it makes need
// not be valid beside the others: the builder says so.
func (a arguer) argument(t reflect.Type) reflect.Value {
	makers := []any{
		a.name, a.pods, a.subject, a.peer, a.flow, a.ports, a.endpoint, a.block, a.address, a.platform, a.vip, a.sender,
		a.budget, a.hard, a.limits, a.level, a.port, a.priority, a.restriction, a.class,
		a.account, a.pool, a.access, a.role, a.rbacSubject, a.staging, a.production,
	}
	for _, maker := range makers {
		if m := reflect.ValueOf(maker); m.Type().Out(0) == t {
			return m.Call(nil)[0]
		}
	}
	panic(fmt.Sprintf("no random %v: give it a maker", t))
}

func pick[T any](a arguer, values ...T) T { return values[a.IntN(len(values))] }

// name makes what may be the name of a namespace and of anything else.
func (a arguer) name() string {
	return pick(a, "a", "staging", "prod", "shop-2", "0", "long-"+strings.Repeat("x", 50)) + fmt.Sprintf("-w%d", a.worker)
}

func (a arguer) labels() map[string]string {
	out := make(map[string]string)
	for range 1 + a.IntN(3) {
		key := pick(a, "app", "example.com/Tier", "app.kubernetes.io/name", "A_b.c", strings.Repeat("k", 63))
		out[key] = pick(a, "", "web", "V-1_2.x", strings.Repeat("v", 63))
	}
	return out
}

func (a arguer) pods() netpol.Pods { return a.labels() }

func (a arguer) subject() netpol.Subject { return pick[netpol.Subject](a, a.pods(), netpol.AllPods) }

func (a arguer) peer() netpol.Peer {
	outer := a.block()
	inner := netip.PrefixFrom(outer.Addr(), min(outer.Bits()+1, outer.Addr().BitLen()))
	return pick[netpol.Peer](a, a.pods(), netpol.Namespace(a.name()), netpol.Namespaces(a.labels()), a.pods().In(netpol.Namespace(a.name())),
		a.pods().In(netpol.AllNamespaces), netpol.CIDR(outer), netpol.CIDR(outer, inner), netpol.AllPods, netpol.AllNamespaces, netpol.Anyone)
}

func (a arguer) flow() netpol.Flow {
	flow := pick(a, netpol.From, netpol.To)(a.peer())
	for range 1 + a.IntN(2) {
		flow = flow.On(a.ports())
	}
	return flow
}

func (a arguer) ports() netpol.Ports {
	protocol := pick(a, corev1.ProtocolTCP, corev1.ProtocolUDP, corev1.ProtocolSCTP)
	first := a.port()
	return pick(a, netpol.TCP(first, a.port()), netpol.UDP(first), netpol.SCTP(first), netpol.AnyPort(),
		netpol.Range(protocol, first, max(first, a.port())), netpol.Named(protocol, pick(a, "http", "fifteen-letters")))
}

func (a arguer) endpoint() netpol.Endpoint {
	return netpol.Endpoint{Namespace: a.name(), Pods: a.subject()}
}

// block makes a block of addresses outside of those that lie on a node.
func (a arguer) block() netip.Prefix {
	addr := a.address()
	return netip.PrefixFrom(addr, 8+a.IntN(addr.BitLen()-7)).Masked()
}

func (a arguer) address() netip.Addr {
	four := [4]byte{byte(1 + a.IntN(100)), byte(a.IntN(256)), byte(a.IntN(256)), byte(a.IntN(256))}
	six := [16]byte{0x20, 0x01, 0x0d, 0xb8, 15: byte(a.IntN(256))}
	return pick(a, netip.AddrFrom4(four), netip.AddrFrom16(six))
}

func (a arguer) platform() platform.Platform {
	return pick(a, platform.Kubernetes, platform.GKE, platform.GKEDataplaneV2, platform.GKEAutopilot, platform.EKS, platform.AKS, platform.OpenShift)
}

func (a arguer) vip() platform.GoogleVIP {
	return pick(a, platform.PrivateVIP, platform.RestrictedVIP)
}

func (a arguer) sender() platform.Sender {
	return pick(a, platform.IngressNGINX(a.name()), platform.Traefik(a.name()), platform.IstioGateway(a.name()), platform.OpenShiftRouter(),
		platform.LoadBalancer(a.platform(), a.block()), platform.Prometheus(a.name()), platform.ManagedPrometheus(a.platform()))
}

func (a arguer) port() uint16 { return pick(a, uint16(1), 53, 80, 443, 8080, 65535) }

func (a arguer) priority() int32 {
	return pick(a, int32(quota.LowestPriority), -5, -1, 0, 1, 1000, quota.HighestPriority)
}

func (a arguer) level() quota.Level {
	return pick(a, quota.Restricted, quota.Baseline, quota.Privileged)
}

func (a arguer) cores(from, to int64) resource.Quantity {
	return *resource.NewMilliQuantity(from+a.Int64N(to-from+1), resource.DecimalSI)
}

func (a arguer) bytes(from, to int64) resource.Quantity {
	format := pick(a, resource.BinarySI, resource.DecimalSI, resource.DecimalExponent)
	return *resource.NewQuantity(from+a.Int64N(to-from+1), format)
}

// compute makes an amount between two others.
func (a arguer) compute(from, to quota.Compute) quota.Compute {
	return quota.Compute{
		CPU:    a.cores(from.CPU.MilliValue(), to.CPU.MilliValue()),
		Memory: a.bytes(from.Memory.Value(), to.Memory.Value()),
	}
}

func (a arguer) budget() quota.Budget {
	most := quota.Compute{CPU: resource.MustParse("1M"), Memory: resource.MustParse("1Ei")}
	var b quota.Budget
	b.DefaultRequest = a.compute(quota.Compute{CPU: resource.MustParse("1m"), Memory: resource.MustParse("1Mi")}, most)
	b.Default = a.compute(b.DefaultRequest, most)
	b.Pod = a.compute(b.Default, most)
	b.Limits = a.compute(b.Pod, most)
	b.Requests = a.compute(b.DefaultRequest, b.Limits)
	b.Pods = 1 + a.Int64N(150_000)
	if a.IntN(2) == 0 {
		b.Claims, b.Storage = 1+a.Int64N(150_000), a.bytes(1, 1<<60)
	}
	return b
}

func (a arguer) hard() corev1.ResourceList {
	out := make(corev1.ResourceList)
	for range 1 + a.IntN(4) {
		name := pick(a, corev1.ResourcePods, corev1.ResourceRequestsCPU, corev1.ResourceLimitsMemory, "count/deployments.apps", "requests.nvidia.com/gpu", "hugepages-2Mi")
		out[name] = pick(a, a.bytes(0, 1<<40), *resource.NewQuantity(a.Int64N(1000), resource.DecimalSI))
	}
	return out
}

func (a arguer) limits() corev1.LimitRangeItem {
	list := func() corev1.ResourceList {
		out := make(corev1.ResourceList)
		out[pick(a, corev1.ResourceCPU, corev1.ResourceEphemeralStorage)] = a.cores(1000, 8000)
		out[corev1.ResourceMemory] = a.bytes(1<<20, 1<<40)
		return out
	}
	item := corev1.LimitRangeItem{Type: pick(a, corev1.LimitTypeContainer, corev1.LimitTypePod), Max: list()}
	if a.IntN(2) == 0 {
		item.Min = list()
	}
	if a.IntN(2) == 0 {
		item.Default = list()
	}
	if a.IntN(4) == 0 {
		most := make(corev1.ResourceList)
		most[corev1.ResourceStorage] = a.bytes(1, 1<<50)
		return corev1.LimitRangeItem{Type: corev1.LimitTypePersistentVolumeClaim, Max: most}
	}
	return item
}
