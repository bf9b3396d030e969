// SPDX-License-Identifier: Apache-2.0

package condition_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
	"github.com/watertight-go/watertight/identity/gcp/condition"
)

func day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
}

func now() time.Time { return day(2026, time.November, 22) } // a Sunday

// instance is a request to an instance of Cloud SQL.
func instance(name string) gcp.Request {
	return gcp.Request{
		ResourceName: "projects/p/instances/" + name, ResourceType: "sqladmin.googleapis.com/Instance", ResourceService: "sqladmin.googleapis.com",
	}
}

func TestHolds(t *testing.T) {
	at := func(when time.Time) gcp.Request { return gcp.Request{Time: when} }
	secret := gcp.Request{
		ResourceName: "projects/111/secrets/db/versions/3", ResourceType: "secretmanager.googleapis.com/SecretVersion", ResourceService: "secretmanager.googleapis.com",
	}
	object := gcp.Request{ResourceName: "projects/_/buckets/acme-orders-aaa/objects/data_lake/orders/order_date=2019-11-03/aef87g87ae0876"}
	tests := map[string]struct {
		expression string
		about      gcp.Request
		want       identity.Answer
		missing    string // part of what is missing
	}{
		"a name that is equal":           {expression: `resource.name == "projects/p/instances/staging"`, about: instance("staging"), want: identity.Yes},
		"a name that is not":             {expression: `resource.name == "projects/p/instances/staging"`, about: instance("prod"), want: identity.No},
		"a name that is not known":       {expression: `resource.name == "projects/p/instances/staging"`, want: identity.Unknown, missing: "the value of resource.name"},
		"name and type":                  {expression: `resource.name == "projects/p/instances/staging" && resource.type == "sqladmin.googleapis.com/Instance"`, about: instance("prod"), want: identity.No},
		"a type that is not, alone":      {expression: `resource.name == "x" && resource.type == "y"`, about: gcp.Request{ResourceType: "z"}, want: identity.No},
		"a service":                      {expression: `resource.service == "sqladmin.googleapis.com"`, about: instance("prod"), want: identity.Yes},
		"a connection name":              {expression: `resource.name.endsWith("p:europe-west1:staging")`, about: instance("staging"), want: identity.No},
		"a prefix that goes on":          {expression: `resource.name.startsWith("projects/p/instances/staging")`, about: instance("staging-legacy-prod"), want: identity.Yes},
		"a prefix that ends":             {expression: `resource.name.startsWith("projects/p/instances/staging/")`, about: instance("staging-legacy-prod"), want: identity.No},
		"everything else":                {expression: `resource.type != "sqladmin.googleapis.com/Instance" || resource.name == "projects/p/instances/staging"`, about: secret, want: identity.Yes},
		"everything else, for the type":  {expression: `resource.type != "sqladmin.googleapis.com/Instance" || resource.name == "projects/p/instances/staging"`, about: instance("prod"), want: identity.No},
		"a list of names":                {expression: `resource.name in ["projects/p/instances/a", "projects/p/instances/b"]`, about: instance("b"), want: identity.Yes},
		"a pattern":                      {expression: `resource.name.matches("^projects/p/instances/stag.*$")`, about: instance("prod"), want: identity.No},
		"a secret by number":             {expression: `resource.name.startsWith("projects/111/secrets/db/")`, about: secret, want: identity.Yes},
		"time that is past":              {expression: `request.time < timestamp("2020-01-01T00:00:00Z")`, want: identity.No},
		"time that is to come":           {expression: `request.time < timestamp("2099-01-01T00:00:00Z")`, want: identity.Yes},
		"time that begins":               {expression: `request.time > timestamp("2099-01-01T00:00:00Z")`, want: identity.Yes},
		"time with an hour to spare":     {expression: `request.time < timestamp("2026-11-22T11:30:00Z") + duration("1h")`, want: identity.Yes},
		"time without":                   {expression: `request.time < timestamp("2026-11-22T12:30:00Z") - duration("1h")`, want: identity.No},
		"time that is over before":       {expression: `request.time > timestamp("2040-01-01T00:00:00Z") && request.time < timestamp("2030-01-01T00:00:00Z")`, want: identity.No},
		"a moment":                       {expression: `request.time == timestamp("2030-01-01T00:00:00Z")`, want: identity.Yes},
		"between two nanoseconds":        {expression: `request.time > timestamp("2030-01-01T00:00:00Z") && request.time < timestamp("2030-01-01T00:00:00.000000001Z")`, want: identity.No},
		"all but a moment":               {expression: `request.time != timestamp("2030-01-01T00:00:00Z") && request.time >= timestamp("2030-01-01T00:00:00Z")`, want: identity.Yes},
		"office hours":                   {expression: `request.time.getHours("Europe/Berlin") >= 9 && request.time.getHours("Europe/Berlin") <= 17 && request.time.getDayOfWeek("Europe/Berlin") == 3`, want: identity.Yes},
		"office hours that are over":     {expression: `request.time.getHours() == 9 && request.time < timestamp("2026-11-23T08:00:00Z")`, want: identity.Unknown, missing: "whether request.time is ever"},
		"an hour that there is not":      {expression: `request.time.getHours() == 25`, want: identity.Unknown, missing: "whether request.time is ever"},
		"an hour that no one needs":      {expression: `request.time.getHours() == 25 && resource.name == "x"`, about: instance("prod"), want: identity.No},
		"December":                       {expression: `request.time.getMonth() == 11`, want: identity.Yes},
		"a time":                         {expression: `request.time < timestamp("2099-01-01T00:00:00Z")`, about: at(day(2100, 1, 1)), want: identity.No},
		"a time before now":              {expression: `request.time < timestamp("2020-01-01T00:00:00Z")`, about: at(day(2019, 1, 1)), want: identity.Yes},
		"time beside a name not known":   {expression: `request.time < timestamp("2099-01-01T00:00:00Z") && resource.name == "x"`, want: identity.Unknown, missing: "the value of resource.name"},
		"past beside a name not known":   {expression: `request.time < timestamp("2020-01-01T00:00:00Z") && resource.name == "x"`, want: identity.No},
		"a tag":                          {expression: `resource.matchTag("123/env", "staging")`, about: instance("prod"), want: identity.Unknown, missing: `resource.matchTag("123/env", "staging")`},
		"a tag by ID":                    {expression: `resource.matchTagId("tagKeys/1", "tagValues/2")`, want: identity.Unknown, missing: `resource.matchTagId("tagKeys/1", "tagValues/2")`},
		"no tag":                         {expression: `!resource.hasTagKey("123/env") && !resource.hasTagKeyId("tagKeys/1")`, want: identity.Unknown, missing: `resource.hasTagKey("123/env")`},
		"a tag that no one needs":        {expression: `resource.matchTag("123/env", "staging") && resource.name == "x"`, about: instance("prod"), want: identity.No},
		"a tag or a name":                {expression: `resource.matchTag("123/env", "staging") || resource.name == "projects/p/instances/prod"`, about: instance("prod"), want: identity.Yes},
		"a claim":                        {expression: `request.auth.claims.google.providerId == "https://container.googleapis.com/v1/projects/p/locations/l/clusters/c"`, want: identity.Unknown, missing: "request.auth.claims.google.providerId"},
		"a claim that is there":          {expression: `has(request.auth.claims.google)`, want: identity.Unknown, missing: "request.auth.claims.google"},
		"a claim by index":               {expression: `request.auth.claims["a b"] == 1`, want: identity.Unknown, missing: `request.auth.claims["a b"]`},
		"an access level":                {expression: `"accessPolicies/1/accessLevels/office" in request.auth.access_levels`, want: identity.Unknown, missing: "request.auth.access_levels"},
		"roles that may be granted":      {expression: `api.getAttribute("iam.googleapis.com/modifiedGrantsByRole", []).hasOnly(["roles/a"])`, want: identity.Unknown, missing: `api.getAttribute("iam.googleapis.com/modifiedGrantsByRole")`},
		"a prefix of a list":             {expression: `api.getAttribute("storage.googleapis.com/objectListPrefix", "").startsWith("a/")`, want: identity.Unknown, missing: "objectListPrefix"},
		"a port":                         {expression: `destination.port == 22 && destination.ip == "10.0.0.1"`, want: identity.Unknown, missing: "destination.port"},
		"a port or another type":         {expression: `resource.type != "iap.googleapis.com/TunnelInstance" || destination.port == 21`, about: instance("prod"), want: identity.Yes},
		"a path":                         {expression: `request.path.startsWith("/admin") || request.host == "h"`, want: identity.Unknown, missing: "request.path"},
		"the type of a principal":        {expression: `principal.type == "iam.googleapis.com/ServiceAccount"`, want: identity.Unknown, missing: "principal.type"},
		"an attribute yet to come":       {expression: `resource.colour == "red"`, about: instance("prod"), want: identity.Unknown, missing: "resource.colour"},
		"an attribute of nothing":        {expression: `weather.sunny || true`, want: identity.Unknown, missing: "undeclared reference to 'weather'"},
		"a value out of a name":          {expression: `resource.name.extract("/order_date={date}/") == "2019-11-03"`, about: object, want: identity.Yes},
		"a value out of an unknown name": {expression: `resource.name.extract("/order_date={date}/") == "2019-11-03"`, want: identity.Unknown, missing: "resource.name"},
		"true":                           {expression: `true`, want: identity.Yes},
		"false":                          {expression: `false`, want: identity.No},
		"nothing":                        {expression: ``, want: identity.Unknown, missing: "does not compile"},
		"a text":                         {expression: `"x"`, want: identity.Unknown, missing: "no bool: it gives a string"},
		"a list":                         {expression: `[true]`, want: identity.Unknown, missing: "no bool"},
		"anything":                       {expression: `dyn("x")`, want: identity.Unknown, missing: "no bool for this request"},
		"half of one":                    {expression: `resource.name ==`, want: identity.Unknown, missing: "does not compile"},
		"another type of value":          {expression: `resource.name == 3`, want: identity.Unknown, missing: "does not compile"},
		"a time that is none":            {expression: `request.time < timestamp(resource.name)`, about: instance("x"), want: identity.Unknown, missing: "fails for this request"},
		"a failing arm":                  {expression: `timestamp(resource.name) < request.time || resource.name == "projects/p/instances/x"`, about: instance("x"), want: identity.Yes},
		"two places in a template":       {expression: `resource.name.extract("{a}/{b}") == "x"`, about: instance("x"), want: identity.Unknown, missing: "one place in braces"},
	}
	conditions := condition.New(now())
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for range 2 { // compiled, and kept
				got := conditions.Holds(tt.expression, tt.about)
				if got.Answer != tt.want || !strings.Contains(strings.Join(got.Missing, "; "), tt.missing) {
					t.Errorf("%s holds: %v %q, missing %q; want %v, missing %q", tt.expression, got.Answer, got.Why, got.Missing, tt.want, tt.missing)
				}
				if (got.Why == "") != (got.Answer == identity.Unknown) || (got.Missing == nil) != (got.Answer != identity.Unknown) {
					t.Errorf("%s holds: %v with Why %q and Missing %q", tt.expression, got.Answer, got.Why, got.Missing)
				}
			}
		})
	}
}

// The examples of the page on attributes.
func TestExtract(t *testing.T) {
	about := gcp.Request{ResourceName: "projects/_/buckets/acme-orders-aaa/objects/data_lake/orders/order_date=2019-11-03/aef87g87ae0876"}
	conditions := condition.New(now())
	for template, want := range map[string]string{
		"/order_date={date}/":        "2019-11-03",
		"buckets/{name}/":            "acme-orders-aaa",
		"/orders/{empty}order_date":  "",
		"{start}/objects/data_lake":  "projects/_/buckets/acme-orders-aaa",
		"orders/{end}":               "order_date=2019-11-03/aef87g87ae0876",
		"{all}":                      about.ResourceName,
		"/orders/{none}/order_date=": "",
		"nowhere/{none}":             "",
	} {
		t.Run(template, func(t *testing.T) {
			expression := fmt.Sprintf("resource.name.extract(%q) == %q", template, want)
			if got := conditions.Holds(expression, about); got.Answer != identity.Yes {
				t.Errorf("%s: %v %v", expression, got.Answer, got.Missing)
			}
		})
	}
}

// Who does not say when it is learns nothing from times.
func TestHoldsWithoutNow(t *testing.T) {
	conditions := condition.New(time.Time{})
	for expression, want := range map[string]identity.Answer{
		`request.time < timestamp("2020-01-01T00:00:00Z")`:          identity.Unknown,
		`request.time < timestamp("2099-01-01T00:00:00Z")`:          identity.Unknown,
		`request.time < timestamp("2099-01-01T00:00:00Z") && false`: identity.No,
		`request.time < timestamp("2099-01-01T00:00:00Z") || true`:  identity.Yes,
	} {
		if got := conditions.Holds(expression, gcp.Request{}); got.Answer != want {
			t.Errorf("%s holds: %v %v, want %v", expression, got.Answer, got.Missing, want)
		}
	}
}

// Evaluators serve goroutines, and answer the same after they have forgotten.
func TestHoldsInManyGoroutines(t *testing.T) {
	conditions := condition.New(now())
	padding := strings.Repeat(" ", 4000) // a few hundred of these are forgotten
	var group sync.WaitGroup
	for g := range 4 {
		group.Go(func() {
			for i := range 300 {
				name := fmt.Sprintf("i%d", (i*7+g)%300)
				expression := fmt.Sprintf(`resource.name == "projects/p/instances/%s"%s`, name, padding)
				if got := conditions.Holds(expression, instance(name)); got.Answer != identity.Yes {
					t.Errorf("%s holds: %v", name, got)
				}
				if got := conditions.Holds(expression, instance("other")); got.Answer != identity.No {
					t.Errorf("%s holds for another: %v", name, got)
				}
			}
		})
	}
	group.Wait()
}

// What could fill time or memory is unknown, and soon.
func TestHoldsOfHostileExpressions(t *testing.T) {
	many := "[" + strings.Repeat("1,", 99) + "1]"
	nested := "true"
	for i := range 6 {
		nested = fmt.Sprintf("%s.all(x%d, %s)", many, i, nested)
	}
	doubled := `["a"]`
	for range 40 {
		doubled += `.map(x, x + x)`
	}
	conditions := condition.New(now())
	for name, expression := range map[string]string{
		"5,000 parentheses":  strings.Repeat("(", 5000) + "true" + strings.Repeat(")", 5000),
		"300 parentheses":    strings.Repeat("(", 300) + "true" + strings.Repeat(")", 300),
		"a megabyte of text": `"` + strings.Repeat("a", 1<<20) + `" == resource.name`,
		"loops in loops":     nested,
		"loops over time":    nested + ` && request.time.getHours() == 25`,
		"an hour in a loop":  `request.time.getHours() == 25 || ` + many + `.exists(x, ` + many + `.exists(y, x + y == 3))`,
		"a text of 2^40":     doubled + `.size() == 1 && ` + doubled + `[0].size() == 3`,
		"a pattern of many":  `resource.name.matches("((((a{50}){50}){50}){50})")`,
		"not UTF-8":          "\xff",
		"a long name":        strings.Repeat("a", 8000),
		"a long claim":       "request.auth." + strings.Repeat("a", 8000) + " == 1",
		"operators in a row": strings.Repeat("!", 7000) + "resource.hasTagKey('a')",
		"arms in a row":      strings.Repeat("false||", 1000) + "resource.hasTagKey('a')",
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			got := conditions.Holds(expression, gcp.Request{ResourceName: "x"})
			if got.Answer != identity.Unknown || len(strings.Join(got.Missing, "")) > 1000 {
				t.Errorf("holds: %v %.2000q", got.Answer, got.Missing)
			}
			t.Logf("%v: %.200q", time.Since(start), got.Missing)
		})
	}
}

func TestMissingIsSortedAndNamesEachOnce(t *testing.T) {
	got := condition.New(now()).Holds(`resource.type == "b" && resource.name == "a" && resource.type == "c"`, gcp.Request{})
	if diff := cmp.Diff([]string{"the value of resource.name", "the value of resource.type"}, got.Missing); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}
}
