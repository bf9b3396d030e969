// SPDX-License-Identifier: Apache-2.0

package depcheck_test

// A row says what one package may import. Nothing means the standard library.
type row struct {
	// pkg is the path below the module's; "." is the module's root.
	pkg string
	// siblings are the packages of this module that pkg may import. Each must
	// have a row above: so the arrows run one way.
	siblings []string
	// outside are the modules, or parts of modules, that pkg may import itself.
	outside []string
	// beneath are those that outside brings along.
	beneath []string
	// most is how many packages outside the standard library an importer may
	// compile, pkg itself included. Zero means that nobody counts.
	most int
}

// table lists every package of the module, in the order of the arrows.
func table() []row {
	return []row{
		{pkg: "."},
		{pkg: "internal/depcheck"},
		{pkg: "internal/celtext"},
		{pkg: "internal/spelling"},
		{pkg: "internal/strict"},
		{pkg: "dataclone/viewsql"},

		// The vocabulary, and what works on objects of every kind.
		{
			pkg:     "bulkhead",
			outside: []string{"k8s.io/apimachinery"},
			beneath: machinery(),
		},
		{
			pkg:      "dataclone",
			siblings: []string{"bulkhead", "dataclone/viewsql"},
			beneath:  machinery(),
		},
		{
			pkg:      "internal/workload",
			siblings: []string{"bulkhead"},
			outside:  []string{"k8s.io/api", "k8s.io/apimachinery"},
			beneath:  machinery(),
		},
		{
			pkg:      "bulkhead/manifest",
			siblings: []string{"bulkhead", "internal/spelling", "internal/workload"},
			outside: []string{
				"k8s.io/api", "k8s.io/apimachinery", "sigs.k8s.io/network-policy-api/apis",
				"go.yaml.in/yaml/v3", "sigs.k8s.io/yaml",
				"sigs.k8s.io/json", // reports unknown and repeated fields as the API server does
			},
			beneath: machinery(),
		},
		{
			pkg:      "bulkhead/bulkheadtest",
			siblings: []string{"bulkhead", "bulkhead/manifest"},
			outside:  []string{"github.com/google/go-cmp"},
		},
		{
			pkg:     "internal/created",
			outside: []string{"k8s.io/api/core/v1", "k8s.io/apimachinery"},
			beneath: machinery(),
		},
		{
			pkg:      "internal/large",
			siblings: []string{"bulkhead"},
			outside:  []string{"k8s.io/api", "k8s.io/apimachinery"},
			beneath:  machinery(),
		},
		{
			pkg:      ruletest,
			siblings: []string{"bulkhead", "bulkhead/manifest"},
			outside:  []string{"github.com/google/go-cmp", "golang.org/x/tools/txtar"},
		},

		// The layers.
		{
			pkg: "netpol/internal/space",
			outside: []string{
				"k8s.io/api/core/v1", "k8s.io/api/networking/v1", "k8s.io/apimachinery", "sigs.k8s.io/network-policy-api/apis/v1alpha2",
			},
			beneath: machinery(),
		},
		{
			pkg:     "netpol/internal/superseded",
			outside: []string{"k8s.io/api/core/v1", "sigs.k8s.io/network-policy-api/apis"},
			beneath: append(machinery(), "k8s.io/apimachinery"),
		},
		{
			pkg: "netpol",
			siblings: []string{
				"bulkhead", "internal/created", "internal/spelling", "internal/workload", "netpol/internal/space", "netpol/internal/superseded",
			},
			outside: []string{
				"k8s.io/api/core/v1", "k8s.io/api/networking/v1", "k8s.io/api/rbac/v1", "k8s.io/apimachinery",
				"sigs.k8s.io/network-policy-api/apis",
				"k8s.io/utils/net", // reads addresses as the API server does
			},
			beneath: machinery(),
			most:    85,
		},
		{
			pkg: "netpol/reach",
			siblings: []string{
				"bulkhead", "internal/spelling", "internal/workload", "netpol", "netpol/internal/space", "netpol/internal/superseded",
			},
			outside: []string{
				"k8s.io/api/apps/v1", "k8s.io/api/batch/v1", "k8s.io/api/core/v1", "k8s.io/api/discovery/v1", "k8s.io/api/networking/v1",
				"k8s.io/apimachinery", "sigs.k8s.io/network-policy-api/apis",
			},
			beneath: append(machinery(), "k8s.io/api/scheduling"),
			most:    86,
		},
		{
			pkg:      "netpol/reach/reachtest",
			siblings: []string{"bulkhead/bulkheadtest", "internal/spelling", "netpol/reach"},
		},
		{
			pkg:      "netpol/platform",
			siblings: []string{"bulkhead", "netpol"},
			outside:  []string{"k8s.io/api/networking/v1", "k8s.io/apimachinery"},
			beneath:  append(machinery(), "k8s.io/api"),
		},
		{
			pkg:     "quota/internal/counted",
			outside: []string{"k8s.io/api/core/v1", "k8s.io/apimachinery"},
			beneath: machinery(),
		},
		{
			pkg:      "quota/internal/podlevel",
			siblings: []string{"quota/internal/counted"},
			outside: []string{
				"k8s.io/api/core/v1", "k8s.io/apimachinery",
				"k8s.io/component-helpers/resource", // adds up what containers ask for
			},
			beneath: machinery(),
		},
		{
			pkg:      "quota",
			siblings: []string{"bulkhead", "internal/created", "internal/workload", "quota/internal/counted"},
			outside:  []string{"k8s.io/api/core/v1", "k8s.io/api/scheduling/v1", "k8s.io/apimachinery"},
			beneath:  machinery(),
			most:     85,
		},
		{pkg: "quota/internal/podexpr"},
		{pkg: "quota/internal/taint", outside: []string{"k8s.io/api/core/v1"}, beneath: append(machinery(), "k8s.io/apimachinery")},
		{
			pkg:      "quota/internal/podpolicy",
			siblings: []string{"bulkhead", "quota/internal/podexpr"},
			outside:  []string{"k8s.io/api/admissionregistration/v1", "k8s.io/api/core/v1", "k8s.io/apimachinery"},
			beneath:  machinery(),
		},
		{
			pkg:      "quota/admit",
			siblings: []string{"bulkhead", "internal/workload", "quota", "quota/internal/counted", "quota/internal/podexpr", "quota/internal/podlevel", "quota/internal/podpolicy", "quota/internal/taint"},
			outside: []string{
				"k8s.io/api", // workloads of every kind, and the classes they name
				"k8s.io/apimachinery",
				"k8s.io/component-helpers/resource", // what a pod asks for
				"k8s.io/component-helpers/scheduling/corev1/nodeaffinity", // where DaemonSets run
				"k8s.io/pod-security-admission/api", "k8s.io/pod-security-admission/policy",
			},
			beneath: append(machinery(), "k8s.io/component-base"),
		},
		{
			pkg:      "quota/internal/priority",
			siblings: []string{"bulkhead"},
			outside:  []string{"k8s.io/api/core/v1", "k8s.io/api/scheduling/v1", "k8s.io/apimachinery"},
			beneath:  machinery(),
		},
		{
			pkg:      "quota/schedule",
			siblings: []string{"bulkhead", "internal/workload", "quota", "quota/internal/counted", "quota/internal/podexpr", "quota/internal/podlevel", "quota/internal/podpolicy", "quota/internal/priority", "quota/internal/taint"},
			outside: []string{
				"k8s.io/api/admissionregistration/v1", "k8s.io/api/apps/v1", "k8s.io/api/batch/v1", "k8s.io/api/core/v1", "k8s.io/api/node/v1",
				"k8s.io/api/scheduling/v1", "k8s.io/apimachinery",
				"k8s.io/component-helpers/resource", // adds up requests and limits as the kubelet does
			},
			beneath: append(machinery(), "k8s.io/api/scheduling"),
			most:    88, // seven of them are our own
		},
		{pkg: "internal/dbtest"},
		{pkg: "identity/recipe"},
		{pkg: "identity/internal/served"},
		{
			pkg:      "identity",
			siblings: []string{"bulkhead", "identity/internal/served", "internal/created", "internal/spelling", "internal/workload"},
			outside:  []string{"k8s.io/api/core/v1", "k8s.io/api/networking/v1", "k8s.io/api/rbac/v1", "k8s.io/apimachinery"},
			beneath:  machinery(),
			most:     85,
		},
		{
			pkg:      "identity/redis",
			siblings: []string{"bulkhead", "identity", "identity/recipe", "internal/strict"},
			outside:  []string{"k8s.io/apimachinery"},
			beneath:  append(machinery(), "k8s.io/api"),
			most:     85,
		},
		{
			pkg:      "identity/redis/live",
			siblings: []string{"identity/redis"},
			outside:  []string{"github.com/redis/go-redis/v9"},
			beneath:  append(machinery(), "github.com/cespare/xxhash/v2", "go.uber.org/atomic", "golang.org/x/sys/cpu"),
		},
		{pkg: "identity/secrets/internal/layers", outside: []string{"go.yaml.in/yaml/v3"}},
		{pkg: "identity/secrets/internal/credential"},
		{pkg: "identity/secrets/internal/reappear"},
		{
			pkg: "identity/secrets",
			siblings: []string{
				"bulkhead", "identity/secrets/internal/credential", "identity/secrets/internal/layers", "identity/secrets/internal/reappear", "internal/workload",
			},
			outside: []string{"k8s.io/api/apps/v1", "k8s.io/api/batch/v1", "k8s.io/api/core/v1", "k8s.io/api/discovery/v1", "k8s.io/apimachinery"},
			beneath: append(machinery(), "k8s.io/api/scheduling/v1alpha3"), // of batch/v1
			most:    85,
		},
		{
			pkg:      "internal/crossing",
			siblings: []string{"bulkhead"},
			outside:  []string{"k8s.io/apimachinery"},
			beneath:  machinery(),
		},
		{
			pkg:      "internal/export",
			siblings: []string{"identity"},
		},
		{
			pkg:      "identity/aws",
			siblings: []string{"bulkhead", "identity", "internal/crossing", "internal/export"},
			outside:  []string{"k8s.io/apimachinery"},
			beneath:  append(machinery(), "k8s.io/api"),
			most:     85,
		},
		{
			pkg:      "identity/azure",
			siblings: []string{"bulkhead", "identity", "internal/crossing", "internal/export"},
			outside:  []string{"k8s.io/apimachinery"},
			beneath:  append(machinery(), "k8s.io/api"),
			most:     85,
		},
		{
			pkg:      "identity/mysql",
			siblings: []string{"bulkhead", "identity", "identity/recipe", "internal/strict"},
			outside:  []string{"k8s.io/apimachinery"},
			beneath:  append(machinery(), "k8s.io/api"),
			most:     85,
		},
		{
			pkg:      "identity/mysql/live",
			siblings: []string{"identity/mysql", "identity/recipe"},
			outside:  []string{"github.com/go-sql-driver/mysql"},
			beneath:  append(machinery(), "k8s.io/api", "filippo.io/edwards25519"),
		},
		{
			pkg:      "identity/postgres",
			siblings: []string{"bulkhead", "identity", "identity/recipe", "internal/strict"},
			outside:  []string{"k8s.io/apimachinery"},
			beneath:  append(machinery(), "k8s.io/api"),
			most:     85,
		},
		{
			pkg:      "identity/postgres/live",
			siblings: []string{"identity/postgres", "identity/recipe"},
			outside:  []string{"github.com/jackc/pgx/v5"},
			beneath:  []string{"github.com/jackc/pgpassfile", "github.com/jackc/pgservicefile", "golang.org/x/text"},
		},
		{
			pkg:      "identity/rbac",
			siblings: []string{"bulkhead", "identity", "identity/internal/served", "internal/workload"},
			outside:  []string{"k8s.io/api", "k8s.io/apimachinery"},
			beneath:  machinery(),
			most:     88, // seven of them are our own
		},
		{
			pkg:      "identity/gcp",
			siblings: []string{"bulkhead", "identity"},
			outside:  []string{"k8s.io/api", "k8s.io/apimachinery"},
			beneath:  machinery(),
			most:     85,
		},
		{
			pkg:      "identity/gcp/condition",
			siblings: []string{"bulkhead", "identity", "identity/gcp"},
			outside:  []string{"cel.dev/cel-go", "k8s.io/apimachinery"},
			beneath: append(machinery(), "k8s.io/api",
				"cel.dev/expr", "github.com/antlr4-go/antlr/v4", "go.yaml.in/yaml/v3", "golang.org/x/exp", "google.golang.org/genproto", "google.golang.org/protobuf"),
		},
		{
			pkg:      "identity/gcp/export",
			siblings: []string{"identity", "identity/gcp"},
		},
		{
			pkg:      "identity/gcp/iamproto",
			siblings: []string{"bulkhead", "identity", "identity/gcp"},
			outside: []string{
				"cloud.google.com/go/iam/apiv1/iampb",
				"google.golang.org/genproto/googleapis/type/expr", // conditions of iampb's bindings
				"google.golang.org/protobuf",
				"k8s.io/apimachinery",
			},
			beneath: append(machinery(), "k8s.io/api",
				"google.golang.org/genproto", "google.golang.org/grpc", "golang.org/x/sys"),
		},
		{
			pkg:      "bulkhead/guard",
			siblings: []string{"bulkhead", "internal/celtext", "internal/created", "internal/spelling", "internal/workload"},
			outside: []string{
				"k8s.io/api", // policies are about objects of every kind
				"k8s.io/apimachinery",
			},
			beneath: machinery(),
			most:    85,
		},

		{
			pkg:      "bulkhead/preset",
			siblings: []string{"bulkhead", "bulkhead/guard", "identity", "netpol", "netpol/platform", "quota"},
			outside:  []string{"k8s.io/api/core/v1", "k8s.io/api/rbac/v1", "k8s.io/api/scheduling/v1", "k8s.io/apimachinery"},
			beneath:  append(machinery(), "k8s.io/api", "sigs.k8s.io/network-policy-api/apis"),
		},

		{
			pkg:      "bulkhead/report",
			siblings: []string{"netpol/reach"},
		},

		// What stands on all of them.
		{pkg: "docs"},
		{pkg: "dataclone/bqsim"},
		{
			pkg:      "dataclone/bqclone",
			siblings: []string{"bulkhead", "dataclone"},
			outside: []string{
				"golang.org/x/sync/errgroup", "google.golang.org/api/bigquery/v2",
				"google.golang.org/api/googleapi", "google.golang.org/api/option",
			},
			beneath: append(machinery(), "cloud.google.com/go/auth", "cloud.google.com/go/compute/metadata",
				"github.com/cespare/xxhash/v2", "github.com/felixge/httpsnoop", "github.com/go-logr/stdr",
				"github.com/google/s2a-go", "github.com/googleapis/enterprise-certificate-proxy", "github.com/googleapis/gax-go/v2",
				"go.opentelemetry.io", "golang.org/x/crypto", "golang.org/x/oauth2", "google.golang.org/api",
				"google.golang.org/genproto/googleapis/rpc", "google.golang.org/grpc", "google.golang.org/protobuf",
				"github.com/google/uuid", "golang.org/x/sys/unix", "golang.org/x/sys/cpu"),
		},
		{
			pkg: "examples/ci",
			siblings: []string{
				"bulkhead", "bulkhead/guard", "bulkhead/manifest", "bulkhead/report",
				"identity", "identity/aws", "identity/azure", "identity/gcp", "identity/gcp/condition", "identity/gcp/export", "identity/secrets",
				"netpol", "netpol/reach", "quota", "quota/admit", "quota/schedule",
			},
			outside: []string{"github.com/spf13/cobra", "k8s.io/api", "k8s.io/apimachinery", "sigs.k8s.io/yaml"},
			beneath: append(machinery(), "k8s.io/component-base", "k8s.io/component-helpers", "k8s.io/pod-security-admission", "github.com/spf13/pflag",
				"cel.dev/cel-go", "cel.dev/expr", "github.com/antlr4-go/antlr/v4", "golang.org/x/exp", "google.golang.org/genproto", "google.golang.org/protobuf"),
		},
		{
			pkg: "examples/staging",
			siblings: []string{
				"bulkhead", "bulkhead/guard", "bulkhead/manifest", "bulkhead/preset", "identity", "netpol", "netpol/platform", "quota",
				"quota/admit", "quota/schedule",
			},
			outside: []string{"k8s.io/api", "k8s.io/apimachinery", "sigs.k8s.io/network-policy-api/apis/v1alpha2"},
			beneath: append(machinery(), "k8s.io/component-base", "k8s.io/component-helpers", "k8s.io/pod-security-admission"),
		},
	}
}

// machinery returns what k8s.io/apimachinery v0.37 compiles besides itself.
func machinery() []string {
	return []string{
		"github.com/fxamacker/cbor/v2",
		"github.com/go-logr/logr",
		"github.com/json-iterator/go",
		"github.com/modern-go/concurrent",
		"github.com/modern-go/reflect2",
		"github.com/x448/float16",
		"go.yaml.in/yaml/v2",
		"golang.org/x/net",
		"golang.org/x/text",
		"gopkg.in/inf.v0",
		"k8s.io/klog/v2",
		"k8s.io/kube-openapi",
		"k8s.io/utils",
		"sigs.k8s.io/json",
		"sigs.k8s.io/randfill",
		"sigs.k8s.io/structured-merge-diff/v6",
	}
}
