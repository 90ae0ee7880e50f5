package ldapconn

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// FormatTime writes t as GeneralizedTime in UTC, to the second (RFC 4517 section 3.3.13).
func FormatTime(t time.Time) string { return t.UTC().Format("20060102150405") + "Z" }

// ParseTime reads a GeneralizedTime: YYYYMMDDHH, optional minutes, seconds and fraction, and Z or an offset. A leap
// second counts as the second before it. Years from 0000 on are accepted, since OpenLDAP writes 000001010000Z for a
// lock without an end.
func ParseTime(value string) (time.Time, error) {
	p := timeParser{rest: value}
	year := p.number(4, 0, 9999)
	month := p.number(2, 1, 12)
	day := p.number(2, 1, 31)
	hour := p.number(2, 0, 23)
	minute, second, unit := 0, 0, time.Hour
	if p.digitNext() {
		minute, unit = p.number(2, 0, 59), time.Minute
		if p.digitNext() {
			second, unit = min(p.number(2, 0, 60), 59), time.Second
		}
	}
	fraction := p.fraction(unit)
	zone := p.zone()
	if p.failed || p.rest != "" {
		return time.Time{}, fmt.Errorf("not a GeneralizedTime: %d bytes", len(value))
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, 0, zone)
	if t.Day() != day {
		return time.Time{}, fmt.Errorf("not a GeneralizedTime: month %d has no day %d", month, day)
	}
	return t.Add(fraction).UTC(), nil
}

// timeParser takes the parts of a GeneralizedTime off rest.
type timeParser struct {
	rest   string
	failed bool
}

func (p *timeParser) digitNext() bool { return p.rest != "" && p.rest[0] >= '0' && p.rest[0] <= '9' }

func (p *timeParser) number(digits, low, high int) int {
	if len(p.rest) < digits {
		p.failed = true
		return low
	}
	part := p.rest[:digits]
	p.rest = p.rest[digits:]
	n, err := strconv.ParseUint(part, 10, 16)
	if err != nil || int(n) < low || int(n) > high {
		p.failed = true
		return low
	}
	return int(n)
}

// fraction reads "." or "," and digits: parts of the smallest unit that was given.
func (p *timeParser) fraction(unit time.Duration) time.Duration {
	if p.rest == "" || p.rest[0] != '.' && p.rest[0] != ',' {
		return 0
	}
	digits := p.rest[1:]
	end := strings.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' })
	if end <= 0 {
		p.failed = true
		return 0
	}
	p.rest = digits[end:]
	const precision = 9
	part, err := strconv.ParseFloat("0."+digits[:min(end, precision)], 64)
	p.failed = p.failed || err != nil
	return time.Duration(part * float64(unit))
}

func (p *timeParser) zone() *time.Location {
	if p.rest == "" {
		p.failed = true
		return time.UTC
	}
	sign := p.rest[0]
	p.rest = p.rest[1:]
	switch sign {
	case 'Z':
		return time.UTC
	case '+', '-':
		hours, minutes := p.number(2, 0, 23), 0
		if p.digitNext() {
			minutes = p.number(2, 0, 59)
		}
		seconds := hours*3600 + minutes*60
		if sign == '-' {
			seconds = -seconds
		}
		return time.FixedZone("", seconds)
	}
	p.failed = true
	return time.UTC
}
