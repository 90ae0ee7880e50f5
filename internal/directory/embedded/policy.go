package embedded

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/password"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Policy is what the directory demands of passwords and how it answers wrong ones.
type Policy struct {
	Name        string
	MinLength   int           // characters
	MinClasses  int           // of capital, small, digit, symbol, other letter
	History     int           // former passwords that are refused, the present one included; 0: none
	MaxAge      time.Duration // 0: passwords do not expire
	NamesBanned bool          // parts of the person's name are refused
	Lockout     Lockout
}

// Lockout is when and for how long wrong passwords lock an account.
type Lockout struct {
	After   int           // wrong passwords; 0: never
	First   time.Duration // how long the first lock lasts; 0: until an operator unlocks
	Longest time.Duration // locks in a row double up to this
}

// DefaultPolicy follows Microsoft Entra's smart lockout (threshold 10, first lock 60 seconds, growing) and NIST SP
// 800-63B: length instead of classes, no expiry.
func DefaultPolicy() Policy {
	return Policy{
		Name: "default", MinLength: 12, History: 5, NamesBanned: true,
		Lockout: Lockout{After: 10, First: time.Minute, Longest: time.Hour},
	}
}

// The bounds of a Policy.
const (
	maxLength  = 256 // characters
	maxHistory = 24
	maxClasses = 4
)

func (p Policy) check() error {
	l := p.Lockout
	if p.MinLength < 0 || p.MinLength > maxLength || p.MinClasses < 0 || p.MinClasses > maxClasses || p.History < 0 || p.History > maxHistory ||
		p.MaxAge < 0 || l.After < 0 || l.First < 0 || l.Longest < l.First {
		return core.Fail(core.CodeInvalid, sentence.Of("directory.bad_policy"))
	}
	return nil
}

// effective is the policy as an account shows it.
func (p Policy) effective() core.PasswordPolicy {
	return core.PasswordPolicy{
		Known: true, Name: untrusted.New(p.Name), MinLength: p.MinLength, MinClasses: p.MinClasses, History: p.History,
		MaxAge: p.MaxAge, LockAfter: p.Lockout.After, LockFor: p.Lockout.First, NamesBanned: p.NamesBanned,
	}
}

func (p Policy) rules() password.Rules {
	return password.Rules{MinLength: p.MinLength, MaxLength: maxLength, MinClasses: p.MinClasses, ForbidNames: p.NamesBanned}
}

// lasts is how long the next lock lasts after so many in a row; 0: until an operator unlocks.
func (l Lockout) lasts(locksBefore int) time.Duration {
	d := l.First
	for range locksBefore {
		if d > l.Longest/2 {
			return l.Longest
		}
		d *= 2
	}
	return d
}
