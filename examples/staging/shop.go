// SPDX-License-Identifier: Apache-2.0

package main

import (
	"net/netip"
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/guard"
	"github.com/watertight-go/watertight/bulkhead/preset"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/platform"
	"github.com/watertight-go/watertight/quota"
	"github.com/watertight-go/watertight/quota/schedule"
)

// A cluster is the two environments, each with the shop in it. Faults edit the
// objects before they are written.
type cluster struct {
	production, staging []bulkhead.Object
	guards              []*guard.Guard
	grants              []identity.Grant
}

func newCluster() *cluster {
	where := preset.Cluster{
		Platform: platform.GKEDataplaneV2,
		Pool:     identity.Pool{ProjectID: "my-project", ProjectNumber: 123456789012},
		Keepers:  []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Namespace: "platform", Name: "operator"}},
	}
	production := bulkhead.Must(preset.Production(preset.ProductionOptions{
		Cluster: where, Workloads: accounts("production-sa@my-project.iam.gserviceaccount.com"),
	}))
	staging := bulkhead.Must(preset.Staging(preset.StagingOptions{
		Cluster: where, Workloads: accounts("staging-sa@my-project.iam.gserviceaccount.com"),
	}))
	return &cluster{
		production: slices.Concat(production.Objects, shop("prod", netip.MustParseAddr("10.20.0.3"))),
		staging:    slices.Concat(staging.Objects, shop("staging", netip.MustParseAddr("10.20.0.4"))),
		guards:     []*guard.Guard{production.Guard, staging.Guard},
		grants:     slices.Concat(production.Grants, staging.Grants),
	}
}

// accounts are those of the shop. Only orders acts as somebody in Google Cloud.
func accounts(orders string) []preset.Workload {
	return []preset.Workload{{Account: "storefront"}, {Account: "orders", ActsAs: orders}, {Account: "payments"}}
}

// bulkheads returns the environments in apply order.
func (c *cluster) bulkheads() []*bulkhead.Bulkhead {
	return []*bulkhead.Bulkhead{
		bulkhead.Must(bulkhead.New("prod", c.production...)),
		bulkhead.Must(bulkhead.New("staging", c.staging...)),
	}
}

// rules are all that judge the files.
func (c *cluster) rules() []bulkhead.Rule {
	rules := slices.Concat(netpol.Rules(), quota.Rules(), schedule.Rules(), identity.Rules(), guard.Rules())
	for _, g := range c.guards {
		rules = append(rules, g.Rules()...)
	}
	return rules
}

// shop is a small shop in one namespace: three services, a database on a private
// address, an external payment provider, and what has to be open between them.
func shop(namespace string, database netip.Addr) []bulkhead.Object {
	return slices.Concat(
		service(namespace, "storefront"),
		service(namespace, "orders"),
		service(namespace, "payments"),
		openings(namespace, database),
	)
}

// openings let through exactly what the shop needs besides what the preset opens.
func openings(namespace string, database netip.Addr) []bulkhead.Object {
	storefront := netpol.Endpoint{Namespace: namespace, Pods: netpol.Pods{"app": "storefront"}}
	orders := netpol.Endpoint{Namespace: namespace, Pods: netpol.Pods{"app": "orders"}}
	payments := netpol.Endpoint{Namespace: namespace, Pods: netpol.Pods{"app": "payments"}}
	provider := netip.MustParsePrefix("203.0.113.0/24")

	return slices.Concat(
		[]bulkhead.Object{
			bulkhead.Must(platform.AllowFrom(namespace, platform.IngressNGINX("ingress-nginx"), storefront.Pods, netpol.TCP(8080))),
			bulkhead.Must(platform.AllowCloudSQL(namespace, orders.Pods, 5432, database)),
			bulkhead.Must(platform.AllowExternal(namespace, "payment-provider", payments.Pods, 443, provider)),
		},
		bulkhead.Must(netpol.Connect("storefront-orders", storefront, orders, netpol.TCP(8080))).Objects(),
		bulkhead.Must(netpol.Connect("orders-payments", orders, payments, netpol.TCP(8080))).Objects(),
	)
}
