// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"

	goredis "github.com/redis/go-redis/v9"

	"github.com/watertight-go/watertight/identity/redis"
)

// Snapshot reads the users, the commands and what else decides from a server. It
// changes nothing and looks at no key. What the client may not ask, or the server does
// not know, is not read; any other error ends it. The context limits the whole.
//
// In a cluster each node has users of its own: take one snapshot of each, with a client
// of that node.
func Snapshot(ctx context.Context, client *goredis.Client) (*redis.Snapshot, error) {
	s := &redis.Snapshot{Kind: redis.SnapshotKind}
	for _, part := range []struct {
		name string
		read func(context.Context, *goredis.Client, *redis.Snapshot) error
	}{
		{"INFO server", readServer},
		{"ACL LIST", readUsers},
		{"COMMAND", readCommands},
		{"CONFIG GET", readConfig},
		{"CLIENT LIST", readConnections},
	} {
		if err := part.read(ctx, client, s); err != nil && !isRefusal(err) {
			return nil, fmt.Errorf("reading %s: %w", part.name, err)
		}
	}
	return s, nil
}

// isRefusal reports whether the server says that the client may not ask, or that it
// does not know the command, as services do that manage servers.
func isRefusal(err error) bool {
	var reply goredis.Error
	if !errors.As(err, &reply) {
		return false
	}
	return strings.HasPrefix(reply.Error(), "NOPERM ") || strings.HasPrefix(reply.Error(), "ERR unknown ")
}

func readServer(ctx context.Context, client *goredis.Client, s *redis.Snapshot) error {
	text, err := client.Info(ctx, "server").Result()
	if err != nil {
		return err
	}
	info := lines(text, ":")
	s.Server = "Redis " + info["redis_version"]
	if version := info["valkey_version"]; version != "" {
		s.Server = "Valkey " + version
	}
	s.Cluster = info["redis_mode"] == "cluster" || info["server_mode"] == "cluster"
	return nil
}

// lines reads lines of names and values.
func lines(text, separator string) map[string]string {
	out := make(map[string]string)
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimRight(line, "\r\n"), separator)
		out[name] = value
	}
	return out
}

func readConfig(ctx context.Context, client *goredis.Client, s *redis.Snapshot) error {
	config := make(map[string]string)
	for _, name := range redis.ConfigParameters() {
		got, err := client.ConfigGet(ctx, name).Result()
		if err != nil {
			return err
		}
		maps.Copy(config, got)
	}
	s.Config = config
	return nil
}

// readConnections counts the clients of each user but the connection that asks, and those
// that have yet to say anything: everybody is default before logging in.
func readConnections(ctx context.Context, client *goredis.Client, s *redis.Snapshot) error {
	pipe := client.Pipeline() // both on one connection
	id, list := pipe.ClientID(ctx), pipe.ClientList(ctx)
	if _, err := pipe.Exec(ctx); err != nil {
		return err
	}
	self := strconv.FormatInt(id.Val(), 10)
	users := make(map[string]int)
	for line := range strings.Lines(list.Val()) {
		if fields := clientFields(line); fields["id"] != self && fields["cmd"] != "NULL" {
			users[fields["user"]]++
		}
	}
	s.Connections = users
	return nil
}

func clientFields(line string) map[string]string {
	out := make(map[string]string)
	for field := range strings.FieldsSeq(line) {
		name, value, _ := strings.Cut(field, "=")
		out[name] = value
	}
	return out
}
