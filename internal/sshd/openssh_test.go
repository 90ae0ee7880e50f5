package sshd_test

import (
	"bytes"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"github.com/sspr-tui/sspr-tui/internal/sshd"
)

// openSSH is the ssh program of the machine with a folder of its own: it sees no configuration, agent or key of anybody.
type openSSH struct {
	desk   *desk
	folder string
}

func newOpenSSH(t *testing.T, d *desk) openSSH {
	t.Helper()
	if _, err := exec.LookPath("ssh"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("the OpenSSH client is missing: apt-get install openssh-client")
		}
		t.Skip("the OpenSSH client is missing: apt-get install openssh-client")
	}
	o := openSSH{d, t.TempDir()}
	line := knownhosts.Line([]string{knownhosts.Normalize(d.addr)}, d.hostKey.Public())
	o.write(t, "known_hosts", line+"\n")
	return o
}

func (o openSSH) path(name string) string { return filepath.Join(o.folder, name) }

func (o openSSH) write(t *testing.T, name, content string) {
	t.Helper()
	must(t, os.WriteFile(o.path(name), []byte(content), 0o700))
}

// key makes a key file and returns its public half.
func (o openSSH) key(t *testing.T, name string) gossh.PublicKey {
	t.Helper()
	o.tool(t, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", o.path(name))
	content, err := os.ReadFile(o.path(name + ".pub"))
	must(t, err)
	public, _, _, _, err := gossh.ParseAuthorizedKey(content)
	must(t, err)
	return public
}

func (o openSSH) tool(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", name, err, out)
	}
}

// command prepares ssh for lea with these further options and words.
func (o openSSH) command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	host, port, err := net.SplitHostPort(o.desk.addr)
	must(t, err)
	all := append([]string{
		"-F", "none", "-p", port, "-o", "UserKnownHostsFile=" + o.path("known_hosts"), "-o", "StrictHostKeyChecking=yes",
		"-o", "IdentitiesOnly=yes", "-o", "ConnectTimeout=20",
	}, args...)
	at := slices.Index(all, "lea")
	all[at] = "lea@" + host
	cmd := exec.Command("ssh", all...)
	cmd.Env = []string{"HOME=" + o.folder, "PATH=" + os.Getenv("PATH"), "LC_PAPER=A4", "TERM=xterm-256color"}
	return cmd
}

// run returns what ssh printed and its exit code.
func (o openSSH) run(t *testing.T, cmd *exec.Cmd) (out, errOut string, code int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()
}

// withKeyFile gives lea's key to ssh.
func withKeyFile(t *testing.T, o openSSH) string {
	t.Helper()
	public := o.key(t, "id")
	o.desk.auth.with(func(a *operators) { a.signers["lea"] = publicOnly{public} })
	return o.path("id")
}

func TestOpenSSHRunsACommand(t *testing.T) {
	t.Parallel()
	d := openDesk(t, func(c *sshd.Config) { c.Banner = "operators only\n" })
	o := newOpenSSH(t, d)
	d.handler.command = func(_ context.Context, s *sshd.Session) int {
		input, _ := io.ReadAll(s)
		fmt.Fprintf(s, "%s %s %s\n", s.CommandLine(), input, s.Environ())
		return 4
	}
	cmd := o.command(t, "-i", withKeyFile(t, o), "-o", "SendEnv=LC_PAPER", "-A", "-X", "lea", "user", "show", "jane")
	cmd.Stdin = strings.NewReader("12345")
	out, errOut, code := o.run(t, cmd)
	if out != "user show jane 12345 [LC_PAPER=A4]\n" || code != 4 || !strings.Contains(errOut, "operators only") {
		t.Errorf("exit %d, out %q, err %q", code, out, errOut)
	}
}

func TestOpenSSHGetsATerminal(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	o := newOpenSSH(t, d)
	d.handler.terminal = func(_ context.Context, s *sshd.Session) int {
		pty, _ := s.Pty()
		fmt.Fprintf(s, "on %s\n", pty.Term)
		return 0
	}
	d.handler.noTerminal = func(_ context.Context, s *sshd.Session) int {
		fmt.Fprintln(s.Stderr(), "no terminal")
		return 2
	}
	key := withKeyFile(t, o)
	if out, errOut, code := o.run(t, o.command(t, "-i", key, "-tt", "lea")); out != "on xterm-256color\r\n" || code != 0 {
		t.Errorf("with: exit %d, out %q, err %q", code, out, errOut)
	}
	if out, errOut, code := o.run(t, o.command(t, "-i", key, "-T", "lea")); out != "" || errOut != "no terminal\n" || code != 2 {
		t.Errorf("without: exit %d, out %q, err %q", code, out, errOut)
	}
}

// Each cipher and MAC that we offer, as OpenSSH speaks it: type lockstep has to know how long their tags are.
func TestOpenSSHSpeaksEveryAlgorithm(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	o := newOpenSSH(t, d)
	key := withKeyFile(t, o)
	for _, options := range [][]string{
		{"-c", "aes128-gcm@openssh.com"},
		{"-c", "aes256-gcm@openssh.com"},
		{"-c", "aes128-ctr", "-m", "hmac-sha2-256-etm@openssh.com"},
		{"-c", "aes192-ctr", "-m", "hmac-sha2-512-etm@openssh.com"},
		{"-c", "aes256-ctr", "-m", "hmac-sha1,hmac-sha2-512-etm@openssh.com"},
		{"-o", "KexAlgorithms=curve25519-sha256"},
		{"-o", "KexAlgorithms=curve25519-sha256@libssh.org"},
		{"-o", "RekeyLimit=16K"},
	} {
		cmd := o.command(t, append(options, "-i", key, "lea", "cat")...)
		cmd.Stdin = strings.NewReader(strings.Repeat("x", 100_000))
		if out, errOut, code := o.run(t, cmd); code != 0 || len(out) != 100_000 {
			t.Errorf("%v: exit %d, %d bytes, err %q", options, code, len(out), errOut)
		}
	}
	for _, options := range [][]string{
		{"-c", "chacha20-poly1305@openssh.com"},
		{"-c", "aes128-ctr", "-m", "hmac-sha2-256"},
		{"-o", "KexAlgorithms=diffie-hellman-group14-sha256"},
	} {
		if _, errOut, code := o.run(t, o.command(t, append(options, "-i", key, "lea", "x")...)); code != 255 {
			t.Errorf("%v: exit %d, err %q", options, code, errOut)
		}
	}
}

// OpenSSH asks for both answers itself; a program answers here in the operator's place.
func TestOpenSSHAnswersPasswordAndCode(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	o := newOpenSSH(t, d)
	d.auth.with(func(a *operators) { a.codes["lea"] = "271828" })
	o.write(t, "answer", "#!/bin/sh\ncase \"$1\" in *Password*) echo 'pass of lea';; *) echo 271828;; esac\n")
	cmd := o.command(t, "-o", "PreferredAuthentications=keyboard-interactive", "lea", "cat")
	cmd.Env = append(cmd.Env, "SSH_ASKPASS="+o.path("answer"), "SSH_ASKPASS_REQUIRE=force", "DISPLAY=none")
	if _, errOut, code := o.run(t, cmd); code != 0 {
		t.Fatalf("exit %d, err %q", code, errOut)
	}
	if id := soleIdentity(t, d); !slices.Equal(id.Factors, []sshd.Factor{sshd.FactorPassword, sshd.FactorTOTP}) {
		t.Errorf("identity %+v", id)
	}
}

// Certificates and a revocation as ssh-keygen makes them.
func TestOpenSSHSignsInWithACertificate(t *testing.T) {
	t.Parallel()
	revoked := revocations(t, "")
	var authority gossh.PublicKey
	keys := openSSH{folder: t.TempDir()}
	d := openDesk(t, func(c *sshd.Config) {
		newOpenSSH(t, &desk{hostKey: c.HostKey, addr: "127.0.0.1:22"})
		authority = keys.key(t, "ca")
		c.Authorities, c.Revocations = []gossh.PublicKey{authority}, revoked.Revocations
	})
	o := newOpenSSH(t, d)
	o.key(t, "id")
	o.tool(t, "ssh-keygen", "-q", "-s", keys.path("ca"), "-I", "lea@laptop", "-z", "17", "-n", "lea", "-V", "+1h",
		"-O", "source-address=127.0.0.0/8", o.path("id.pub"))
	if _, errOut, code := o.run(t, o.command(t, "-i", o.path("id"), "lea", "cat")); code != 0 {
		t.Fatalf("exit %d, err %q", code, errOut)
	}
	if id := soleIdentity(t, d); id.Credential != "cert:"+gossh.FingerprintSHA256(authority)+":lea%40laptop:17" {
		t.Errorf("identity %+v", id)
	}
	revoked.write(t, "serial: 17\n")
	if _, errOut, code := o.run(t, o.command(t, "-o", "BatchMode=yes", "-i", o.path("id"), "lea", "cat")); code != 255 {
		t.Errorf("revoked: exit %d, err %q", code, errOut)
	}
}

// T76, T77 as OpenSSH asks for them.
func TestOpenSSHIsRefusedWhatIsNotServed(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	o := newOpenSSH(t, d)
	key := withKeyFile(t, o)
	for _, options := range [][]string{
		{"-s", "lea", "sftp"},
		{"-o", "ExitOnForwardFailure=yes", "-R", "127.0.0.1:0:127.0.0.1:1", "lea", "x"},
		{"-W", "127.0.0.1:1", "lea"},
	} {
		if _, errOut, code := o.run(t, o.command(t, append([]string{"-i", key}, options...)...)); code == 0 {
			t.Errorf("%v: exit %d, err %q", options, code, errOut)
		}
	}
	if n := d.Counters().Sessions; n != 0 {
		t.Errorf("%d sessions", n)
	}
}

// The way in which OpenSSH closes a channel and keeps its connection: several sessions share one connection, and one of
// their clients is killed. The process that holds the connection says so only when it wakes up for something else (seen
// with OpenSSH 9.2), and the next probe is that.
func TestOpenSSHSharesAConnection(t *testing.T) {
	t.Parallel()
	d := openDesk(t, func(c *sshd.Config) { c.Timeouts.KeepAlive = 200 * time.Millisecond })
	o := newOpenSSH(t, d)
	ended := make(chan error, 1)
	d.handler.terminal = func(ctx context.Context, s *sshd.Session) int {
		go func() { _, _ = io.Copy(io.Discard, s) }()
		<-ctx.Done()
		ended <- context.Cause(ctx)
		return 0
	}
	socket := filepath.Join(t.TempDir(), "s")
	master := o.command(t, "-i", withKeyFile(t, o), "-M", "-S", socket, "-N", "lea")
	must(t, master.Start())
	t.Cleanup(func() { _ = master.Process.Kill(); _ = master.Wait() })
	eventually(t, "the connection is shared", func() bool { _, err := os.Stat(socket); return err == nil })

	killed := o.command(t, "-S", socket, "-tt", "lea")
	input, err := killed.StdinPipe() // without it the client's input would end at once
	must(t, err)
	defer input.Close()
	must(t, killed.Start())
	eventually(t, "the session runs", func() bool { return d.Counters().OpenSessions == 1 })
	must(t, killed.Process.Kill())
	_ = killed.Wait()
	within(t, "the end of the session", ended)
	eventually(t, "the session is gone", func() bool { return d.Counters().OpenSessions == 0 })

	if _, errOut, code := o.run(t, o.command(t, "-S", socket, "lea", "cat")); code != 0 {
		t.Errorf("another session: exit %d, err %q", code, errOut)
	}
	if n := d.Counters(); n.SignedIn != 1 || n.OpenConnections != 1 || n.Sessions != 2 {
		t.Errorf("counters %+v", n)
	}
}

// The host key file is one that OpenSSH reads too.
func TestOpenSSHReadsTheHostKey(t *testing.T) {
	t.Parallel()
	o := newOpenSSH(t, openDesk(t))
	path := o.path("host_key")
	key, err := sshd.OpenHostKey(path)
	must(t, err)
	out, err := exec.Command("ssh-keygen", "-l", "-f", path).Output()
	if err != nil || !strings.Contains(string(out), key.Fingerprint()) {
		t.Errorf("%s, %v; want %s", out, err, key.Fingerprint())
	}
	content, err := os.ReadFile(path)
	must(t, err)
	if block, rest := pem.Decode(content); block == nil || len(rest) != 0 {
		t.Errorf("not one PEM block: %s", content)
	}
}
