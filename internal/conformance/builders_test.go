// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/guard"
	"github.com/watertight-go/watertight/bulkhead/preset"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/platform"
	"github.com/watertight-go/watertight/quota"
)

// builders lists every function of the library that builds objects. Arguments are
// made by their type; where a type does not tell, a function in the place of the
// builder does.
func builders() []builder {
	var out []builder
	for _, f := range []any{
		guard.DefaultClass, guard.Enforce,
		netpol.Allow, netpol.AllowWithin, netpol.Blind, netpol.Connect, netpol.DefaultDeny,
		platform.AllowAPIServer, platform.AllowCloudSQL, platform.AllowCloudSQLConnector, platform.AllowDNS, platform.AllowDNSAt, platform.AllowExternal,
		platform.AllowFrom, platform.AllowGoogleAPIs, platform.AllowMetadata, platform.AllowNodeMetadata,
		identity.Account, identity.Role,
		preset.Production, preset.Staging,
		quota.Cap, quota.Limits, quota.LowPriority, quota.Namespace, quota.OnlyClasses, quota.Priority, quota.ResourceQuota,
	} {
		out = append(out, builder{nameOf(f), f})
	}
	const issuer, id = "https://oidc.example.com/id/A1", "01234567-89ab-cdef-0123-456789abcdef"
	return append(out,
		builder{nameOf(identity.ActAs), func(account *corev1.ServiceAccount, pool identity.Pool) (*identity.Acting, error) {
			return identity.ActAs(account, account.Namespace[:1]+"-account@my-project.iam.gserviceaccount.com", pool)
		}},
		builder{nameOf(identity.AssumeRole), func(account *corev1.ServiceAccount) (*identity.Assuming, error) {
			return identity.AssumeRole(account, "arn:aws:iam::123456789012:role/"+account.Namespace, issuer)
		}},
		builder{nameOf(identity.RoleBinding), func(role *rbacv1.Role, subject identity.Subject) (*rbacv1.RoleBinding, error) {
			return identity.RoleBinding(role.Namespace, role.Name, role, subject, identity.ForAccount(identity.Account(role.Namespace, "app")))
		}},
		builder{nameOf(identity.Federate), func(account *corev1.ServiceAccount) (*identity.Federated, error) {
			return identity.Federate(account, id, id, issuer)
		}},
	)
}

// A builder is a function and the name of what it calls.
type builder struct {
	name string
	f    any
}

// notBuilders are functions that return objects and build none.
func notBuilders() map[string]string {
	return map[string]string{
		"bulkhead.New":                "gathers objects that others built",
		"bulkhead.Unstructured":       "converts an object into another form",
		"bulkhead/manifest.In":        "returns what was read, in a namespace",
		"bulkhead/manifest.Merge":     "returns what was read",
		"bulkhead/manifest.Read":      "reads",
		"bulkhead/manifest.ReadFS":    "reads",
		"bulkhead/manifest.ReadFiles": "reads",

		"netpol/internal/superseded.Admin":    "converts an object into the newer kind",
		"netpol/internal/superseded.Baseline": "converts an object into the newer kind",
	}
}

// nameOf returns package and name of a function, below the module's path.
func nameOf(f any) string {
	name := runtime.FuncForPC(reflect.ValueOf(f).Pointer()).Name()
	return strings.TrimPrefix(name, "github.com/watertight-go/watertight/")
}

// What a builder makes, the server takes; what it stores is what was built; and
// applying it once more changes nothing.
func TestBuildersApplyTwice(t *testing.T) {
	c := cluster(t)
	installClusterPolicies(t, c)
	a, err := newApplier(c.Config)
	if err != nil {
		t.Fatal(err)
	}
	for _, builder := range builders() {
		t.Run(builder.name, func(t *testing.T) {
			var applied, refused atomic.Int64
			var failed sync.Once
			n := *sets
			if strings.HasPrefix(builder.name, "bulkhead/preset.") {
				n /= 4 // each is some twenty objects, which the builders beside them make too
			}
			each(n, func(worker int, random *rand.Rand) {
				objs, err := build(arguer{random, worker}, builder.f)
				if err != nil {
					refused.Add(1)
					return
				}
				for _, obj := range objs {
					applied.Add(1)
					if err := a.twice(t.Context(), obj); err != nil {
						failed.Do(func() { t.Error(err) })
					}
				}
			})
			count(int(applied.Load()))
			fmt.Printf("%s: %d objects applied twice, of %d sets of arguments %d were refused by the builder\n", t.Name(), applied.Load(), n, refused.Load())
			if applied.Load() < int64(n)/10 {
				t.Errorf("of %d sets of arguments the builder refused %d", n, refused.Load())
			}
		})
	}
}

// build calls a builder with random arguments, which it may refuse.
func build(a arguer, f any) ([]bulkhead.Object, error) {
	out := a.call(reflect.ValueOf(f))
	if len(out) == 2 && !out[1].IsNil() {
		return nil, out[1].Interface().(error)
	}
	switch made := out[0].Interface().(type) {
	case *preset.Environment:
		return made.Objects, nil
	case bulkhead.Object:
		return []bulkhead.Object{made}, nil
	case interface{ Objects() []bulkhead.Object }:
		return made.Objects(), nil
	default:
		return nil, fmt.Errorf("a builder of %T", made)
	}
}
