package testlab

import (
	"bufio"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// SlapdOptions changes the recipe. The zero value is the recipe.
type SlapdOptions struct {
	CA           *CA               // issues the server certificate; nil: a new one
	LDIF         string            // more entries, loaded before the server starts
	People       int               // synthetic people, loaded before the server starts
	Locked       int               // how many of them are locked
	Policy       map[string]string // attributes of the default policy that differ; "" removes one
	WithoutIndex []string          // attributes that have no index
	LastBind     bool              // record the last successful bind of every account
	MapSize      int64             // bytes of the database; 0: enough for the people
}

// SlapdServer is a private slapd on loopback. It ends with the test.
type SlapdServer struct {
	CA   *CA
	Addr string // host:port of ldap
	// LDAPURL is clear text until StartTLS, LDAPSURL is TLS from the first byte, LDAPIURL is a unix socket.
	LDAPURL, LDAPSURL, LDAPIURL  string
	Suffix, PolicyDN             string
	RootDN, RootPassword         string
	HelpdeskDN, HelpdeskPassword string

	dir     string
	process *process
}

// startTries is how often a start is tried with new ports: between choosing a port and using it another may take it.
const startTries = 5

// Slapd makes a directory by the recipe and starts it. A machine without slapd skips the test.
func Slapd(tb testing.TB, opts SlapdOptions) *SlapdServer {
	tb.Helper()
	Require(tb, ProgramSlapd, ProgramLDAPSearch)
	s := newSlapdServer(tb, opts)
	s.initialise(tb, opts)
	tb.Cleanup(s.Kill)
	for try := 1; ; try++ {
		s.choosePorts(tb)
		err := s.start()
		if err == nil {
			break
		}
		if try == startTries || s.process == nil || s.process.alive() {
			tb.Fatal(err)
		}
	}
	return s
}

func newSlapdServer(tb testing.TB, opts SlapdOptions) *SlapdServer {
	const suffix = "dc=example,dc=org"
	s := &SlapdServer{
		CA: opts.CA, Suffix: suffix, PolicyDN: "cn=default,ou=policies," + suffix,
		RootDN: "cn=root," + suffix, RootPassword: "root-secret",
		HelpdeskDN: "cn=helpdesk,ou=services," + suffix, HelpdeskPassword: "helpdesk-secret",
		dir: ScratchDir(tb),
	}
	if s.CA == nil {
		s.CA = NewCA(tb)
	}
	s.LDAPIURL = "ldapi://" + url.PathEscape(s.path("run/ldapi"))
	return s
}

func (s *SlapdServer) path(name string) string { return filepath.Join(s.dir, name) }

// initialise writes certificates and loads configuration and data with slapadd, which needs no running server.
func (s *SlapdServer) initialise(tb testing.TB, opts SlapdOptions) {
	tb.Helper()
	for _, folder := range []string{"slapd.d", "db", "run"} {
		if err := os.Mkdir(s.path(folder), 0o700); err != nil {
			tb.Fatal(err)
		}
	}
	writeFile(tb, s.path("ca.crt"), string(s.CA.PEM()))
	writePEM(tb, s.CA.Issue(CertOptions{}), s.path("server.crt"), s.path("server.key"))
	writeFile(tb, s.path("root.pw"), s.RootPassword)
	writeFile(tb, s.path("config.ldif"), s.settings(opts).render(tb))
	s.slapadd(tb, "config.ldif", "-n0")
	s.writeData(tb, opts)
	s.slapadd(tb, "data.ldif", "-q", "-n1")
}

func (s *SlapdServer) settings(opts SlapdOptions) slapdSettings {
	size := opts.MapSize
	if size == 0 {
		size = 1<<28 + int64(opts.People)*8<<10
	}
	return slapdSettings{
		Dir: s.dir, Suffix: s.Suffix, RootDN: s.RootDN, RootPassword: s.RootPassword, HelpdeskDN: s.HelpdeskDN,
		PolicyDN: s.PolicyDN, MapSize: size, LastBind: opts.LastBind, Indexes: indexes(opts.WithoutIndex),
	}
}

func (s *SlapdServer) writeData(tb testing.TB, opts SlapdOptions) {
	tb.Helper()
	file, err := os.OpenFile(s.path("data.ldif"), os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	out := bufio.NewWriter(file)
	_, _ = out.WriteString(s.baseEntries(tb, opts.Policy))
	s.writeSynthetic(tb, out, opts.People, opts.Locked)
	_, _ = out.WriteString(opts.LDIF)
	if err := out.Flush(); err != nil {
		tb.Fatalf("data for slapadd: %v", err)
	}
}

func (s *SlapdServer) slapadd(tb testing.TB, file string, flags ...string) {
	tb.Helper()
	path, err := findProgram("slapadd")
	if err != nil {
		tb.Fatal(err)
	}
	args := append([]string{"-F", s.path("slapd.d"), "-l", s.path(file)}, flags...)
	if out, err := exec.Command(path, args...).CombinedOutput(); err != nil {
		tb.Fatalf("slapadd %s: %v\n%s", file, err, out)
	}
}

func (s *SlapdServer) choosePorts(tb testing.TB) {
	tb.Helper()
	ports := FreePorts(tb, 2)
	s.Addr = fmt.Sprintf("127.0.0.1:%d", ports[0])
	s.LDAPURL = "ldap://" + s.Addr
	s.LDAPSURL = fmt.Sprintf("ldaps://127.0.0.1:%d", ports[1])
}

func (s *SlapdServer) start() error {
	path, err := findProgram("slapd")
	if err != nil {
		return err
	}
	listen := s.LDAPURL + " " + s.LDAPSURL + " " + s.LDAPIURL
	if s.process, err = startProcess(path, "-F", s.path("slapd.d"), "-h", listen, "-d", "0"); err != nil {
		return err
	}
	return s.waitReady()
}

// waitReady asks over every listener, since they are opened one after the other.
func (s *SlapdServer) waitReady() error {
	const patience, pause = 30 * time.Second, 5 * time.Millisecond
	deadline := time.Now().Add(patience)
	for {
		err := s.answers()
		switch {
		case err == nil:
			return nil
		case !s.process.alive():
			return fmt.Errorf("slapd ended at its start: %s", s.process.output)
		case time.Now().After(deadline):
			return fmt.Errorf("slapd did not answer within %v: %w: %s", patience, err, s.process.output)
		}
		time.Sleep(pause) // another process: nothing to wait on but its answer
	}
}

func (s *SlapdServer) answers() error {
	for _, target := range []string{s.LDAPIURL, s.LDAPSURL, s.LDAPURL} {
		if _, err := s.run("ldapsearch", "", "-x", "-H", target, "-LLL", "-s", "base", "-b", "", "1.1"); err != nil {
			return err
		}
	}
	return nil
}

// Stop ends slapd in order; its data stay.
func (s *SlapdServer) Stop() {
	const patience = 10 * time.Second
	s.process.end(syscall.SIGINT, patience)
}

// Kill ends slapd as a crash would; its data stay.
func (s *SlapdServer) Kill() {
	if s.process != nil {
		s.process.end(syscall.SIGKILL, time.Minute)
	}
}

// Freeze stops slapd in its tracks: connections stay open, and nothing answers until Thaw.
func (s *SlapdServer) Freeze(tb testing.TB) {
	tb.Helper()
	if err := s.process.freeze(); err != nil {
		tb.Fatal(err)
	}
}

// Thaw continues a frozen slapd.
func (s *SlapdServer) Thaw() { _ = s.process.cmd.Process.Signal(syscall.SIGCONT) }

// Start starts a stopped or killed slapd again, on the same ports with the same data.
func (s *SlapdServer) Start(tb testing.TB) {
	tb.Helper()
	if err := s.start(); err != nil {
		tb.Fatal(err)
	}
}
