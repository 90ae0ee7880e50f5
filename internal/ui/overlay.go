package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

// overlay is what lies over the screens: one dialog, the help, or the palette.
type overlay struct {
	dialog *kit.Dialog
	owner  int // life of the screen that asked; 0 is the root
	answer func(chosen string) tea.Msg

	helping *kit.Scroll
	menu    *menu
}

func (o *overlay) active() bool { return o.dialog != nil || o.helping != nil || o.menu != nil }

func (o *overlay) ask(r *Root, msg screen.Ask) {
	msg.Dialog.Theme = r.env.Theme
	if msg.Dialog.Opening == kit.OpenedByItself {
		msg.Dialog.Now = r.env.Now
	}
	o.dialog, o.answer, o.owner = kit.NewDialog(msg.Dialog), msg.Answer, 0
	if top := r.top(); top != nil {
		o.owner = top.life.ID
	}
}

// quit asks whether to sign out.
func (o *overlay) quit(r *Root) {
	o.ask(r, screen.Ask{
		Dialog: kit.DialogOptions{
			Title: r.env.Label("quit.title"),
			Buttons: []kit.Button{
				{ID: "quit", Label: r.env.Label("quit.yes"), Key: "q"},
				{ID: "", Label: r.env.Label("quit.no")},
			},
		},
		Answer: func(chosen string) tea.Msg {
			if chosen == "quit" {
				return screen.SignOut{}
			}
			return nil
		},
	})
	o.owner = 0
}

func (o *overlay) key(r *Root, k tea.KeyPressMsg) tea.Cmd {
	switch {
	case o.dialog != nil:
		return o.dialogKey(r, k)
	case o.menu != nil:
		return o.menuKey(r, k)
	default:
		if !o.helping.Update(k) {
			o.helping = nil
		}
		return nil
	}
}

func (o *overlay) paste(r *Root, msg tea.PasteMsg) tea.Cmd {
	if o.menu != nil {
		o.menu.typed.Insert(msg.Content)
		o.menu.filter(r)
	}
	return nil
}

func (o *overlay) dialogKey(r *Root, k tea.KeyPressMsg) tea.Cmd {
	chosen, done := o.dialog.Update(k, r.env.Now)
	if !done {
		return nil
	}
	answer, owner := o.answer, o.owner
	o.dialog, o.answer = nil, nil
	msg := answer(chosen)
	for _, s := range r.stack {
		if s.life.ID == owner {
			return s.screen.Update(msg)
		}
	}
	if owner == 0 {
		return r.navigate(msg)
	}
	return nil
}

// help lists the keys of the screen on top and those that work everywhere.
func (o *overlay) help(r *Root) {
	th := r.env.Theme
	var here kit.KeyMap
	title := ""
	if top := r.top(); top != nil {
		here, title = top.screen.Keys(), top.screen.Title()
	}
	o.helping = &kit.Scroll{Theme: th, Body: &kit.Stack{Theme: th, Gap: 1, Blocks: []kit.Block{
		&kit.Lines{Theme: th, Lines: []kit.Line{kit.Plain(r.env.Say(sentence.Of("help.title", sentence.Word("screen", title))))}},
		&keyList{root: r, title: r.env.Label("help.here"), keys: here},
		&keyList{root: r, title: r.env.Label("help.everywhere"), keys: append(r.globalKeys(), r.everywhere()...)},
		&kit.Lines{Theme: th, Lines: []kit.Line{kit.Plain(r.env.Label("help.states"))}},
	}}}
}

// everywhere are the screens that open from everywhere.
func (r *Root) everywhere() kit.KeyMap {
	var out kit.KeyMap
	for _, e := range r.order {
		if e.Label != "" && e.Key != "" {
			out = append(out, kit.Binding{ID: string(e.Route), Keys: []string{e.Key}, Label: r.env.Label(e.Label), Disabled: r.whyNot(e.Needs)})
		}
	}
	return out
}

// shown is the first key of a binding as it is printed.
func shown(b kit.Binding) string {
	if len(b.Keys) == 0 {
		return ""
	}
	return strings.ReplaceAll(b.Keys[0], "ctrl+", "^")
}
