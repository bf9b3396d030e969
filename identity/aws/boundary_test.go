// SPDX-License-Identifier: Apache-2.0

package aws_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/aws"
)

// Nothing is proved about nothing.
func TestNoAssumptionRefuses(t *testing.T) {
	tests := map[string]struct {
		edit func(*aws.Evidence, *aws.Boundary)
		want []string
	}{
		"nothing to start from":       {func(_ *aws.Evidence, b *aws.Boundary) { b.From = nil }, []string{"from"}},
		"nothing to protect":          {func(_ *aws.Evidence, b *aws.Boundary) { b.Away = nil }, []string{"away"}},
		"a namespace that is none":    {func(_ *aws.Evidence, b *aws.Boundary) { b.From = []string{"Staging", ""} }, []string{"from[0]", "from[1]"}},
		"a role by its name":          {func(_ *aws.Evidence, b *aws.Boundary) { b.Away = []string{"prod-backend"} }, []string{"away[0]"}},
		"no issuer":                   {func(_ *aws.Evidence, b *aws.Boundary) { b.Cluster.Issuer = "" }, []string{"cluster.issuer"}},
		"an issuer without https":     {func(_ *aws.Evidence, b *aws.Boundary) { b.Cluster.Issuer = provider }, []string{"cluster.issuer"}},
		"an issuer with a slash":      {func(_ *aws.Evidence, b *aws.Boundary) { b.Cluster.Issuer += "/" }, []string{"cluster.issuer"}},
		"an issuer in capitals":       {func(_ *aws.Evidence, b *aws.Boundary) { b.Cluster.Issuer = "HTTPS://" + provider }, []string{"cluster.issuer"}},
		"an issuer and a blank":       {func(_ *aws.Evidence, b *aws.Boundary) { b.Cluster.Issuer += " " }, []string{"cluster.issuer"}},
		"a cluster of no account":     {func(_ *aws.Evidence, b *aws.Boundary) { b.Cluster.ARN = "arn:aws:eks:eu-west-1::cluster/shop" }, []string{"cluster.arn"}},
		"a cluster without a name":    {func(_ *aws.Evidence, b *aws.Boundary) { b.Cluster.ARN = "arn:aws:eks:eu-west-1:111122223333:cluster/" }, []string{"cluster.arn"}},
		"a cluster by its name":       {func(_ *aws.Evidence, b *aws.Boundary) { b.Cluster.ARN = "shop" }, []string{"cluster.arn"}},
		"associations of no cluster":  {func(e *aws.Evidence, b *aws.Boundary) { b.Cluster.ARN, e.Associations = "", []aws.Association{{}} }, []string{"cluster.arn"}},
		"a role without a name":       {func(e *aws.Evidence, _ *aws.Boundary) { e.Roles = append(e.Roles, aws.Role{}) }, []string{"evidence.roles[1]"}},
		"two trust policies of one":   {func(e *aws.Evidence, _ *aws.Boundary) { e.Roles = append(e.Roles, aws.Role{ARN: prod}) }, []string{"evidence.roles[1]"}},
		"everything that can be left": {func(_ *aws.Evidence, b *aws.Boundary) { *b = aws.Boundary{} }, []string{"cluster.issuer", "from", "away"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e, b := setting{statements: []string{web(onlyProd)}}.evidence(t), boundary()
			tt.edit(&e, &b)
			proof, err := aws.NoAssumption(e, b)
			var invalid *bulkhead.InvalidError
			if !errors.As(err, &invalid) {
				t.Fatalf("proof %v, error %v", proof, err)
			}
			var got []string
			for _, e := range invalid.Errs {
				got = append(got, e.Field)
			}
			if diff := cmp.Diff(tt.want, slices.Compact(got)); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNoAssumptionNamesWhatIsNotThere(t *testing.T) {
	b := boundary()
	b.Away = append(b.Away, named("other"))
	proof := bulkhead.Must(aws.NoAssumption(setting{statements: []string{web(onlyProd)}}.evidence(t), b))
	if diff := cmp.Diff(bulkhead.Proof{Verdict: bulkhead.Undetermined, Missing: []string{"the trust policy of " + named("other")}}, proof); diff != "" {
		t.Errorf("proof (-want +got):\n%s", diff)
	}
}

// A role of which nothing is known but its name is one that is not there.
func TestNoAssumptionOfARoleWithoutStatements(t *testing.T) {
	e := setting{statements: []string{trusts(named("ci"), "")}}.evidence(t)
	e.Roles = append(e.Roles, aws.Role{ARN: named("ci")})
	b := boundary()
	b.Away = append(b.Away, named("ci"))
	want := bulkhead.Proof{Verdict: bulkhead.Undetermined, Missing: []string{"the trust policy of " + named("ci")}}
	if diff := cmp.Diff(want, bulkhead.Must(aws.NoAssumption(e, b))); diff != "" {
		t.Errorf("proof (-want +got):\n%s", diff)
	}
}

// A statement that does not deny allows, however it says so, on every way to the role.
func TestNoAssumptionOfAnUnknownEffect(t *testing.T) {
	e := setting{statements: []string{trusts(named("staging"), "")}, others: map[string][]string{"staging": {web(stagingRole)}}}.evidence(t)
	for i := range e.Roles {
		e.Roles[i].AssumeRolePolicyDocument.Statement[0].Effect = "allow"
	}
	if proof := bulkhead.Must(aws.NoAssumption(e, boundary())); proof.Verdict != bulkhead.Breached {
		t.Errorf("proof %v", proof)
	}
}

// Each namespace and role has its own path.
func TestNoAssumptionOfSeveral(t *testing.T) {
	b := boundary()
	b.From, b.Away = []string{"staging", "dev", "other"}, append(b.Away, named("second"))
	e := setting{
		statements: []string{web(`"StringLike": {"ISSUER:sub": ["system:serviceaccount:staging:*", "system:serviceaccount:dev:*"]}`)},
		others:     map[string][]string{"second": {web(stagingRole)}},
	}.evidence(t)
	var got []string
	for _, breach := range bulkhead.Must(aws.NoAssumption(e, b)).Breaches {
		hop := breach.Path[0]
		got = append(got, hop.Object.Name+" "+hop.Text[strings.LastIndexByte(hop.Text, ' ')+1:])
	}
	want := []string{"prod-backend system:serviceaccount:dev:x", "prod-backend system:serviceaccount:staging:x", "second system:serviceaccount:staging:app"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("breaches (-want +got):\n%s", diff)
	}
}

// A cluster that is not of EKS has no associations.
func TestNoAssumptionOfAnotherCluster(t *testing.T) {
	b := boundary()
	b.Cluster.ARN = ""
	for condition, want := range map[string]bulkhead.Verdict{
		onlyProdTags: bulkhead.Sealed,
		`"StringEquals": {"aws:RequestTag/eks-cluster-name": "other"}`: bulkhead.Undetermined,
	} {
		if proof := bulkhead.Must(aws.NoAssumption(setting{statements: []string{pods(condition)}}.evidence(t), b)); proof.Verdict != want {
			t.Errorf("%s: %v, want %v", condition, proof, want)
		}
	}
}

// A cluster has associations with roles of its own account.
func TestNoAssumptionOfAnotherAccount(t *testing.T) {
	b := boundary()
	b.Away = []string{named("444455556666/other")}
	e := setting{statements: []string{web(onlyProd)}, others: map[string][]string{"444455556666/other": {pods("")}}}.evidence(t)
	if proof := bulkhead.Must(aws.NoAssumption(e, b)); proof.Verdict != bulkhead.Sealed {
		t.Errorf("proof %v", proof)
	}
}

// Patterns that could fill the time make the answer unknown, and soon.
func TestNoAssumptionOfHostilePatterns(t *testing.T) {
	many := func(format string, n int) string {
		var values []string
		for i := range n {
			values = append(values, fmt.Sprintf("%q", fmt.Sprintf(format, i)))
		}
		return "[" + strings.Join(values, ", ") + "]"
	}
	for name, condition := range map[string]string{
		"stars among letters": `"StringNotLike": {"ISSUER:sub": ["*"]}, "StringLike": {"ISSUER:sub": ["` + strings.Repeat("*a*b?", 300) + `", "*` + strings.Repeat("?", 300) + `a*"]}`,
		"many of everything": `"StringLike": {"ISSUER:sub": ` + many("*%d*", 200) + `, "ISSUER:aud": ` + many("*a%d*", 200) + `, "sts:RoleSessionName": ` + many("*b%d*", 200) +
			`}, "StringNotLike": {"ISSUER:sub": ["*"]}`,
		"long texts": `"StringEquals": {"ISSUER:sub": ` + many("system:serviceaccount:staging:%d"+strings.Repeat("a", 3000), 200) + `, "ISSUER:aud": ` + many("%d"+strings.Repeat("a", 3000), 200) + `}`,
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			proof := bulkhead.Must(aws.NoAssumption(setting{statements: []string{web(condition)}}.evidence(t), boundary()))
			if proof.Verdict == bulkhead.Breached {
				t.Errorf("proof %v", proof)
			}
			t.Logf("%v: %v", time.Since(start), proof)
		})
	}
}
