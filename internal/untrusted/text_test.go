package untrusted_test

import (
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

func TestRawIsTheExactValue(t *testing.T) {
	t.Parallel()
	const value = "a\x1b[31m\xff\u202e"
	if got := untrusted.New(value).Raw(); got != value {
		t.Errorf("Raw() = %q, want %q", got, value)
	}
	if got, want := untrusted.New(value).Display(), `a\x1b[31m\xff\u202e`; got != want {
		t.Errorf("Display() = %q, want %q", got, want)
	}
}
