package text

import (
	"strconv"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

func (p Printer) local(t time.Time) time.Time {
	if p.Zone == nil {
		return t.UTC()
	}
	return t.In(p.Zone)
}

// ZoneName is the short name of the reader's zone now: "CET".
func (p Printer) ZoneName() string {
	name, _ := p.local(p.Now).Zone()
	return name
}

// Time is the clock time, with the date in front when it is not today; "" for the zero time.
func (p Printer) Time(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	clock := p.local(t).Format("15:04")
	if p.sameDay(t) {
		return clock
	}
	return p.Date(t) + " " + clock
}

// Moment is Time with the zone named, for output that stands alone.
func (p Printer) Moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	name, _ := p.local(t).Zone()
	return p.Time(t) + " " + name
}

// Date is the day and month, with the year when it is not this year; "" for the zero time.
func (p Printer) Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	local, now := p.local(t), p.local(p.Now)
	if local.Year() == now.Year() {
		return p.Say(sentence.Of("time.day_month", dayField(local), monthField(local)))
	}
	return p.Say(sentence.Of("time.day_month_year", dayField(local), monthField(local), yearField(local)))
}

// DateOrTime is the clock time for today and the date for other days: for columns.
func (p Printer) DateOrTime(t time.Time) string {
	if !t.IsZero() && p.sameDay(t) {
		return p.local(t).Format("15:04")
	}
	return p.Date(t)
}

func (p Printer) sameDay(t time.Time) bool {
	a, b := p.local(t), p.local(p.Now)
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

func dayField(t time.Time) sentence.Field { return sentence.Word("day", strconv.Itoa(t.Day())) }
func monthField(t time.Time) sentence.Field {
	return sentence.Term("month", "time.month."+strconv.Itoa(int(t.Month())))
}
func yearField(t time.Time) sentence.Field { return sentence.Word("year", strconv.Itoa(t.Year())) }

// Span is a length of time as a person says it: "45 s", "12 min", "3 h", "5 days".
func (p Printer) Span(d time.Duration) string {
	say := func(id string, n int) string { return p.Say(sentence.Of(id, sentence.Count("n", n))) }
	switch {
	case d < 0:
		return p.Span(-d)
	case d < 2*time.Minute && d%time.Minute != 0:
		return say("time.seconds", int(d.Round(time.Second)/time.Second))
	case d < 2*time.Hour:
		return say("time.minutes", int(d.Round(time.Minute)/time.Minute))
	case d < 48*time.Hour:
		return say("time.hours", int(d.Round(time.Hour)/time.Hour))
	default:
		return say("time.days", int(d.Round(24*time.Hour)/(24*time.Hour)))
	}
}
