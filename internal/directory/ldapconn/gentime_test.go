package ldapconn

import (
	"testing"
	"time"
)

func TestGeneralizedTimesAreRead(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"20260131235958Z":        "2026-01-31T23:59:58Z",
		"20260131235958.123456Z": "2026-01-31T23:59:58.123456Z",
		"20260131235958,5Z":      "2026-01-31T23:59:58.5Z",
		"202601312359Z":          "2026-01-31T23:59:00Z",
		"202601312359.5Z":        "2026-01-31T23:59:30Z",
		"2026013123Z":            "2026-01-31T23:00:00Z",
		"2026013123.25Z":         "2026-01-31T23:15:00Z",
		"20260131235958+0100":    "2026-01-31T22:59:58Z",
		"20260131235958-0530":    "2026-02-01T05:29:58Z",
		"20260131235958+01":      "2026-01-31T22:59:58Z",
		"20240229000000Z":        "2024-02-29T00:00:00Z",
		"20161231235960Z":        "2016-12-31T23:59:59Z",
		"000001010000Z":          "0000-01-01T00:00:00Z",
		"16010101000000Z":        "1601-01-01T00:00:00Z",
		"99991231235959Z":        "9999-12-31T23:59:59Z",
	} {
		got, err := ParseTime(value)
		if err != nil || got.Format(time.RFC3339Nano) != want {
			t.Errorf("%s: %v, %v; want %s", value, got, err, want)
		}
	}
}

func TestWhatIsNoGeneralizedTimeIsRefused(t *testing.T) {
	t.Parallel()
	for _, value := range []string{
		"", "Z", "2026", "20260131", "20260131235958", "20261331235958Z", "20260230000000Z", "20250229000000Z",
		"20260131245958Z", "20260131236058Z", "20260131235961Z", "20260131235958.Z", "20260131235958Zx", "20260131235958+",
		"20260131235958+2500", "20260131235958X", " 20260131235958Z", "-0260131235958Z", "2026013123595\xffZ", "+1234567890123Z",
		"２０２６０１３１２３５９５８Z", "202601312359583Z", "20260131235958.1e5Z",
	} {
		if got, err := ParseTime(value); err == nil {
			t.Errorf("%q was taken for %v", value, got)
		}
	}
}

func TestATimeIsWrittenInUTC(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 31, 23, 59, 58, 999, time.FixedZone("", 3600))
	if got := FormatTime(at); got != "20260131225958Z" {
		t.Errorf("got %s", got)
	}
}

func FuzzParseTime(f *testing.F) {
	for _, value := range []string{"20260131235958.123456Z", "2026013123,5+0100", "000001010000Z", "99991231235960-2359"} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		got, err := ParseTime(value)
		if err != nil {
			return
		}
		if got.Year() < 0 || got.Year() > 9999 {
			return // an offset across the end of the calendar
		}
		again, err := ParseTime(FormatTime(got))
		if err != nil || !again.Equal(got.Truncate(time.Second)) {
			t.Fatalf("%q: %v, written and read %v, %v", value, got, again, err)
		}
	})
}
