package verify_test

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

func codes() []core.Code {
	return []core.Code{
		core.CodeDenied, core.CodeNotFound, core.CodeConflict, core.CodeInvalid, core.CodePolicy, core.CodeUnverified, core.CodeThrottled,
		core.CodePending, core.CodeUnavailable, core.CodeAuditUnavailable, core.CodeUnknown, core.CodeInternal,
	}
}

// Whatever is refused, and whenever: it is said, nobody is proved by it, and the caller can still be proved or left.
func TestWhateverIsRefusedCanBeTriedAgainOrLeft(t *testing.T) {
	t.Parallel()
	places := map[string]struct {
		method string
		begin  func(p *proof)
	}{
		"begin the app": {"CreateChallenge", func(*proof) {}},
		"send the mail": {"CreateChallenge", func(p *proof) { p.Press("down"); p.wait().enter() }},
		"check":         {"TakeTry", func(p *proof) { p.Type(totp); p.enter() }},
		"confirm":       {"Confirm", func(p *proof) { p.Type(totp); p.enter() }},
		"count":         {"Recent", func(p *proof) { p.Type(totp); p.enter() }},
	}
	for place, at := range places {
		for _, code := range codes() {
			t.Run(place+"/"+string(code), func(t *testing.T) {
				t.Parallel()
				s := newStage(t)
				refusal := func(context.Context) error { return core.Fail(code, sentence.Of("error.timeout")) }
				var p *proof
				if place == "begin the app" {
					s.Store.Do(at.method, 1, refusal)
					p = prove(t, s, "jane.doe")
				} else {
					p = prove(t, s, "jane.doe")
					s.Store.Do(at.method, 1, refusal)
				}
				at.begin(p)
				p.wait().says("It took too long. Nothing was changed.")
				if got := p.evidence(); len(got) != 0 {
					t.Fatalf("%+v", got)
				}
				p.goOn()
			})
		}
	}
}

// goOn proves the caller with the app after all, or leaves.
func (p *proof) goOn() {
	p.t.Helper()
	for range 3 {
		switch page := p.page(); {
		case strings.Contains(page, "find a person"):
			return
		case strings.Contains(page, "▸ code by mail"):
			p.Press("up")
			p.wait()
		case strings.Contains(page, "Code › _"):
			p.Type(totp)
			p.enter()
		default:
			p.enter()
		}
	}
	p.done()
}

// However somebody types: no more tries are taken than codes were entered, and without the right code nobody is proved.
func TestHoweverSomebodyTypesOnlyTheRightCodeProves(t *testing.T) {
	t.Parallel()
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 3))
		p := jane(t)
		entered := 0
		for range 25 {
			switch r.IntN(8) {
			case 0:
				p.Press("down")
			case 1:
				p.Press("up")
			case 2:
				p.Press([]string{"ctrl+r", "ctrl+n", "t", "backspace", "tab"}[r.IntN(5)])
			case 3:
				p.wait()
			case 4:
				p.Press("ctrl+u").Type(wrongCode(r))
				p.Press("enter")
				entered++
			default:
				p.Press("enter")
				entered++
			}
		}
		if taken := p.Stage.Store.Calls("TakeTry"); taken > entered {
			t.Errorf("seed %d: %d tries for %d entries", seed, taken, entered)
		}
		if got := p.evidence(); len(got) > 0 {
			t.Errorf("seed %d: %+v", seed, got)
		}
	}
}

// wrongCode is a code of either length that no prover of these tests accepts.
func wrongCode(r *rand.Rand) string {
	code := strings.Repeat(string(rune('0'+r.IntN(10))), 8)
	if r.IntN(2) == 0 {
		return code[:6]
	}
	return code
}

// Three challenges that are used up lock the verification, whoever sits at the desk, and that is said at once.
func TestThreeUsedUpChallengesLockTheVerification(t *testing.T) {
	t.Parallel()
	p := jane(t)
	for range 3 {
		for range 5 {
			p.Type("111111").Press("enter")
		}
		p.wait()
		if !strings.Contains(p.page(), "is locked until") {
			p.Press("up")
			p.wait().enter()
		}
	}
	p.wait().says("Verification for this account is locked until 3 Mar 10:00", "▸ Enter hand off to Level 2, not proved").saysNot("Code ›")
	if n := len(p.evidence()); n != 0 || p.Stage.Jane.State.WrongPasswords != coretest.Jane(p.Stage.Clock.Now()).State.WrongPasswords {
		t.Errorf("%d proofs, %d wrong passwords", n, p.Stage.Jane.State.WrongPasswords)
	}
}
