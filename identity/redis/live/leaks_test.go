// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/watertight-go/watertight/internal/dbtest"
)

// TestEveryLeakFailsAsTheConfinedUser attempts what the naive recipe allows, as the user
// that the recipe makes, and expects the server's refusal.
func TestEveryLeakFailsAsTheConfinedUser(t *testing.T) {
	eachServer(t, func(t *testing.T, s dbtest.Server, client *goredis.Client) {
		admin := confined(t, s, client)
		do(t, admin, "SET", "prod:users:staging:leak", "secret")
		do(t, admin, "SET", "stagingx:1", "secret")
		do(t, admin, "FUNCTION", "LOAD", "#!lua name=prod\nredis.register_function('answer', function() return 42 end)")
		stg := connect(t, s, staging, password)

		for _, call := range []string{
			"GET prod:users:staging:leak", "SET prod:a 1", "DEL prod:a", "EXISTS prod:a", "TYPE prod:a", "OBJECT ENCODING prod:a",
			"GET stagingx:1", "GET staging", "COPY prod:users:staging:leak staging:a", "RENAME prod:a staging:a", "MGET staging:a prod:a",
			"SORT staging:a BY prod:*", "SORT_RO staging:a GET prod:*", "SORT staging:a STORE prod:a",
			"SCAN 0", "KEYS *", "RANDOMKEY", "DBSIZE", "FLUSHALL", "FLUSHDB", "SWAPDB 0 1", "SELECT 1", "MOVE staging:a 1",
			"FUNCTION FLUSH", "FUNCTION DELETE prod", "FUNCTION LIST", "FUNCTION DUMP", "FUNCTION KILL", "FUNCTION STATS", "FCALL answer 0",
			"FUNCTION LOAD REPLACE x", "SCRIPT FLUSH", "SCRIPT KILL", "SCRIPT DEBUG YES",
			"CLIENT TRACKING ON BCAST PREFIX prod:", "CLIENT LIST", "CLIENT KILL TYPE normal", "CLIENT PAUSE 1", "CLIENT NO-EVICT on", "CLIENT UNBLOCK 1",
			"MONITOR", "SLOWLOG GET", "PUBSUB CHANNELS", "PUBSUB SHARDCHANNELS", "PUBSUB NUMPAT", "INFO", "LATENCY LATEST", "MEMORY STATS", "LASTSAVE", "ROLE",
			"CONFIG GET *", "CONFIG SET maxmemory 1", "ACL LIST", "ACL WHOAMI", "ACL SETUSER staging allkeys", "ACL USERS", "MODULE LIST",
			"SHUTDOWN NOSAVE", "REPLICAOF NO ONE", "PSYNC ? -1", "SYNC", "REPLCONF capa eof", "FAILOVER", "SAVE", "BGSAVE",
			"CLUSTER NODES", "MIGRATE 127.0.0.1 1 staging:a 0 1", "RESTORE staging:b 0 x",
			"PUBLISH prod:news x", "SPUBLISH prod:news x", "SUBSCRIBE prod:news", "PSUBSCRIBE *", "PSUBSCRIBE staging:a*",
			"SUBSCRIBE __keyspace@0__:prod:a", "PSUBSCRIBE __keyevent@0__:*", "PUBLISH __sentinel__:hello x",
		} {
			err := stg.Do(t.Context(), anys(strings.Fields(call))...).Err()
			switch {
			case err == nil:
				t.Errorf("%s succeeded", call)
			case !refuses(err):
				t.Errorf("%s: %v", call, err)
			}
		}
		for script, key := range map[string]string{
			"return redis.call('GET', 'prod:users:staging:leak')": "", "return redis.call('GET', KEYS[1])": "prod:a",
			"return redis.call('SCAN', 0)": "", "return redis.call('FLUSHALL')": "", "return redis.call('RANDOMKEY')": "",
		} {
			call := []string{"EVAL", script, "0"}
			if key != "" {
				call = []string{"EVAL", script, "1", key}
			}
			if err := stg.Do(t.Context(), anys(call)...).Err(); err == nil || !refuses(err) {
				t.Errorf("%s: %v", script, err)
			}
		}
		anonymous := connect(t, s, "", "")
		if err := anonymous.Get(t.Context(), "prod:a").Err(); err == nil || !strings.HasPrefix(err.Error(), "NOAUTH") {
			t.Errorf("without logging in: %v", err)
		}
		if err := stg.Do(t.Context(), "AUTH", "default", "anything").Err(); err == nil || !strings.HasPrefix(err.Error(), "WRONGPASS") {
			t.Errorf("logging in as default: %v", err)
		}
	})
}

// refuses reports whether an error is the server's refusal by its rules. SORT has a
// message of its own for BY and GET, so have scripts, and Redis knows fewer
// commands than Valkey.
func refuses(err error) bool {
	return strings.HasPrefix(err.Error(), "NOPERM") || strings.Contains(err.Error(), "denied due to insufficient ACL permissions") ||
		strings.Contains(err.Error(), "ACL failure in script") || strings.Contains(err.Error(), "The user executing the script can't") || strings.HasPrefix(err.Error(), "ERR unknown command")
}

// TestTheConfinedUserWorks does what an application does.
func TestTheConfinedUserWorks(t *testing.T) {
	eachServer(t, func(t *testing.T, s dbtest.Server, client *goredis.Client) {
		confined(t, s, client)
		stg := connect(t, s, staging, password)
		for _, call := range []string{
			"SET staging:a 1 EX 100", "GET staging:a", "INCR staging:a", "MSET staging:b 1 staging:c 2", "HSET staging:h f v", "HGETALL staging:h",
			"LPUSH staging:l a b", "BRPOP staging:l 1", "SADD staging:s a", "SINTERSTORE staging:i staging:s staging:s", "ZADD staging:z 1 a", "ZRANGE staging:z 0 -1",
			"XADD staging:x * f v", "XGROUP CREATE staging:x g $", "XREAD COUNT 1 STREAMS staging:x 0", "PFADD staging:p a", "GEOADD staging:g 1 1 a",
			"SETBIT staging:bit 1 1", "EXPIRE staging:a 10", "OBJECT ENCODING staging:a", "MEMORY USAGE staging:a", "RENAME staging:b staging:d",
			"PUBLISH staging:news x", "PING", "CLIENT SETNAME app", "CLIENT ID", "COMMAND COUNT", "WAIT 0 1", "ECHO x",
		} {
			if err := stg.Do(t.Context(), anys(strings.Fields(call))...).Err(); err != nil {
				t.Errorf("%s: %v", call, err)
			}
		}
		if got, err := stg.Eval(t.Context(), "return redis.call('GET', KEYS[1])", []string{"staging:c"}).Result(); err != nil || got != "2" {
			t.Errorf("a script: %v, %v", got, err)
		}
		if _, err := stg.TxPipelined(t.Context(), func(p goredis.Pipeliner) error { return p.Set(t.Context(), "staging:t", 1, 0).Err() }); err != nil {
			t.Errorf("a transaction: %v", err)
		}
		sub := connect(t, s, staging, password).PSubscribe(t.Context(), "staging:*")
		t.Cleanup(func() { _ = sub.Close() })
		if _, err := sub.ReceiveTimeout(t.Context(), 5*time.Second); err != nil {
			t.Errorf("subscribing: %v", err)
		}
	})
}
