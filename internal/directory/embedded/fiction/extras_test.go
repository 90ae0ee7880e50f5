package fiction

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/directory/embedded/index"
)

func TestTimesAgoAreReadAsMinutesHoursAndDays(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{"0m": 0, "4m": 4 * time.Minute, "3h": 3 * time.Hour, "12d": 12 * 24 * time.Hour} {
		var a ago
		if err := json.Unmarshal([]byte(`"`+text+`"`), &a); err != nil || !a.before(now).Equal(now.Add(-want)) {
			t.Errorf("%s is %v, %v", text, a.before(now), err)
		}
	}
	for _, text := range []string{`""`, `"m"`, `"4"`, `"4w"`, `"-4m"`, `"4.5h"`, `"1d2h"`, `4`, `null`, `"٤m"`} {
		var a ago
		if err := json.Unmarshal([]byte(text), &a); err == nil && a.known {
			t.Errorf("%s is %v", text, a.span)
		}
	}
	if !(ago{}).before(now).IsZero() {
		t.Error("no time ago became a time")
	}
}

func TestTheDiceAreFairEnough(t *testing.T) {
	t.Parallel()
	const rolls, sides = 60_000, 6
	var counts [sides]int
	for n := range rolls {
		d := dice(n)
		counts[d.roll(sides)]++
	}
	for side, n := range counts {
		if n < rolls/sides*9/10 || n > rolls/sides*11/10 {
			t.Errorf("side %d came up %d times of %d", side, n, rolls)
		}
	}
}

func TestEveryNameOfAnExtraMakesALogin(t *testing.T) {
	t.Parallel()
	ns := newNames()
	for _, name := range append(ns.given, ns.surnames...) {
		if part := ns.logins[name]; part == "" || part != index.Fold(part) || strings.ContainsAny(part, " '-.") {
			t.Errorf("%s makes the login %q", name, part)
		}
	}
	if len(ns.given)*len(ns.surnames) < 50_000 {
		t.Errorf("only %d given names and %d surnames", len(ns.given), len(ns.surnames))
	}
}

func TestExtrasHaveTroublesOfEveryKind(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	seen := map[string]int{}
	for p := range Extras(0, 5000, now, "") {
		note := func(what string, is bool) {
			if is {
				seen[what]++
			}
		}
		note("disabled", p.Disabled)
		note("locked", p.Seed.LockedSince.Before(now) && p.Seed.UnlocksAt.After(now))
		note("must change", p.MustChange)
		note("password expired", p.Seed.PasswordSet.Add(Policy().MaxAge).Before(now))
		note("account expired", !p.AccountExpires.IsZero() && p.AccountExpires.Before(now))
		note("idle", p.Seed.LastSeen.Before(now.Add(-90*day)))
		note("alternate mail", len(p.AlternateMails) > 0)
		note("mobile", !p.Mobile.IsZero())
		note("hyphen", strings.Contains(p.Surname.Raw(), "-"))
		note("future", p.Seed.LastSeen.After(now) || p.Seed.PasswordSet.After(now))
	}
	for _, what := range []string{"disabled", "locked", "must change", "password expired", "account expired", "idle", "alternate mail", "mobile", "hyphen"} {
		if seen[what] < 20 {
			t.Errorf("%s: %d of 5,000", what, seen[what])
		}
	}
	if seen["future"] > 0 {
		t.Errorf("%d extras did something in the future", seen["future"])
	}
}
