package notify

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

// notice is the sheet of a notice. Its Message-ID and its date are the same at every try, so that a mail system that gets it twice can
// tell.
func (s *stationery) notice(to Address, n core.Notice) (sheet, bool) {
	sum := sha256.Sum256([]byte(n.Key))
	sh := sheet{to: to, id: hex.EncodeToString(sum[:16]) + "@" + s.from.domain, at: n.At}
	var what string
	switch n.Kind {
	case core.NoticeReset:
		sh.subject, what = "notice.password_reset.subject", "notice.password_reset.what"
	case core.NoticeUnlocked:
		sh.subject, what = "notice.account_unlocked.subject", "notice.account_unlocked.what"
	default:
		return sheet{}, false
	}
	sh.lines = []line{s.greeting(n.Name), {}, s.say(what), {}}
	sh.lines = append(sh.lines, s.details(details{at: n.At, login: n.Login, number: n.Case, ticket: n.Ticket})...)
	sh.lines = append(sh.lines, line{}, s.say("notice.not_you", s.help()), line{}, s.say("notice.promise"))
	return sh, true
}
