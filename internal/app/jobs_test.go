package app

import (
	"net"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

func TestAReloadTakesOverWhatCanBeTakenOverAndNamesTheRest(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.serve()
	c, err := s.connect("l1", gossh.PublicKeys(b.keys["l1"]))
	must(t, err)
	terminal := sit(t, c)
	see(t, terminal, "find a person")

	text := strings.Replace(b.text(), `listen = "127.0.0.1:0"`, `listen = "127.0.0.1:4242"`, 1)
	text = strings.Replace(text, `transport = "outbox"`, "transport = \"smtp\"\nhost = \"mx.example\"", 1)
	text += "\n\"Password Administrator\" = [\"account.find\", \"case.work\", \"trail.read.own\"]\n"
	text = strings.Replace(text, "[grants]", "[settings.quota]\nchanges_per_hour = 3\n\n[grants]", 1)
	lines, operators, _ := strings.Cut(text, "[[operator]]") // grants stand before the operators
	last := strings.LastIndex(operators, "\n\"Password")
	b.configure(lines + operators[last:] + "\n[[operator]]" + operators[:last])
	restart := b.Reload(t.Context(), b.config())
	if want := []string{"ssh", "mail"}; !slices.Equal(restart, want) {
		t.Errorf("needs a restart: %v, want %v", restart, want)
	}
	if again := b.Reload(t.Context(), b.config()); !slices.Equal(again, restart) {
		t.Errorf("and the next time: %v", again)
	}
	if got := b.desk.Settings().Quota.ChangesPerHour; got != 3 {
		t.Errorf("changes per hour: %d", got)
	}
	if v := b.desk.Settings().Version; !strings.HasPrefix(v, "config-") {
		t.Errorf("the version recorded with every operation is %q", v)
	}
	_, may, err := b.desk.WhoAmI(t.Context(), actor("l1"))
	if err != nil || may[rbac.ResetPassword].Allowed || !may[rbac.Find].Allowed {
		t.Errorf("Level 1 may reset: %v, find: %v, %v", may[rbac.ResetPassword].Allowed, may[rbac.Find].Allowed, err)
	}
}

func TestTheServiceManagerIsToldWhenTheDeskIsReadyAndWhenItStops(t *testing.T) {
	path := filepath.Join(testlab.ScratchDir(t), "notify") // its name must be short
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	must(t, err)
	defer func() { _ = socket.Close() }()
	t.Setenv("NOTIFY_SOCKET", path)
	s := newBench(t).serve()
	next := func() string {
		t.Helper()
		must(t, socket.SetReadDeadline(time.Now().Add(20*time.Second)))
		buf := make([]byte, 256)
		n, err := socket.Read(buf)
		must(t, err)
		return string(buf[:n])
	}
	if got := next(); got != "READY=1" {
		t.Errorf("told %q", got)
	}
	must(t, s.end())
	if got := next(); got != "STOPPING=1" {
		t.Errorf("told %q", got)
	}
	t.Setenv("NOTIFY_SOCKET", filepath.Join(t.TempDir(), "nobody"))
	notifySystemd(t.Context(), "READY=1") // nobody is there: nothing to do
}

func TestTheMachineryOfLoggingPasswordsKeepsTheDeskFromStarting(t *testing.T) {
	b := newBench(t)
	must(t, b.Close())
	for _, name := range []string{"TEA_TRACE", "TEA_DEBUG"} {
		t.Setenv(name, "1")
		if a, err := Open(t.Context(), b.config(), b.options()); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
			_ = a.Close()
		}
		t.Setenv(name, "")
	}
	b.open()
}

func TestOneStateFolderIsServedByOneDesk(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if _, err := Open(t.Context(), b.config(), b.options()); err == nil || !strings.Contains(err.Error(), "another desk serves") {
		t.Errorf("a second one: %v", err)
	}
	o := b.options()
	o.Beside = true
	beside, err := Open(t.Context(), b.config(), o)
	must(t, err)
	must(t, beside.Close())
	if err := Restore(t.Context(), b.config(), b.file); err == nil || !strings.Contains(err.Error(), "another desk serves") {
		t.Errorf("a restore while it serves: %v", err)
	}
	b.reopen()
}

func TestARestoreThatCannotBeDoneLeavesTheStoreAsItIs(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	jane := b.locked("jane")[0]
	copied := filepath.Join(b.dir, "copy.db")
	must(t, Backup(t.Context(), b.config(), copied))
	c := b.prove(actor("l1"), jane)
	must(t, b.Close())
	if err := Restore(t.Context(), b.config(), b.file); err == nil || !strings.Contains(err.Error(), "nothing was changed") {
		t.Errorf("from a file that is no backup: %v", err)
	}
	b.open()
	if _, err := b.store.Case(t.Context(), c.Number); err != nil {
		t.Errorf("the case is gone: %v", err)
	}
	must(t, b.Close())
	must(t, Restore(t.Context(), b.config(), copied))
	b.open()
	if _, err := b.store.Case(t.Context(), c.Number); core.CodeOf(err) != core.CodeNotFound {
		t.Errorf("a case that was opened after the backup: %v", err)
	}
	aside, err := filepath.Glob(filepath.Join(b.dir, "state", "desk.db.before-restore-*"))
	if err != nil || len(aside) == 0 {
		t.Errorf("what was there was not put aside: %v, %v", aside, err)
	}
	b.verify()
}

func TestEveryTableThatIsNotTakenOverIsNamedWhenItChanges(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if same := b.Reload(t.Context(), b.config()); len(same) != 0 {
		t.Errorf("nothing changed, and a restart is needed for %v", same)
	}
	was := b.text()
	for table, change := range map[string][2]string{
		"desk": {`site = "Oslo"`, "site = \"Oslo\"\nzone = \"Europe/Oslo\""}, "ssh": {"[ssh]", "[ssh]\nbanner = \"Hello\""},
		"mail": {`from = "helpdesk@desk.example"`, `from = "desk@desk.example"`}, "directory": {`kind = "embedded"`, "kind = \"embedded\"\npath = \"other.db\""},
		"log": {"[mail]", "[log]\nlevel = \"debug\"\n[mail]"}, "": {"[ssh]", "[ssh]\nrequire_totp = true"},
	} {
		b.configure(strings.Replace(was, change[0], change[1], 1))
		if got := strings.Join(b.Reload(t.Context(), b.config()), " "); got != table {
			t.Errorf("%q: a restart is needed for %q, want %q", change[1], got, table)
		}
	}
}
