package reveal

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/act"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

const (
	workShow    = "show"
	reasonField = "reason"
	maxReason   = 200              // characters that can be typed
	shownFor    = 30 * time.Second // how long the value is shown
)

// The ids of the keys.
const (
	keyShow  = "show.show"
	keyLeave = "show.leave"
)

// Reveal is the screen.
type Reveal struct {
	env  *screen.Env
	life *screen.Life
	with screen.RevealParams

	form    kit.Form
	op      string // id of the operation: a second Enter is the same one
	waiting bool
	failed  *core.Error
	value   sentence.Sentence // zero when nothing is shown
	until   time.Time         // when it hides itself; zero before it was shown
	seq     int64
	exit    act.Exit
}

// New makes the screen for screen.RevealParams.
func New(env *screen.Env, life *screen.Life, with any) screen.Screen {
	params, _ := with.(screen.RevealParams)
	s := &Reveal{env: env, life: life, with: params, op: env.NewID()}
	s.form = kit.Form{Theme: env.Theme, Fields: []kit.Field{{ID: reasonField, Label: env.Label("show.reason"), Input: kit.Input{Max: maxReason}}}}
	return s
}

// Title implements screen.Screen.
func (s *Reveal) Title() string { return s.env.Label("show.title") }

// Init implements screen.Screen.
func (s *Reveal) Init() tea.Cmd { return nil }

// Typing implements screen.Screen.
func (s *Reveal) Typing() bool { return s.asking() }

func (s *Reveal) asking() bool { return s.until.IsZero() && s.failed == nil }

type shown struct{ res core.Result }

// hide is the timer's word that the value has been shown long enough.
type hide struct{}

func (s *Reveal) show() tea.Cmd {
	s.waiting, s.failed = true, nil
	desk, actor := s.env.Desk, s.env.Actor
	op := core.Reveal{ID: s.op, Account: s.with.Account.ID, Method: s.with.Method.ID, Reason: untrusted.New(s.form.Value(reasonField))}
	return s.life.Run(workShow, sentence.Of("show.showing"), func(ctx context.Context) (tea.Msg, error) {
		res, err := desk.Perform(ctx, actor, op)
		return shown{res}, err
	})
}

// Update implements screen.Screen.
func (s *Reveal) Update(msg tea.Msg) tea.Cmd {
	if s.exit.Taken() {
		return nil
	}
	switch msg := msg.(type) {
	case shown:
		s.waiting, s.value, s.seq, s.until = false, msg.res.Said, msg.res.Seq, s.env.Now.Add(shownFor)
		return s.life.Wake(shownFor, hide{})
	case screen.Failed:
		return s.fail(msg.Err)
	case hide, screen.Resumed:
		s.forget()
	case tea.PasteMsg:
		if s.asking() && !s.waiting {
			s.form.Paste(msg.Content)
		}
	}
	return nil
}

func (s *Reveal) fail(err *core.Error) tea.Cmd {
	s.waiting = false
	if err.Said.ID == "handoff.reason" {
		s.form.SetProblem(reasonField, s.env.Say(err.Said))
		return nil
	}
	s.failed = err
	return nil
}

// forget hides the value for good.
func (s *Reveal) forget() { s.value = sentence.Sentence{} }

// visible reports whether the value is on the screen now.
func (s *Reveal) visible() bool { return !s.value.IsZero() && s.env.Now.Before(s.until) }

// Keys implements screen.Screen.
func (s *Reveal) Keys() kit.KeyMap {
	switch {
	case s.asking():
		return kit.KeyMap{act.Bind(s.env, keyShow, "enter", "show.go")}
	case s.failed != nil && retry(s.failed):
		return kit.KeyMap{act.Bind(s.env, keyShow, "enter", "act.again")}
	default:
		return kit.KeyMap{act.Bind(s.env, keyLeave, "enter", "show.back")}
	}
}

// retry reports whether trying again can help.
func retry(err *core.Error) bool {
	return err.Code == core.CodeUnavailable || err.Code == core.CodeAuditUnavailable
}

// Key implements screen.Screen. While the value is shown, any key hides it.
func (s *Reveal) Key(k tea.KeyPressMsg) (bool, tea.Cmd) {
	if s.exit.Taken() {
		return true, nil
	}
	if s.visible() {
		s.forget()
		return true, s.exit.Take(screen.Do(screen.Pop{}))
	}
	if k.String() == "esc" {
		return true, s.exit.Take(screen.Do(screen.Pop{}))
	}
	if b, ok := s.Keys().Match(k, s.Typing()); ok {
		return true, s.press(b)
	}
	if s.asking() && !s.waiting {
		return s.form.Update(k) != kit.FormIgnored, nil
	}
	return false, nil
}

func (s *Reveal) press(b kit.Binding) tea.Cmd {
	switch {
	case b.ID == keyLeave:
		return s.exit.Take(screen.Do(screen.Pop{}))
	case s.waiting:
		return nil
	case strings.TrimSpace(s.form.Value(reasonField)) == "":
		s.form.SetProblem(reasonField, s.env.Label("show.reason_needed"))
		return nil
	default:
		return s.show()
	}
}

// View implements screen.Screen.
func (s *Reveal) View(w, h int) screen.Frame {
	p := act.NewPage(s.env)
	switch {
	case s.failed != nil:
		p.State(phrase.Failure(s.env, s.failed))
		p.Next(true, s.Keys()[0])
	case s.visible():
		s.drawValue(p)
	case !s.until.IsZero():
		p.State(&kit.Statement{
			Theme: s.env.Theme, State: theme.StateGood, Text: s.env.Label("show.hidden"),
			Details: []string{s.env.Label("show.recorded")}, Code: act.Marks(s.env, s.seq, core.Case{}),
		})
		p.Next(true, s.Keys()[0])
	default:
		s.drawQuestion(p)
	}
	return p.Frame(w, h)
}

func (s *Reveal) drawQuestion(p *act.Page) {
	question := sentence.Of("show.question", sentence.Term("kind", "method.kind."+string(s.with.Method.Kind)),
		sentence.Word("person", phrase.Person(s.with.Account.Person)))
	detail := sentence.Of("show.masked_none")
	if masked := s.with.Method.Masked(); masked != "" {
		detail = sentence.Of("show.masked", sentence.Word("masked", masked))
	}
	p.State(&kit.Statement{Theme: s.env.Theme, Text: s.env.Say(question), Details: []string{s.env.Say(detail)}})
	p.Form(&s.form)
	next := s.Keys()[0]
	if s.waiting {
		next.Label = s.env.Theme.Glyphs().Ellipsis
	}
	p.Next(!s.waiting, next)
	p.Close() // below a field stands a line for its problem
}

// drawValue shows the value.
func (s *Reveal) drawValue(p *act.Page) {
	label := sentence.Of("show.value", sentence.Term("kind", "method.kind."+string(s.with.Method.Kind)),
		sentence.Word("person", phrase.Person(s.with.Account.Person)))
	p.Say(theme.Dim, s.env.Say(label))
	p.Say(theme.Strong, s.env.Say(s.value))
	p.Say(theme.Text, s.env.Say(sentence.Of("show.hides", sentence.Span("for", shownFor))))
	p.Say(theme.Dim, act.Marks(s.env, s.seq, core.Case{}))
}
