package account

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// Card is the screen.
type Card struct {
	env    *screen.Env
	life   *screen.Life
	person core.Person
	read   *reading // nil until the account was read
	same   sameName
	failed *core.Error // why it could not be read, or what failed last
	away   bool        // another screen is on top; it changes the account, and coming back reads it again
	told   sentence.Sentence
	guide  *guide
	prompt *ticketPrompt
	busy   bool // a case is being opened or closed: another key must not do it twice
	scroll kit.Scroll
}

// New makes the screen for screen.AccountParams.
func New(env *screen.Env, life *screen.Life, with any) screen.Screen {
	params, _ := with.(screen.AccountParams)
	return &Card{env: env, life: life, person: params.Person, scroll: kit.Scroll{Theme: env.Theme}}
}

// Title implements screen.Screen.
func (c *Card) Title() string {
	if c.person.DisplayName.IsZero() {
		return c.person.Login.String()
	}
	return c.person.DisplayName.String()
}

// Init implements screen.Screen.
func (c *Card) Init() tea.Cmd { return tea.Batch(c.readCard(), c.lookForSameName()) }

// Typing implements screen.Screen.
func (c *Card) Typing() bool { return c.prompt != nil }

// Beside implements screen.Wide.
func (c *Card) Beside() bool { return true }

// Update implements screen.Screen.
func (c *Card) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case *reading:
		return c.take(msg)
	case sameName:
		c.same = msg
	case screen.Failed:
		return c.fail(msg)
	case screen.Resumed:
		c.away = false
		return c.readAgain()
	case screen.Event:
		if msg.Account != c.person.ID || c.away {
			return nil
		}
		return c.readAgain()
	case opened:
		return c.proveIn(msg)
	case closed:
		return c.leave(msg)
	case checked:
		return c.sayChecked(msg)
	case chosen:
		return c.revealChosen(msg)
	case tea.PasteMsg:
		if c.prompt != nil {
			c.prompt.input.Insert(msg.Content)
		}
	}
	return nil
}

// take shows what was read. If somebody else changed the account since it was read before, that is said.
func (c *Card) take(r *reading) tea.Cmd {
	var said tea.Cmd
	if colleague, at := r.changedSince(c.read, c.env.Actor.OperatorID); colleague != "" {
		c.told = sentence.Of("card.changed_by", sentence.Word("name", colleague), sentence.Time("at", at))
		said = screen.Do(screen.Toast{State: theme.StateWarn, Said: c.told})
	}
	c.read, c.failed, c.person = r, nil, r.card.Account.Person
	return said
}

func (c *Card) fail(msg screen.Failed) tea.Cmd {
	switch msg.Of {
	case workSameName:
		c.same = sameName{known: true} // it is a hint; without an answer nothing is said
	case workOpen, workClose, workCheck:
		c.busy, c.failed = false, msg.Err
	default:
		c.failed = msg.Err
	}
	return nil
}
