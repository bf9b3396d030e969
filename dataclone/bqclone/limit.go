// SPDX-License-Identifier: Apache-2.0

package bqclone

import (
	"context"
	"sync"
	"time"
)

// A limiter spaces the calls of a method: a call is begun one interval after the call
// before, or at once if that was longer ago. So a second never has more calls than the
// rate, plus one.
type limiter struct {
	interval time.Duration
	mu       sync.Mutex
	next     map[string]time.Time
}

func newLimiter(perSecond int) *limiter {
	return &limiter{interval: time.Second / time.Duration(perSecond), next: map[string]time.Time{}}
}

// wait returns when a call of the method may begin, or when ctx ends.
func (l *limiter) wait(ctx context.Context, method string) error {
	now := time.Now()
	l.mu.Lock()
	at := l.next[method]
	if at.Before(now) {
		at = now
	}
	l.next[method] = at.Add(l.interval)
	l.mu.Unlock()
	return sleep(ctx, at.Sub(now))
}

// slots bound how many things go on at once: each holds one value while it does.
type slots chan struct{}

// take waits for a slot, or returns the error of ctx when that ends first.
func (s slots) take(ctx context.Context) (release func(), err error) {
	select {
	case s <- struct{}{}:
		return func() { <-s }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// sleep waits, or returns the error of ctx when that ends first.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
