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

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/guard"
	"github.com/watertight-go/watertight/bulkhead/preset"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/platform"
	"github.com/watertight-go/watertight/quota"
)

// builders lists every function of the library that builds objects. Each type that
// one takes has a maker of arguments.
func builders() []any {
	return []any{
		guard.DefaultClass, guard.Enforce,
		identity.Account, identity.ActAs, identity.AssumeRole, identity.Federate, identity.Role, identity.RoleBinding,
		netpol.Allow, netpol.AllowWithin, netpol.Blind, netpol.Connect, netpol.DefaultDeny,
		platform.AllowAPIServer, platform.AllowCloudSQL, platform.AllowCloudSQLConnector, platform.AllowDNS, platform.AllowDNSAt, platform.AllowExternal,
		platform.AllowFrom, platform.AllowGoogleAPIs, platform.AllowMetadata, platform.AllowNodeMetadata,
		preset.Production, preset.Staging,
		quota.Cap, quota.Limits, quota.LowPriority, quota.Namespace, quota.OnlyClasses, quota.Priority, quota.ResourceQuota,
	}
}

// notBuilders are functions that return objects and build none.
func notBuilders() map[string]string {
	return map[string]string{
		"bulkhead.New":          "gathers objects that others have built",
		"bulkhead.Unstructured": "converts an object into another form",

		"bulkhead/manifest.Merge":     "gathers objects that were read",
		"bulkhead/manifest.Read":      "reads objects",
		"bulkhead/manifest.ReadFS":    "reads objects",
		"bulkhead/manifest.ReadFiles": "reads objects",
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
		t.Run(nameOf(builder), func(t *testing.T) {
			var applied, refused atomic.Int64
			var failed sync.Once
			each(*sets, func(worker int, random *rand.Rand) {
				objs, err := build(arguer{random, worker}, builder)
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
			fmt.Printf("%s: %d objects applied twice, of %d sets of arguments %d were refused by the builder\n", t.Name(), applied.Load(), *sets, refused.Load())
			if applied.Load() < int64(*sets)/10 {
				t.Errorf("of %d sets of arguments the builder refused %d", *sets, refused.Load())
			}
		})
	}
}

// build calls a builder with random arguments, which it may refuse.
func build(a arguer, builder any) ([]bulkhead.Object, error) {
	out := a.call(builder)
	if len(out) == 2 && !out[1].IsNil() {
		return nil, out[1].Interface().(error)
	}
	switch made := out[0].Interface().(type) {
	case bulkhead.Object:
		return []bulkhead.Object{made}, nil
	case interface{ Objects() []bulkhead.Object }:
		return made.Objects(), nil
	case *preset.Environment:
		return made.Objects, nil
	default:
		return nil, fmt.Errorf("a builder of %T", made)
	}
}
