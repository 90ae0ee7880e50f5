package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/dn"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/secret"
)

// Load reads and checks a configuration file. The error is Problems: everything that is wrong, each with its line.
func Load(file string) (Config, error) {
	absolute, err := filepath.Abs(file)
	if err != nil {
		return Config{}, Problems{{File: file, Expected: "a path: " + err.Error()}}
	}
	raw, err := readFile(absolute)
	if err != nil {
		return Config{}, Problems{{File: file, Expected: "a configuration file that can be read: " + err.Error()}}
	}
	return parse(absolute, string(raw))
}

func parse(file, raw string) (Config, error) {
	var values map[string]any
	if _, err := toml.Decode(raw, &values); err != nil {
		var syntax toml.ParseError
		if errors.As(err, &syntax) {
			return Config{}, Problems{{File: file, Line: syntax.Position.Line, Expected: "TOML: " + syntax.Message}}
		}
		return Config{}, Problems{{File: file, Expected: "TOML: " + err.Error()}}
	}
	r := &reader{file: file, at: index(raw)}
	c := r.config(r.table("", values))
	if len(r.problems) > 0 {
		return Config{}, r.problems.sorted()
	}
	return c, nil
}

func (r *reader) config(t *table) Config {
	if v := t.number("version", 0, 0, 1<<20); v != Current {
		t.wrong("version", fmt.Sprintf("version = %d, the format this program reads", Current))
	}
	c := Config{File: r.file}
	c.Desk = desk(t.sub("desk"))
	c.SSH = ssh(t.sub("ssh"), c.Desk)
	c.Mail = mail(t.sub("mail"), c.Desk)
	c.Log = logging(t.sub("log"))
	for _, d := range t.subs("directory") {
		c.Directories = append(c.Directories, directory(d, c.Desk))
	}
	if len(c.Directories) == 0 {
		t.wrong("directory", "at least one [[directory]]")
	}
	for _, o := range t.subs("operator") {
		c.Operators = append(c.Operators, operator(o, c))
	}
	for _, g := range t.subs("role") {
		c.Roles = append(c.Roles, roleGroup(g, c))
	}
	c.Settings = settings(t.sub("settings"))
	c.Grants = grants(t.sub("grants"))
	t.done()
	r.unique(c)
	return c
}

// unique notes names that stand twice.
func (r *reader) unique(c Config) {
	seen := map[string]bool{}
	for i, d := range c.Directories {
		if seen["d:"+d.Name] && d.Name != "" {
			r.wrong(fmt.Sprintf("directory[%d].name", i), "a name that no other directory has")
		}
		seen["d:"+d.Name] = true
	}
	for i, o := range c.Operators {
		login := strings.ToLower(o.Login)
		if seen["o:"+login] && login != "" {
			r.wrong(fmt.Sprintf("operator[%d].login", i), "a login that no other operator has")
		}
		seen["o:"+login] = true
	}
}

func desk(t *table) Desk {
	d := Desk{Name: t.text("name", "Helpdesk"), Site: t.text("site", ""), Language: t.one("language", "en", "en", "zh-CN")}
	d.Theme = t.one("theme", "dark", "dark", "light", "high-contrast", "colour-blind", "none")
	d.State = t.path("state", "/var/lib/sspr-tui")
	zone := t.text("zone", "UTC")
	var err error
	if d.Zone, err = time.LoadLocation(zone); err != nil {
		t.wrong("zone", `a time zone such as "Europe/Oslo"`)
	}
	if d.StoreKey = storeKey(t.secret("store_key")); d.StoreKey == nil && !t.r.mentions(t.key("store_key")) {
		t.wrong("store_key", "a credential file with 32 random bytes in base64 (sspr-tui key FILE makes one)")
	}
	t.done()
	return d
}

// mentions reports whether a problem with the key was noted already.
func (r *reader) mentions(key string) bool {
	return slices.ContainsFunc(r.problems, func(p Problem) bool { return p.Key == key })
}

// storeKey decodes 32 bytes of base64; nil when that is not what is there.
func storeKey(t *secret.Text) *secret.Text {
	if t == nil {
		return nil
	}
	defer t.Destroy()
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(t.Reveal()))
	if err != nil || len(raw) != 32 {
		return nil
	}
	return secret.New(raw)
}

func ssh(t *table, d Desk) SSH {
	s := SSH{
		Listen: t.text("listen", "0.0.0.0:2222"), HostKey: t.path("host_key", filepath.Join(d.State, "host_key")),
		Banner: t.text("banner", ""), Revocations: t.path("revocations", ""),
		Passwords: t.one("passwords", "anywhere", "anywhere", "loopback", "nowhere"), RequireTOTP: t.yes("require_totp", false),
	}
	for _, a := range t.list("authorities") {
		if !filepath.IsAbs(a) {
			a = filepath.Join(filepath.Dir(t.r.file), a)
		}
		s.Authorities = append(s.Authorities, a)
	}
	if host, port, err := net.SplitHostPort(s.Listen); err != nil || !portNumber(port) || (host != "" && net.ParseIP(host) == nil) {
		t.wrong("listen", `an address and port such as "0.0.0.0:2222"`)
	}
	t.done()
	return s
}

func portNumber(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= 0 && n <= 65535
}

func mail(t *table, d Desk) Mail {
	m := Mail{
		Transport: t.one("transport", "outbox", "smtp", "outbox"), Folder: t.path("folder", filepath.Join(d.State, "outbox")),
		Host: t.text("host", ""), Port: t.number("port", 587, 1, 65535), Security: t.one("security", "starttls", "starttls", "tls"),
		User: t.text("user", ""), Password: t.secret("password"), CA: t.file("ca"),
		From: t.text("from", "helpdesk@localhost.localdomain"), HelpLine: t.text("help_line", ""),
	}
	if local, domain, ok := strings.Cut(m.From, "@"); !ok || local == "" || !strings.Contains(domain, ".") || strings.ContainsAny(m.From, " \t<>\",;") {
		t.wrong("from", `a plain address such as "helpdesk@example.org"`)
	}
	if m.Transport == "smtp" && m.Host == "" {
		t.wrong("host", "the mail server's name")
	}
	if (m.User == "") != (m.Password == nil) && !t.r.mentions(t.key("password")) {
		t.wrong("password", "user and password together, or neither")
	}
	t.done()
	return m
}

func logging(t *table) Log {
	l := Log{Format: t.one("format", "json", "json", "text"), Level: t.one("level", "info", "debug", "info", "warn", "error")}
	t.done()
	return l
}

func directory(t *table, d Desk) Directory {
	out := Directory{Name: t.need("name", "a short name"), Kind: t.one("kind", "", "embedded", "openldap")}
	if strings.ContainsAny(out.Name, ": \t") {
		t.wrong("name", "a name without blanks and colons")
	}
	if out.Kind == "embedded" {
		out.Path = t.path("path", filepath.Join(d.State, "people.db"))
		t.done()
		return out
	}
	out.URLs, out.StartTLS, out.CA = t.list("urls"), t.yes("start_tls", false), t.file("ca")
	out.ServerName, out.BindDN, out.BindPassword = t.text("server_name", ""), t.distinguished("bind_dn"), t.secret("bind_password")
	out.Base, out.PeopleFilter = t.distinguished("base"), t.text("people_class", "inetOrgPerson")
	out.GroupBase, out.Attributes, out.RoleGroups = t.text("group_base", ""), t.texts("attributes"), t.texts("role_groups")
	out.ServiceDNs, out.Settings = t.list("service_units"), t.texts("settings")
	if out.BindPassword == nil && !t.r.mentions(t.key("bind_password")) {
		t.wrong("bind_password", "a credential file with the service identity's password")
	}
	t.checkURLs(out)
	t.done()
	return out
}

// distinguished is a distinguished name that must be there.
func (t *table) distinguished(k string) string {
	s := t.need(k, `a distinguished name such as "dc=example,dc=org"`)
	if _, err := dn.Parse(s); s != "" && err != nil {
		t.wrong(k, "a distinguished name (RFC 4514): "+err.Error())
	}
	return s
}

func (t *table) checkURLs(d Directory) {
	if len(d.URLs) == 0 {
		t.wrong("urls", `a list such as ["ldaps://ldap.example.org"]`)
	}
	for _, u := range d.URLs {
		ldaps := strings.HasPrefix(u, "ldaps://")
		if !ldaps && !(d.StartTLS && strings.HasPrefix(u, "ldap://")) {
			t.wrong("urls", "ldaps:// addresses, or ldap:// with start_tls = true; nothing is ever sent unencrypted")
		}
	}
}

func operator(t *table, c Config) Operator {
	o := Operator{
		Login: t.need("login", "what the operator types in ssh LOGIN@desk"), Name: t.text("name", ""), Site: t.text("site", c.Desk.Site),
		Account: t.text("account", ""), Keys: t.list("keys"), Directories: t.list("directories"), Units: t.list("units"),
		Groups: t.list("groups"), Disabled: t.yes("disabled", false),
	}
	for _, line := range o.Keys {
		if _, _, _, _, err := gossh.ParseAuthorizedKey([]byte(line)); err != nil {
			t.wrong("keys", "public keys in authorized_keys form")
		}
	}
	for _, name := range t.list("roles") {
		o.Roles = append(o.Roles, t.role("roles", name))
	}
	if len(o.Roles) == 0 {
		t.wrong("roles", `a list such as ["Password Administrator"]`)
	}
	t.done()
	return o
}

func (t *table) role(k, name string) rbac.Role {
	r, ok := rbac.ParseOperatorRole(name)
	if !ok {
		t.wrong(k, "one of "+roleNames())
	}
	return r
}

func roleNames() string {
	names := make([]string, 0, len(rbac.OperatorRoles()))
	for _, r := range rbac.OperatorRoles() {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

func roleGroup(t *table, c Config) RoleGroup {
	g := RoleGroup{Name: t.role("name", t.text("name", "")), Group: t.need("group", "the group's name or distinguished name"), Site: t.text("site", c.Desk.Site)}
	fallback := ""
	if len(c.Directories) > 0 {
		fallback = c.Directories[0].Name
	}
	g.Directory = t.text("directory", fallback)
	if !slices.ContainsFunc(c.Directories, func(d Directory) bool { return d.Name == g.Directory }) {
		t.wrong("directory", "the name of a [[directory]]")
	}
	t.done()
	return g
}
