package bench

import (
	"context"
	"testing"
	"time"
)

// background is for the servers that the test program becomes.
func background() context.Context { return context.Background() }

func timeout(t *testing.T, d time.Duration) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithTimeout(t.Context(), d)
}
