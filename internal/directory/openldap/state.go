package openldap

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
)

// permanentLock is the time that stands for a lock that an administrator set and that does not end by itself. slapd never
// writes it for wrong passwords.
const permanentLock = "000001010000Z"

// stateOf computes what slapd would enforce now. It follows ppolicy.c of slapd 2.5 as it was seen to behave.
func stateOf(e ldapconn.Entry, p passwordPolicy, now time.Time) core.State {
	s := core.State{Enabled: true, WrongPasswords: wrongPasswords(e, p, now)}
	s.PasswordSet, _ = e.Time(attrChanged)
	expiry(&s, p, now)
	s.MustChange = e.First(attrReset) == "TRUE" && (p.mustChange || !p.known)
	validity(&s, e, now)
	lock(&s, e, p, now)
	idle(&s, e, p, now)
	return s
}

// clockSkew is how far the clocks of the server and of the desk may be apart.
const clockSkew = 5 * time.Minute

// lock: a lock counts where the policy has lockout switched on, from its time on and as long as its duration. What cannot be
// understood counts as a lock.
func lock(s *core.State, e ldapconn.Entry, p passwordPolicy, now time.Time) {
	if p.known && !p.lockout {
		return
	}
	if until, ok := e.Time(attrTmpLocked); ok && now.Before(until) {
		s.Locked, s.UnlocksAt = true, until
	}
	since, ok := e.Time(attrLocked)
	switch {
	case !e.Has(attrLocked), ok && now.Before(since.Add(-clockSkew)):
	case !ok || isPermanent(e):
		s.Locked, s.LockedSince, s.UnlocksAt = true, time.Time{}, time.Time{}
	case p.lockFor == 0:
		s.Locked, s.LockedSince, s.UnlocksAt = true, since, time.Time{}
	case now.Before(since.Add(p.lockFor)):
		s.Locked, s.LockedSince, s.UnlocksAt = true, since, since.Add(p.lockFor)
	}
}

// isPermanent reports whether an administrator locked the account.
func isPermanent(e ldapconn.Entry) bool { return e.First(attrLocked) == permanentLock }

func expiry(s *core.State, p passwordPolicy, now time.Time) {
	if p.maxAge == 0 || s.PasswordSet.IsZero() {
		return // ppolicy: without pwdChangedTime the password never expires
	}
	s.PasswordExpires = s.PasswordSet.Add(p.maxAge)
	s.PasswordExpired = !now.Before(s.PasswordExpires)
}

// validity: outside pwdStartTime to pwdEndTime slapd refuses every sign-in, whatever the policy says.
func validity(s *core.State, e ldapconn.Entry, now time.Time) {
	start, starts := e.Time(attrStart)
	end, ends := e.Time(attrEnd)
	if starts && now.Before(start) || starts && ends && !start.Before(end) || e.Has(attrStart) && !starts || e.Has(attrEnd) && !ends {
		s.Enabled = false
		return
	}
	if ends {
		s.AccountExpires, s.AccountExpired = end, !now.Before(end)
	}
}

// idle: an account that was not used for pwdMaxIdle is not let in any more.
func idle(s *core.State, e ldapconn.Entry, p passwordPolicy, now time.Time) {
	last, ok := e.Time(attrLastSuccess)
	if p.maxIdle == 0 || !ok {
		return
	}
	ends := last.Add(p.maxIdle)
	if s.AccountExpires.IsZero() || ends.Before(s.AccountExpires) {
		s.AccountExpires, s.AccountExpired = ends, !now.Before(ends)
	}
}

// wrongPasswords counts the failures that slapd still counts.
func wrongPasswords(e ldapconn.Entry, p passwordPolicy, now time.Time) int {
	n := 0
	for _, value := range e.All(attrFailures) {
		at, err := ldapconn.ParseTime(value)
		if err == nil && (p.countFailures == 0 || now.Before(at.Add(p.countFailures))) {
			n++
		}
	}
	return n
}

// lastSignIn is the last sign-in that the directory knows of, zero when it knows of none.
func lastSignIn(e ldapconn.Entry) time.Time {
	last, _ := e.Time(attrLastSuccess)
	if other, ok := e.Time(attrAuthTime); ok && other.After(last) {
		return other
	}
	return last
}
