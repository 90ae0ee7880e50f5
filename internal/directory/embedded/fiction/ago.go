package fiction

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ago is a time written as how long ago it is: "4m", "3h" or "12d". The zero ago is no time.
type ago struct {
	known bool
	span  time.Duration
}

// UnmarshalJSON reads minutes, hours or days.
func (a *ago) UnmarshalJSON(raw []byte) error {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return err
	}
	unit, ok := map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour}[last(s)]
	n, err := strconv.Atoi(strings.TrimRight(s, "mhd"))
	if !ok || err != nil || n < 0 {
		return fmt.Errorf("%q is not a number of minutes, hours or days such as 12d", s)
	}
	*a = ago{known: true, span: time.Duration(n) * unit}
	return nil
}

func last(s string) byte {
	if s == "" {
		return 0
	}
	return s[len(s)-1]
}

// before is the time itself; the zero time when there is none.
func (a ago) before(now time.Time) time.Time {
	if !a.known {
		return time.Time{}
	}
	return now.Add(-a.span)
}
