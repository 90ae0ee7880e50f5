package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/rbac"
)

// place makes a folder with the credential files that a configuration names.
func place(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	put(t, dir, "store.key", base64.StdEncoding.EncodeToString(make([]byte, 32))+"\n", 0o600)
	put(t, dir, "bind.pw", "canary-bind-password\n", 0o600)
	return dir
}

func put(t *testing.T, dir, name, content string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

const minimal = `version = 1
[desk]
store_key = "store.key"
[[directory]]
name = "people"
kind = "embedded"
`

func load(t *testing.T, dir, content string) (Config, error) {
	t.Helper()
	return Load(put(t, dir, "desk.toml", content, 0o644))
}

func TestAMinimalConfigurationHasTheDefaults(t *testing.T) {
	t.Parallel()
	c, err := load(t, place(t), minimal)
	if err != nil {
		t.Fatal(err)
	}
	if c.SSH.Listen != "0.0.0.0:2222" || c.Settings.Version != "default" || c.Settings.Proof.CodeLife != 10*time.Minute ||
		c.Desk.Zone.String() != "UTC" || c.Directories[0].Path != "/var/lib/sspr-tui/people.db" || c.Desk.StoreKey.Len() != 32 {
		t.Fatalf("%+v", c)
	}
}

func TestAFullConfiguration(t *testing.T) {
	t.Parallel()
	c, err := load(t, place(t), `version = 1
[desk]
name = "Oslo"
zone = "Europe/Oslo"
language = "zh-CN"
store_key = "store.key"
state = "state"
[ssh]
listen = "127.0.0.1:0"
passwords = "loopback"
require_totp = true
[[directory]]
name = "corp"
kind = "openldap"
urls = ["ldap://ldap.example.org"]
start_tls = true
bind_dn = "cn=helpdesk,ou=services,dc=example,dc=org"
bind_password = "bind.pw"
base = "ou=people,dc=example,dc=org"
  [directory.attributes]
  mobile = "telephoneNumber"
[[operator]]
login = "ann"
roles = ["Password Administrator"]
account = "corp:ann.lee"
[[role]]
name = "User Administrator"
group = "cn=l2,ou=groups,dc=example,dc=org"
[settings]
proof.code_life = "5m"
[settings.guard]
vip = ["ceo"]
[grants]
"Helpdesk Administrator" = ["account.find"]
`)
	if err != nil {
		t.Fatal(err)
	}
	d := c.Directories[0]
	if d.BindPassword.Reveal() != "canary-bind-password" || d.Attributes["mobile"] != "telephoneNumber" || !d.StartTLS {
		t.Fatalf("%+v", d)
	}
	if c.Operators[0].Roles[0] != rbac.PasswordAdministrator || c.Roles[0].Directory != "corp" || !c.SSH.RequireTOTP {
		t.Fatalf("%+v", c.Operators)
	}
	if c.Settings.Proof.CodeLife != 5*time.Minute || c.Settings.Guard.VIP[0] != "ceo" || !strings.HasPrefix(c.Settings.Version, "config-") {
		t.Fatalf("%+v", c.Settings)
	}
	if c.Grants.Has(rbac.HelpdeskAdministrator, rbac.ResetPassword) || !c.Grants.Has(rbac.UserAdministrator, rbac.Unlock) {
		t.Fatalf("%+v", c.Grants)
	}
	if strings.Contains(fmt.Sprintf("%v %+v %#v", c, c, c), "canary") {
		t.Fatal("a secret is printed with the configuration")
	}
}

func TestEverythingThatIsWrongIsSaidAtOnceWithItsLine(t *testing.T) {
	t.Parallel()
	dir := place(t)
	put(t, dir, "open.pw", "x\n", 0o644)
	put(t, dir, "empty.pw", "\n", 0o600)
	_, err := load(t, dir, `version = 2
colour = "red"
[desk]
zone = "Mars/Olympus"
store_key = "open.pw"
[ssh]
listen = "everywhere"
passwords = "maybe"
[[directory]]
name = "a b"
kind = "openldap"
urls = ["ldap://plain.example.org"]
bind_dn = "not a name"
bind_password = "empty.pw"
base = ""
[[directory]]
kind = "magic"
[[operator]]
login = "ann"
keys = ["ssh-ed25519 xx"]
roles = ["Chief"]
[[operator]]
login = "ANN"
roles = ["Reports Reader"]
[[role]]
name = "User Administrator"
group = "g"
directory = "nowhere"
[settings]
proof.code_digits = 3
proof.code_life = "soon"
proof.nonsense = 1
[grants]
"Chief" = []
"Reports Reader" = ["password.guess"]
`)
	var problems Problems
	if !errors.As(err, &problems) {
		t.Fatalf("%v", err)
	}
	want := []string{
		":1: version:", ":2: colour:", ":4: desk.zone:", ":5: desk.store_key:", ":7: ssh.listen:", ":8: ssh.passwords:",
		":10: directory[0].name:", ":12: directory[0].urls:", ":13: directory[0].bind_dn:", ":14: directory[0].bind_password:", ":15: directory[0].base:",
		"directory[1].name:", ":17: directory[1].kind:", ":20: operator[0].keys:", ":21: operator[0].roles:", ":23: operator[1].login:", ":28: role[0].directory:",
		":30: settings.proof.code_digits:", ":31: settings.proof.code_life:", ":32: settings.proof.nonsense:", ":34: grants.Chief:", ":35: grants.Reports Reader:",
	}
	text := err.Error()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("nothing is said about %s", w)
		}
	}
	for i := 1; i < len(problems); i++ {
		if problems[i].Line < problems[i-1].Line {
			t.Fatal("the problems are not in the order of the lines")
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

// T105: credential files that others can read are refused, with the file, its mode and what to do.
func TestASecretThatOthersCanReadIsRefused(t *testing.T) {
	t.Parallel()
	for _, mode := range []os.FileMode{0o640, 0o604, 0o644, 0o660} {
		dir := place(t)
		put(t, dir, "store.key", base64.StdEncoding.EncodeToString(make([]byte, 32)), mode)
		if _, err := load(t, dir, minimal); err == nil || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
}

func TestACredentialOfSystemdMayBeReadByItsAccessList(t *testing.T) {
	dir := place(t)
	t.Setenv("CREDENTIALS_DIRECTORY", dir)
	put(t, dir, "store.key", base64.StdEncoding.EncodeToString(make([]byte, 32)), 0o440)
	if _, err := load(t, dir, minimal); err != nil {
		t.Fatal(err)
	}
	put(t, dir, "store.key", base64.StdEncoding.EncodeToString(make([]byte, 32)), 0o444)
	if _, err := load(t, dir, minimal); err == nil {
		t.Fatal("a credential that everybody can read was accepted")
	}
}

func TestABrokenFileIsOneSentence(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"a syntax error": "version = 1\n[desk\n", "an unterminated text": "version = \"1\nx", "nothing": "", "binary": "\x00\x01",
		"a wrong type": "version = 1\ndesk = 3\n", "a list where a table is": "version = 1\n[[desk]]\n", "a deep key": "version = 1\n[settings]\nproof = 4\n",
	} {
		if _, err := load(t, place(t), content); err == nil || !strings.Contains(err.Error(), "expected") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, file := range []string{"/nonexistent/desk.toml", t.TempDir()} {
		if _, err := Load(file); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func FuzzAnyFileIsLoadedOrRefusedWithoutPanic(f *testing.F) {
	f.Add(minimal)
	f.Add("version = 1\n[[directory]]\n[directory.attributes]\nx = '''\ny\n'''\n")
	f.Fuzz(func(t *testing.T, content string) {
		_, err := parse("/nowhere/desk.toml", content)
		var problems Problems
		if err != nil && !errors.As(err, &problems) {
			t.Fatalf("not a list of problems: %v", err)
		}
	})
}
