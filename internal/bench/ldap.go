package bench

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/bench/figure"
	"github.com/sspr-tui/sspr-tui/internal/bench/replay"
	"github.com/sspr-tui/sspr-tui/internal/bench/stage"
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

const (
	groupLDAP = "OpenLDAP"
	rawFloor  = "go-ldap on one connection, sending the requests that the desk was seen to send"
)

// slapd is a server with people, the way to it through a proxy that sees every request, and a raw client.
type slapd struct {
	lab    *lab
	server *testlab.SlapdServer
	front  *testlab.Front
	raw    *replay.Client
}

// ldap measures everything on a real slapd.
func (s *suite) ldap(ctx context.Context) (err error) {
	l := &slapd{lab: &lab{}}
	defer l.lab.close()
	if why := l.lab.attempt(func() { l.open(s.Entries, s.Locked) }); why != "" {
		s.noLDAP(why)
		return nil
	}
	seen, err := l.directory(ctx, l.front.URL())
	if err != nil {
		s.noLDAP(err.Error())
		return nil
	}
	defer func() { err = errors.Join(err, seen.Close()) }()
	direct, err := l.directory(ctx, l.server.LDAPSURL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, direct.Close()) }()
	if l.raw, err = replay.Dial(l.server); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.raw.Close()) }()
	if err := s.ldapSearches(ctx, l, seen, direct); err != nil {
		return err
	}
	if err := s.lockedList(ctx, l, seen, direct); err != nil {
		return err
	}
	return s.resets(ctx, l)
}

// noLDAP says that there is nothing to measure on.
func (s *suite) noLDAP(why string) {
	for id, title := range map[string]string{"ldap.search": "slapd: searches", "ldap.locked": "slapd: locked list", "ldap.reset": "slapd: reset"} {
		s.add(figure.Figure{ID: id, Group: groupLDAP, Title: title, Unit: "ms", Why: why})
	}
}

func (l *slapd) open(people, locked int) {
	l.server = testlab.Slapd(l.lab, testlab.SlapdOptions{People: people, Locked: locked})
	cert := l.server.CA.Issue(testlab.CertOptions{})
	l.front = testlab.LDAPFront(l.lab, l.server.Addr, testlab.FrontOptions{TLS: testlab.FrontImplicit, Certificate: &cert})
}

// directory opens the desk's backend on one of the ways to the server.
func (l *slapd) directory(ctx context.Context, url string) (core.Directory, error) {
	return directory.Open(ctx, directory.Options{
		Name: stage.DirectoryName, Kind: "openldap", URLs: []string{url}, CA: l.server.CA.PEM(), BindDN: l.server.HelpdeskDN,
		BindPassword: secret.FromString(l.server.HelpdeskPassword), Base: "ou=people," + l.server.Suffix,
		Attributes: map[string]string{"alternate_mail": "labAlternateMail"}, Clock: stage.Clock{}, Entropy: rand.Reader,
	})
}

// watch runs something through the proxy and returns the requests it made. The first run fills what is kept between requests.
func (l *slapd) watch(do func() error) ([]replay.Request, error) {
	if err := do(); err != nil {
		return nil, err
	}
	before := len(l.front.Requests(testlab.OpAny))
	if err := do(); err != nil {
		return nil, err
	}
	return replay.Seen(l.front.Requests(testlab.OpAny)[before:])
}

func (s *suite) ldapSearches(ctx context.Context, l *slapd, seen, direct core.Directory) error {
	requests := map[string][]replay.Request{}
	for _, q := range stage.Mix() {
		made, err := l.watch(func() error {
			_, err := seen.Search(ctx, core.Query{Text: untrusted.New(q), Limit: rows})
			return err
		})
		if err != nil {
			return fmt.Errorf("search for %q: %w", q, err)
		}
		requests[q] = made
	}
	took, err := s.oneByOne(func(q string) error {
		_, err := direct.Search(ctx, core.Query{Text: untrusted.New(q), Limit: rows})
		return err
	}, func(q string) error {
		_, err := l.raw.Send(requests[q], "")
		return err
	})
	if err != nil {
		return err
	}
	f := figure.Figure{
		ID: "ldap.search", Group: groupLDAP, Title: "slapd: the mix of searches, mean", Unit: "ms", Floor: rawFloor,
		Aim:  figure.Aim{On: figure.OnRatio, Most: 1.2},
		Note: fmt.Sprintf("%d people, LDAPS; each query of the mix %d times in a round.", s.Entries, s.Repeats),
	}
	for i := range took.ours {
		f.Rounds = append(f.Rounds, figure.Round{Ours: mean(took.ours[i]), Floor: mean(took.floor[i])})
	}
	s.add(f)
	for _, p := range []float64{50, 99} {
		m := mixFigure(fmt.Sprintf("ldap.search.p%.0f", p), fmt.Sprintf("slapd: one search, p%.0f", p), p, figure.Aim{}, rawFloor, "", took)
		m.Group = groupLDAP
		s.add(m)
	}
	return nil
}

func mean(all []float64) float64 {
	sum := 0.0
	for _, v := range all {
		sum += v
	}
	return sum / float64(len(all))
}

// page is how many rows a page of a list has.
const page = 50

func (s *suite) lockedList(ctx context.Context, l *slapd, seen, direct core.Directory) error {
	first := core.ListQuery{State: core.ListLocked, Limit: page}
	requests, err := l.watch(func() error { _, err := seen.List(ctx, first); return err })
	if err != nil {
		return err
	}
	f := figure.Figure{
		ID: "ldap.locked.first", Group: groupLDAP, Title: "slapd: locked list, first page", Unit: "ms", Floor: rawFloor,
		Aim:  figure.Aim{On: figure.OnRatio, Most: 1.5},
		Note: fmt.Sprintf("%d locked of %d people, index on pwdAccountLockedTime, %d rows a page (%s).", s.Locked, s.Entries, page, replay.Words(requests)),
	}
	if f.Rounds, err = s.rounds(func() error {
		_, err := direct.List(ctx, first)
		return err
	}, func() error {
		_, err := l.raw.Send(requests, "")
		return err
	}, nil); err != nil {
		return err
	}
	s.add(f)
	return s.wholeList(ctx, direct)
}

// rounds runs two things in turn, many times in each round, and returns the medians of the rounds. Between them, not timed, comes prepare.
func (s *suite) rounds(ours, floor, prepare func() error) (out []figure.Round, err error) {
	for range s.Rounds {
		var a, b []float64
		for range 4 * s.Repeats {
			if prepare != nil {
				if err := prepare(); err != nil {
					return nil, err
				}
			}
			x, y, err := inTurn(ours, floor)
			if err != nil {
				return nil, err
			}
			a, b = append(a, x), append(b, y)
		}
		out = append(out, figure.Round{Ours: figure.SpreadOf(a).Median, Floor: figure.SpreadOf(b).Median})
	}
	return out, nil
}

// wholeList walks to the end of the list and counts who is missing.
func (s *suite) wholeList(ctx context.Context, d core.Directory) error {
	missing := figure.Figure{
		ID: "ldap.locked.missing", Group: groupLDAP, Title: "slapd: locked people missing from the whole list", Aim: figure.Aim{On: figure.OnValue},
	}
	whole := figure.Figure{ID: "ldap.locked.whole", Group: groupLDAP, Title: "slapd: the whole locked list", Unit: "ms"}
	for range s.Rounds {
		begun := time.Now()
		keys := map[string]bool{}
		for cursor, more := "", true; more; more = cursor != "" {
			p, err := d.List(ctx, core.ListQuery{State: core.ListLocked, Limit: page, Cursor: cursor})
			if err != nil {
				return err
			}
			for _, r := range p.Rows {
				keys[r.ID.Key] = true
			}
			cursor = p.Next
		}
		whole.Rounds = append(whole.Rounds, figure.Round{Ours: inMS(time.Since(begun))})
		missing.Rounds = append(missing.Rounds, figure.Round{Ours: float64(s.Locked - len(keys))})
	}
	s.add(missing)
	s.add(whole)
	return nil
}
