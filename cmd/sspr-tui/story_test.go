package main

import (
	"context"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets a story run this program: the test binary is sspr-tui when it is called by that name.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"sspr-tui": main})
}

// TestStories plays every story of testdata/stories: the real program, real SSH, a terminal emulator to look at. Waiting is by what can be
// seen, never by time.
func TestStories(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "../../testdata/stories",
		Setup: func(env *testscript.Env) error {
			s := &stage{ctx: context.Background(), work: env.WorkDir, terminals: map[string]*seat{}}
			env.Values[stageKey{}] = s
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("PATH", env.Getenv("PATH")+string(os.PathListSeparator)+os.Getenv("PATH"))
			env.Defer(s.clear)
			return nil
		},
		Cmds: commandsOfStories(),
	})
}

type stageKey struct{}

// commandsOfStories are the commands of a story beside those of testscript, which win over one of the same name ("kill", "stop").
func commandsOfStories() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"desk": storyDesk, "crash": storyCrash, "shutdown": storyShutdown, "console": storyConsole, "at-console": storyAtConsole, "serve": storyServe, "signal": storySignal, "over": storyOver, "listens": storyListens,
		"edit": storyEdit, "private": storyPrivate, "logged": storyLogged, "hold": storyHold, "release": storyRelease, "metric": storyMetric, "log": storyLog,
		"as": storyAs, "shell": storyShell, "await": storyAwait, "field": storyField, "totp": storyTOTP, "mail": storyMail, "attack": storyAttack, "no-secret": storyNoSecret,
		"sit": storySit, "type": storyType, "paste": storyPaste, "press": storyPress, "insist": storyInsist, "keys": storyKeys, "resize": storyResize,
		"see": storySee, "unseen": storyUnseen, "ready": storyReady, "look": storyLook, "clean": storyClean, "colourless": storyColourless,
		"fits": storyFits, "quiet": storyQuiet, "drop": storyDrop, "hang": storyHang, "again": storyAgain, "gone": storyGone, "restored": storyRestored,
	}
}
