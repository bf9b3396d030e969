// SPDX-License-Identifier: Apache-2.0

package bqsim_test

import (
	"fmt"
	"sync"
	"testing"

	raw "google.golang.org/api/bigquery/v2"

	"github.com/watertight-go/watertight/dataclone/bqsim"
)

// many has 10,000 tables of two columns in prod-1.many.
func many(tb testing.TB) (*bqsim.Server, *raw.Service) {
	tb.Helper()
	s, client, service := serve(tb, bqsim.Options{})
	seed(tb, s, client)
	ok(tb, s, "POST", "/projects/prod-1/datasets", `{"datasetReference":{"datasetId":"many"}}`)
	for i := range 10_000 {
		ok(tb, s, "POST", "/projects/prod-1/datasets/many/tables", fmt.Sprintf(
			`{"tableReference":{"tableId":"t%05d"},"schema":{"fields":[{"name":"id","type":"INTEGER"},{"name":"note","type":"STRING"}]}}`, i))
	}
	return s, service
}

// BenchmarkGetTable is a round trip of tables.get over the loopback interface,
// beside 10,000 tables, with and without the client's own work.
func BenchmarkGetTable(b *testing.B) {
	s, service := many(b)
	b.Run("client", func(b *testing.B) {
		for b.Loop() {
			if _, err := service.Tables.Get("prod-1", "many", "t05000").Do(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("handler", func(b *testing.B) {
		for b.Loop() {
			ok(b, s, "GET", "/projects/prod-1/datasets/many/tables/t05000", "")
		}
	})
}

// BenchmarkListTables lists 10,000 tables in pages of 1,000.
func BenchmarkListTables(b *testing.B) {
	_, service := many(b)
	for b.Loop() {
		n := 0
		err := service.Tables.List("prod-1", "many").MaxResults(1000).Pages(b.Context(), func(list *raw.TableList) error {
			n += len(list.Tables)
			return nil
		})
		if err != nil || n != 10_000 {
			b.Fatal(n, err)
		}
	}
}

// BenchmarkClone clones 10,000 tables.
func BenchmarkClone(b *testing.B) {
	s, _ := many(b)
	for n := 0; b.Loop(); n++ {
		if n%10_000 == 0 {
			ok(b, s, "POST", "/projects/stg-1/datasets", fmt.Sprintf(`{"datasetReference":{"datasetId":"g%d"}}`, n))
		}
		if got := querying(b, s, fmt.Sprintf("CREATE TABLE `stg-1.g%d.t%d` CLONE `prod-1.many.t%05d`", n/10_000*10_000, n, n%10_000)); got != "" {
			b.Fatal(got)
		}
	}
}

func TestCallsAtOnceAreSafe(t *testing.T) {
	s := world(t, bqsim.Options{JobPolls: 1})
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := range 20 {
				name := fmt.Sprintf("w%d-%d", worker, i)
				if got := copying(t, s, "CLONE", source, "stg-1.stg."+name, ""); got != "" {
					t.Error(got)
				}
				ok(t, s, "GET", "/projects/stg-1/datasets/stg/tables", "")
				ok(t, s, "PATCH", "/projects/prod-1/datasets/sales/tables/orders", `{"labels":{"l":"`+name[:2]+`"}}`)
				s.Inject(bqsim.Fault{Kind: bqsim.SlowJob, Polls: 1})
				s.StoredBytes()
				s.Writes()
				s.Calls()
				s.Peak()
			}
		})
	}
	wg.Wait()
	must(t, s.Advance(hour))
	if got := ok(t, s, "GET", "/projects/stg-1/datasets/stg/tables", "")["totalItems"]; got != 160.0 {
		t.Errorf("%v tables, want 160", got)
	}
}
