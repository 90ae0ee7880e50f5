package store

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// nanos is how a time is stored: 0 for the zero time.
func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

// instant is the time that nanos stored.
func instant(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}

// raw are the exact bytes of a text from outside. They are stored as bytes because they need not be UTF-8.
func raw(t untrusted.Text) []byte { return append([]byte{}, t.Raw()...) }

func text(b []byte) untrusted.Text { return untrusted.New(string(b)) }

// plain is a string as it stands in a record, where everything is UTF-8.
func plain(s string) string { return strings.ToValidUTF8(s, "\ufffd") }

// list writes strings as a JSON list, for columns and for json_each.
func list[T ~string](values []T) string {
	if len(values) == 0 {
		return "[]"
	}
	out, err := json.Marshal(values)
	if err != nil {
		return "[]" // strings can always be written
	}
	return string(out)
}

// strs makes plain strings of the domain's, typed makes the domain's of plain ones.
func strs[T ~string](in []T) []string { return converted[string](in) }

func typed[T ~string](in []string) []T { return converted[T](in) }

func converted[To, From ~string](in []From) (out []To) {
	for _, v := range in {
		out = append(out, To(v))
	}
	return out
}

func unlist[T ~string](column string) (out []T, err error) {
	err = json.Unmarshal([]byte(column), &out)
	if len(out) == 0 {
		out = nil
	}
	return out, err
}

// accountOf reads what AccountID.String wrote; the zero id for "".
func accountOf(s string) core.AccountID {
	id, _ := core.ParseAccountID(s)
	return id
}
