// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"
	"errors"
	"fmt"

	goredis "github.com/redis/go-redis/v9"

	"github.com/watertight-go/watertight/identity/redis"
)

// Apply executes the statements of a recipe that are not done, one by one, and stops at
// the first surprise with a [*redis.StoppedError]; see [redis.Recipe.Run]. The context
// limits the whole. In a cluster, apply it to each node, with a client of that node.
func Apply(ctx context.Context, client *goredis.Client, r redis.Recipe) ([]redis.Step, error) {
	return r.Run(ctx, session{client})
}

type session struct{ client *goredis.Client }

// Snapshot takes a snapshot.
func (s session) Snapshot(ctx context.Context) (*redis.Snapshot, error) {
	return Snapshot(ctx, s.client)
}

// Hashes asks ACL GETUSER, in the form of RESP 2 or RESP 3.
func (s session) Hashes(ctx context.Context, user string) ([]string, error) {
	reply, err := s.client.Do(ctx, "ACL", "GETUSER", user).Result()
	if err != nil {
		return nil, err
	}
	got, err := fields(reply)
	if err != nil {
		return nil, err
	}
	list, ok := got["passwords"].([]any)
	if !ok {
		return nil, errors.New("ACL GETUSER says nothing of passwords")
	}
	out := make([]string, len(list))
	for i, hash := range list {
		out[i] = fmt.Sprint(hash)
	}
	return out, nil
}

// Execute sends a command.
func (s session) Execute(ctx context.Context, args []string) error {
	words := make([]any, len(args))
	for i, arg := range args {
		words[i] = arg
	}
	return s.client.Do(ctx, words...).Err()
}
