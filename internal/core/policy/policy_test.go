package policy_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core/policy"
)

func TestTheDefaultsAreWithinTheirOwnBounds(t *testing.T) {
	t.Parallel()
	if problems := policy.Check(policy.Defaults()); len(problems) > 0 {
		t.Fatal(problems)
	}
}

func TestEverySettingIsBoundedOnBothSides(t *testing.T) {
	t.Parallel()
	for _, set := range policy.All() {
		if set.Doc == "" || set.Unit == "" {
			t.Errorf("%s is not documented", set.Key)
		}
		for _, outside := range []int64{-1, 1} {
			s := policy.Defaults()
			switch field := set.Get(&s).(type) {
			case *int:
				*field = edge(set.Min.(int), set.Max.(int), outside)
			case *time.Duration:
				*field = time.Duration(edge(int(set.Min.(time.Duration)), int(set.Max.(time.Duration)), outside))
			default:
				continue
			}
			problems := policy.Check(s)
			if len(problems) == 0 || !strings.HasPrefix(problems[0].Error(), problems[0].Key+": expected ") {
				t.Errorf("%s: a value outside its bounds is accepted: %v", set.Key, problems)
			}
		}
	}
}

func edge(lo, hi int, side int64) int {
	if side < 0 {
		return lo - 1
	}
	return hi + 1
}

func TestKeysAreUniqueAndReachDifferentFields(t *testing.T) {
	t.Parallel()
	s := policy.Defaults()
	keys, fields := map[string]bool{}, map[uintptr]string{}
	for _, set := range policy.All() {
		at := reflect.ValueOf(set.Get(&s)).Pointer()
		if keys[set.Key] || fields[at] != "" {
			t.Errorf("%s stands twice, or reaches the field of %q", set.Key, fields[at])
		}
		keys[set.Key], fields[at] = true, set.Key
	}
}

// Every leaf of Settings is a setting with a key, so that nothing can be changed that is not documented and bounded.
func TestEveryFieldHasAKey(t *testing.T) {
	t.Parallel()
	s := policy.Defaults()
	reached := map[uintptr]bool{}
	for _, set := range policy.All() {
		reached[reflect.ValueOf(set.Get(&s)).Pointer()] = true
	}
	var walk func(v reflect.Value, name string)
	walk = func(v reflect.Value, name string) {
		if v.Kind() == reflect.Struct {
			for i := range v.NumField() {
				walk(v.Field(i), name+"."+v.Type().Field(i).Name)
			}
			return
		}
		if name != ".Version" && !reached[v.Addr().Pointer()] {
			t.Errorf("Settings%s has no key", name)
		}
	}
	walk(reflect.ValueOf(&s).Elem(), "")
}

func TestSettingsAtOddsWithEachOther(t *testing.T) {
	t.Parallel()
	for key, change := range map[string]func(*policy.Settings){
		"proof.sends_per_day": func(s *policy.Settings) { s.Proof.SendsPerHour, s.Proof.SendsPerDay = 10, 5 },
		"idle.end":            func(s *policy.Settings) { s.Idle.Lock, s.Idle.End = time.Hour, time.Hour },
		"case.ticket_pattern": func(s *policy.Settings) { s.Case.TicketPattern = "(" },
	} {
		s := policy.Defaults()
		change(&s)
		if problems := policy.Check(s); len(problems) != 1 || problems[0].Key != key {
			t.Errorf("%s: %v", key, problems)
		}
	}
}
