package verify_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/uitest"
)

// totp is what the authenticator apps show in these tests, mail is the code of every mail.
const (
	totp = "481516"
	mail = coretest.RightCode
)

// proof is a terminal on which a caller is being proved.
type proof struct {
	*uitest.Driver
	t    *testing.T
	kase core.Case
}

func newStage(t testing.TB) *uitest.Stage {
	t.Helper()
	s := uitest.NewStage(t, uitest.StageOptions{Portal: uitest.Portal})
	s.TOTP.Code = totp
	return s
}

// prove opens the screen about somebody for a reset.
func prove(t *testing.T, s *uitest.Stage, login string) *proof {
	t.Helper()
	return proveFor(t, s, login, core.VerbReset)
}

func proveFor(t *testing.T, s *uitest.Stage, login string, v core.Verb) *proof {
	t.Helper()
	p := &proof{Driver: uitest.NewDriver(t, uitest.Options{Stage: s}), t: t}
	p.open(login, v)
	return p
}

func (p *proof) open(login string, v core.Verb) {
	p.t.Helper()
	account, err := p.Stage.Cloud.Account(context.Background(), uitest.ID(login).Key)
	if err != nil {
		p.t.Fatal(err)
	}
	p.kase = p.Stage.OpenCase(p.t, coretest.L1(), account.ID)
	p.Open(screen.Verify, screen.VerifyParams{Account: account, Case: p.kase.Number, For: v})
}

// jane is a proof of Jane Doe, who has an authenticator app and another mailbox.
func jane(t *testing.T) *proof {
	t.Helper()
	return prove(t, newStage(t), "jane.doe")
}

// enter presses Enter and waits until the next page takes keys.
func (p *proof) enter() *proof {
	p.Press("enter").After(time.Second)
	return p
}

// wait lets the moment pass in which keys do not count yet.
func (p *proof) wait() *proof {
	p.After(time.Second)
	return p
}

// page is what is read on the screen, without line breaks.
func (p *proof) page() string {
	lines := strings.Split(p.Frame().Text(), "\n")
	return strings.Join(strings.Fields(strings.Join(lines[2:], " ")), " ")
}

func (p *proof) says(want ...string) *proof {
	p.t.Helper()
	for _, w := range want {
		if !strings.Contains(p.page(), w) {
			p.t.Fatalf("the screen does not say %q:\n%s", w, p.Frame().Text())
		}
	}
	return p
}

func (p *proof) saysNot(words ...string) *proof {
	p.t.Helper()
	for _, w := range words {
		if strings.Contains(p.page(), w) {
			p.t.Fatalf("the screen says %q:\n%s", w, p.Frame().Text())
		}
	}
	return p
}

// evidence is what was proved in the case.
func (p *proof) evidence() []core.Evidence {
	p.t.Helper()
	all, err := p.Stage.Store.EvidenceOf(context.Background(), p.kase.Number)
	if err != nil {
		p.t.Fatal(err)
	}
	return all
}

// done fails unless the screen has closed.
func (p *proof) done() *proof {
	p.t.Helper()
	return p.says("find a person")
}
