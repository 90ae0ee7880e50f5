package ui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// The ids of the root's own keys.
const (
	keyBack    = "root.back"
	keyHelp    = "root.help"
	keyPalette = "root.palette"
	keyLock    = "root.lock"
	keyHome    = "root.home"
	keyQuit    = "root.quit"
)

// globalKeys work on every screen. Letters among them only while nothing is typed.
func (r *Root) globalKeys() kit.KeyMap {
	help := []string{"?", "f1"}
	if top := r.top(); top != nil && top.screen.Typing() {
		help = []string{"f1", "?"} // a question mark is text now
	}
	return kit.KeyMap{
		{ID: keyHelp, Keys: help, Label: r.env.Label("key.help"), Pinned: true},
		{ID: keyBack, Keys: []string{"esc"}, Label: r.env.Label("key.back"), Hidden: len(r.stack) < 2},
		{ID: keyPalette, Keys: []string{"ctrl+k"}, Label: r.env.Label("key.palette"), Hidden: true},
		{ID: keyHome, Keys: []string{"ctrl+g"}, Label: r.env.Label("key.home"), Hidden: true},
		{ID: keyLock, Keys: []string{"f10"}, Label: r.env.Label("key.lock"), Hidden: true},
		{ID: keyQuit, Keys: []string{"ctrl+c"}, Label: r.env.Label("key.quit"), Hidden: true},
	}
}

func (r *Root) global(id string) tea.Cmd {
	switch id {
	case keyBack:
		return r.back()
	case keyHelp:
		r.overlay.help(r)
	case keyPalette:
		r.overlay.palette(r)
	case keyHome:
		return r.navigate(screen.GoHome{})
	case keyLock:
		return r.lock.close(r)
	case keyQuit:
		r.overlay.quit(r)
	}
	return nil
}

// back cancels what is being waited for; without that it closes the screen on top.
func (r *Root) back() tea.Cmd {
	if top := r.top(); top != nil && top.life.Cancel() {
		return nil
	}
	return r.pop(nil)
}

// menu is what the palette offers: the keys of the screen on top, then every screen that needs no params.
func (r *Root) menu() kit.KeyMap {
	var out kit.KeyMap
	if top := r.top(); top != nil {
		out = append(out, top.screen.Keys()...)
	}
	for _, e := range r.order {
		if e.Label == "" {
			continue
		}
		b := kit.Binding{ID: "go." + string(e.Route), Label: r.env.Label(e.Label)}
		if e.Key != "" {
			b.Keys = []string{e.Key}
		}
		b.Disabled = r.whyNot(e.Needs)
		out = append(out, b)
	}
	out = append(out, r.globalKeys()...)
	for _, name := range theme.Names() {
		out = append(out, kit.Binding{ID: themePrefix + string(name), Label: r.env.Label("theme." + string(name))})
	}
	return out
}

// themePrefix begins the ids of the palette's themes.
const themePrefix = "theme."

// retheme draws everything in another theme. The screens are made anew, because their parts hold the theme they were made with.
func (r *Root) retheme(name theme.Name) tea.Cmd {
	looks := r.looks
	looks.Name = name
	if name == theme.None {
		looks.Depth = theme.DepthNone
	}
	made, err := theme.New(looks)
	if err != nil {
		return nil
	}
	r.env.Theme = made
	r.lock.typed.Theme = made
	r.drop(0)
	return r.push(r.first, nil)
}

func (r *Root) whyNot(p rbac.Permission) string {
	if p == "" {
		return ""
	}
	_, who := r.env.Allowed(p)
	return who
}
