package notify

import (
	"crypto/rand"
	"strconv"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// letter is the sheet of a code or a new password. Every letter has a random Message-ID: it is sent once, and nothing in it may lead to
// what it carries.
func (s *stationery) letter(to Address, at time.Time, l core.Letter) (sheet, bool) {
	sh := sheet{to: to, id: rand.Text() + "@" + s.from.domain, at: at}
	switch l.Kind {
	case core.LetterCode:
		sh.subject, sh.lines = "letter.code.subject", s.codeLetter(l)
	case core.LetterPassword:
		sh.subject, sh.lines = "letter.password.subject", s.passwordLetter(l)
	default:
		return sheet{}, false
	}
	return sh, true
}

func (s *stationery) codeLetter(l core.Letter) []line {
	out := []line{
		s.greeting(l.Name),
		{},
		s.say("letter.code.what"),
		{},
		{secret: l.Secret},
		{},
		s.say("letter.code.life", sentence.Span("life", l.Life)),
		{},
		s.say("letter.code.not_you", s.help()),
		{},
	}
	return append(out, s.details(details{login: l.Login, number: l.Case, ticket: l.Ticket})...)
}

// passwordLetter does not name the login: who reads a mailbox should not find both halves in one message.
func (s *stationery) passwordLetter(l core.Letter) []line {
	out := []line{
		s.greeting(l.Name),
		{},
		s.say("letter.password.what"),
		{},
		{secret: l.Secret},
		{},
		s.say("letter.password.change"),
		{},
		s.say("letter.password.not_you", s.help()),
		{},
	}
	return append(out, s.details(details{number: l.Case, ticket: l.Ticket})...)
}

func (s *stationery) greeting(name untrusted.Text) line {
	if shown := quoted(name); shown != "" {
		return s.say("letter.greeting", sentence.Word("name", shown))
	}
	return s.say("letter.greeting_nameless")
}

// details are the labelled lines at the end of a message. Empty ones are left out.
type details struct {
	at     time.Time
	login  untrusted.Text
	number int64
	ticket untrusted.Text
}

func (s *stationery) details(d details) []line {
	var out []line
	if moment := s.printer().Moment(d.at); moment != "" {
		out = append(out, s.say("letter.detail.at", sentence.Word("at", moment)))
	}
	if login := quotedLogin(d.login); login != "" {
		out = append(out, s.say("letter.detail.login", sentence.Word("login", login)))
	}
	if d.number != 0 {
		out = append(out, s.say("letter.detail.case", sentence.Word("case", strconv.FormatInt(d.number, 10))))
	}
	if ticket := quoted(d.ticket); ticket != "" {
		out = append(out, s.say("letter.detail.ticket", sentence.Word("ticket", ticket)))
	}
	return out
}
