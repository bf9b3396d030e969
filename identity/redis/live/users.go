// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"
	"errors"
	"slices"
	"strings"

	goredis "github.com/redis/go-redis/v9"

	"github.com/watertight-go/watertight/identity/redis"
)

// readUsers reads ACL LIST. Hashes of passwords are compared with each other and then
// forgotten.
func readUsers(ctx context.Context, client *goredis.Client, s *redis.Snapshot) error {
	list, err := client.Do(ctx, "ACL", "LIST").StringSlice()
	if err != nil {
		return err
	}
	users := make([]redis.User, 0, len(list))
	holders := make(map[string][]int) // users, by the hash of a password
	for i, line := range list {
		u, hashes, err := parseLine(line)
		if err != nil {
			return err
		}
		for _, hash := range hashes {
			holders[hash] = append(holders[hash], i)
		}
		users = append(users, u)
	}
	for i := range users {
		if users[i].Password {
			users[i].SharesPassword = []string{} // compared, and so far with nobody
		}
	}
	for _, sharing := range holders {
		for _, i := range sharing {
			for _, k := range sharing {
				if i != k && !slices.Contains(users[i].SharesPassword, users[k].Name) {
					users[i].SharesPassword = append(users[i].SharesPassword, users[k].Name)
				}
			}
		}
	}
	for i := range users {
		slices.Sort(users[i].SharesPassword)
	}
	s.Users = users
	return nil
}

// parseLine reads a line of ACL LIST: user NAME RULE RULE ... The hashes of the user's
// passwords are apart.
func parseLine(line string) (u redis.User, hashes []string, err error) {
	words := strings.Split(line, " ")
	if len(words) < 2 || words[0] != "user" {
		return u, nil, errors.New("a line of ACL LIST does not begin with user and a name")
	}
	u.Name = words[1]
	for _, rule := range rules(words[2:]) {
		if strings.HasPrefix(rule, "#") {
			hashes = append(hashes, rule[1:])
			u.Password = true
			continue
		}
		u.Rules = append(u.Rules, rule)
	}
	return u, hashes, nil
}

// rules joins the words of each selector, as the server does with those of a file
// (src/acl.c, ACLMergeSelectorArguments).
func rules(words []string) []string {
	var out []string
	open := -1
	for i, word := range words {
		switch {
		case open < 0 && strings.HasPrefix(word, "(") && !strings.HasSuffix(word, ")"):
			open = i
		case open >= 0 && strings.HasSuffix(word, ")"):
			out = append(out, strings.Join(words[open:i+1], " "))
			open = -1
		case open < 0 && word != "":
			out = append(out, word)
		}
	}
	if open >= 0 {
		out = append(out, words[open:]...) // is understood by nobody, and said to be so
	}
	return out
}
