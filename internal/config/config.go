package config

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core/policy"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/secret"
)

// Current is the version of the file format this program reads.
const Current = 1

// Config is a checked configuration. Paths are absolute.
type Config struct {
	File        string
	Desk        Desk
	SSH         SSH
	Mail        Mail
	Log         Log
	Directories []Directory
	Operators   []Operator
	Roles       []RoleGroup
	Settings    policy.Settings
	Grants      rbac.Grants
}

// Desk is the [desk] table.
type Desk struct {
	Name     string         // shown in the banner
	Site     string         // default site of operators
	Zone     *time.Location // in which times are shown
	Language string         // "en" or "zh-CN"
	Theme    string         // "dark", "light", "high-contrast", "colour-blind" or "none"
	State    string         // folder for the store, the host key and the sockets
	StoreKey *secret.Text   // 32 bytes, from the credential file store_key
}

// SSH is the [ssh] table.
type SSH struct {
	Listen      string // address:port
	HostKey     string // file
	Banner      string
	Authorities []string // files with public keys of certificate authorities
	Revocations string   // file; empty for none
	Passwords   string   // "anywhere", "loopback" or "nowhere"
	RequireTOTP bool     // every operator needs a second factor
}

// Mail is the [mail] table.
type Mail struct {
	Transport string // "smtp" or "outbox"
	Folder    string // for outbox: one .eml file for each message
	Host      string
	Port      int
	Security  string // "starttls" or "tls"
	User      string
	Password  *secret.Text // nil without authentication
	CA        []byte       // PEM; nil for the system's
	From      string
	HelpLine  string // how a person reaches the desk when a notice surprises them
}

// Log is the [log] table.
type Log struct {
	Format string // "json" or "text"
	Level  string // "debug", "info", "warn" or "error"
}

// Directory is one [[directory]].
type Directory struct {
	Name string
	Kind string // "embedded" or "openldap"
	Path string // for embedded: the database file

	// For directories that are reached over the network.
	URLs         []string
	StartTLS     bool
	CA           []byte // PEM; nil for the system's
	ServerName   string
	BindDN       string
	BindPassword *secret.Text
	Base         string
	PeopleFilter string
	GroupBase    string
	Attributes   map[string]string // our name -> attribute
	RoleGroups   map[string]string // role name -> group DN: members hold that administrator role
	ServiceDNs   []string          // units whose accounts are service accounts
	Settings     map[string]string // what else the kind can be told
}

// Operator is one [[operator]].
type Operator struct {
	Login       string
	Name        string
	Roles       []rbac.Role
	Site        string
	Account     string   // directory:login of the operator's own account
	Keys        []string // authorized_keys lines
	Directories []string // scope
	Units       []string
	Groups      []string
	Disabled    bool
}

// RoleGroup is one [[role]]: members of the group hold the role and sign in with their directory password.
type RoleGroup struct {
	Name      rbac.Role
	Directory string
	Group     string
	Site      string
}
