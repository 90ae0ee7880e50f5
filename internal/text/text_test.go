package text_test

import (
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

func printer(t *testing.T, lang text.Language) text.Printer {
	t.Helper()
	oslo, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	return text.Printer{Lang: lang, Zone: oslo, Now: time.Date(2026, 3, 2, 8, 42, 0, 0, time.UTC)}
}

func TestAHeadlineInWords(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 8, 12, 0, 0, time.UTC)
	said := sentence.Of("headline.locked_until", sentence.Time("since", now), sentence.Count("count", 5), sentence.Time("until", now.Add(30*time.Minute)))
	if got := printer(t, text.English).Say(said); got != "Locked since 09:12 after 5 wrong passwords. Unlocks itself at 09:42." {
		t.Fatalf("said %q", got)
	}
	said.Fields[1] = sentence.Count("count", 1)
	said.Fields[0] = sentence.Time("since", now.Add(-24*time.Hour))
	if got := printer(t, text.English).Say(said); got != "Locked since 1 Mar 09:12 after 1 wrong password. Unlocks itself at 09:42." {
		t.Fatalf("said %q", got)
	}
}

func TestTextFromOutsideIsShownWithVisibleEscapes(t *testing.T) {
	t.Parallel()
	said := sentence.Of("search.nobody", sentence.Text("name", untrusted.New("Jane\x1b]0;x\x07")))
	if got := printer(t, text.English).Say(said); got != `Nobody is called Jane\x1b]0;x\x07.` {
		t.Fatalf("said %q", got)
	}
}

func TestTimesCarryTheDateWhenItIsNotToday(t *testing.T) {
	t.Parallel()
	p := printer(t, text.English)
	day := func(d time.Duration) time.Time { return p.Now.Add(d) }
	for _, tc := range []struct{ got, want string }{
		{p.Time(day(0)), "09:42"},
		{p.Time(day(-25 * time.Hour)), "1 Mar 08:42"},
		{p.Time(time.Time{}), ""},
		{p.Time(time.Date(2025, 12, 31, 23, 30, 0, 0, time.UTC)), "1 Jan 00:30"},
		{p.Date(time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC)), "1 Jun 2025"},
		{p.Date(time.Time{}), ""},
		{p.Moment(day(0)), "09:42 CET"},
		{p.Moment(time.Time{}), ""},
		{p.ZoneName(), "CET"},
		{p.DateOrTime(day(0)), "09:42"},
		{p.DateOrTime(day(-48 * time.Hour)), "28 Feb"},
		{text.Printer{Now: p.Now}.Time(p.Now), "08:42"},
	} {
		if tc.got != tc.want {
			t.Errorf("%q, want %q", tc.got, tc.want)
		}
	}
}

// T115: the hour that daylight saving skips or repeats is told by the zone's name.
func TestDaylightSavingIsToldByTheZone(t *testing.T) {
	t.Parallel()
	p := printer(t, text.English)
	first := time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC)
	p.Now = first
	if a, b := p.Moment(first), p.Moment(first.Add(time.Hour)); a != "02:30 CEST" || b != "02:30 CET" {
		t.Fatalf("%q and %q", a, b)
	}
}

func TestSpansAsAPersonSaysThem(t *testing.T) {
	t.Parallel()
	p := printer(t, text.English)
	for d, want := range map[time.Duration]string{
		45 * time.Second: "45 s", time.Minute: "1 min", 90 * time.Second: "90 s", 10 * time.Minute: "10 min", 3 * time.Hour: "3 h",
		72 * time.Hour: "3 days", -time.Minute: "1 min", 0: "0 min",
	} {
		if got := p.Span(d); got != want {
			t.Errorf("%v is said %q, want %q", d, got, want)
		}
	}
}

func TestNumbersAreGroupedFromTenThousandOn(t *testing.T) {
	t.Parallel()
	p := printer(t, text.English)
	for n, want := range map[int]string{7: "7", 9999: "9999", 10_000: "10 000", 1_234_567: "1 234 567"} {
		if got := p.Number(n); got != want {
			t.Errorf("%d is shown as %q", n, got)
		}
	}
}

func TestEveryKindOfFieldIsShown(t *testing.T) {
	t.Parallel()
	p := printer(t, text.English)
	inner := sentence.Of("class.vip")
	for _, tc := range []struct {
		f    sentence.Field
		want string
	}{
		{sentence.Word("x", "RAW"), "RAW"},
		{sentence.Term("x", "time.month.3"), "Mar"},
		{sentence.Count("x", 3), "3"},
		{sentence.Span("x", time.Hour), "60 min"},
		{sentence.Time("x", p.Now), "09:42"},
		{sentence.Nested("x", inner), p.Say(inner)},
		{sentence.Text("x", untrusted.New("a")), "a"},
		{sentence.Field{}, ""},
	} {
		if got := p.Field(tc.f); got != tc.want {
			t.Errorf("%s is shown as %q, want %q", tc.f.Kind, got, tc.want)
		}
	}
}

func TestWhatTheCatalogueLacksIsSeen(t *testing.T) {
	t.Parallel()
	p := printer(t, text.English)
	if got := p.Say(sentence.Of("no.such.thing")); got != "[no.such.thing]" {
		t.Errorf("%q", got)
	}
	if got := p.Say(sentence.Of("search.nobody")); got != "Nobody is called {name}." {
		t.Errorf("%q", got)
	}
	if p.Say(sentence.Sentence{}) != "" {
		t.Error("the zero sentence says something")
	}
}

func TestALocaleChoosesTheLanguage(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string]text.Language{"zh_CN.UTF-8": text.Chinese, "ZH": text.Chinese, "nb_NO.UTF-8": text.English, "": text.English, "C": text.English} {
		if got := text.ParseLanguage(locale); got != want {
			t.Errorf("%q is %s", locale, got)
		}
	}
}
