package notify

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"
	"time"
)

const (
	minBackoff = time.Minute
	maxBackoff = time.Hour
	giveUp     = 24 * time.Hour // after the change the notice tells of
)

// backoff is how long to wait after a number of failed tries, 1 for the first: a minute, then twice as long each time, an hour at most. Up
// to a third is added, which depends on the notice, so that those that failed together do not come back together.
func backoff(key string, failed int) time.Duration {
	const highest = maxBackoff * 3 / 4
	base := highest
	if doublings := max(failed, 1) - 1; doublings < 6 { // 2^6 minutes are more than an hour
		base = min(minBackoff<<doublings, highest)
	}
	sum := sha256.Sum256([]byte(key + "#" + strconv.Itoa(failed)))
	share := binary.BigEndian.Uint32(sum[:]) % 1000
	return base + base/3*time.Duration(share)/1000
}
