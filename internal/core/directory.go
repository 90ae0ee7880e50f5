package core

import (
	"context"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Directory is one source of accounts. Every backend passes the contract suite in internal/directory/directorytest.
// Errors are *Error; a write's error says what was changed. All methods return soon after ctx ends.
type Directory interface {
	// Name is the configured name, the Directory of every AccountID it returns.
	Name() string
	// Can says what this directory is able to do.
	Can() Capabilities
	// Search finds people as the operator types. CodeUnavailable.
	Search(ctx context.Context, q Query) (Found, error)
	// Resolve finds the keys of accounts whose login, mail address, user principal name or id is exactly this. CodeUnavailable.
	Resolve(ctx context.Context, name untrusted.Text) ([]AccountID, error)
	// Account reads one account with everything the card shows. CodeNotFound, CodeUnavailable.
	Account(ctx context.Context, key string) (Account, error)
	// List pages through accounts in a state, computed by the directory, to the end. CodeUnavailable, CodeInvalid for a stale cursor.
	List(ctx context.Context, q ListQuery) (Page, error)
	// SetPassword sets a new password. The Grant must allow rbac.ResetPassword on the account. CodeDenied, CodeNotFound, CodeConflict,
	// CodePolicy with the directory's reason, CodeUnavailable with NothingChanged when it was not sent, CodeUnknown when it was.
	SetPassword(ctx context.Context, g rbac.Grant, c PasswordChange) error
	// Unlock removes the lock. Unlocking an unlocked account is a success that says so. Errors as SetPassword.
	Unlock(ctx context.Context, g rbac.Grant, c UnlockChange) (UnlockAnswer, error)
	// Probe asks whether the directory answers, and how it is. It never fails: the answer carries the error.
	Probe(ctx context.Context) Health
	// Close lets go of connections.
	Close() error
}

// Authenticator is a Directory that can check a password, for operators who sign in with theirs.
type Authenticator interface {
	// Authenticate checks a password. CodeDenied for anything the directory refuses, CodeUnavailable.
	Authenticate(ctx context.Context, login untrusted.Text, password *secret.Text) (AccountID, error)
}

// Capabilities says what a directory can do.
type Capabilities struct {
	Reset       bool
	Unlock      bool
	MustChange  bool
	ListStates  []ListState
	ReadPolicy  bool
	PerOperator bool // acts only with the operator's own credential
	LastSignIn  bool
}

// Behalf carries the operator's own credential for directories that act only as the operator. Others ignore it.
type Behalf struct {
	Operator   string
	Credential *secret.Text
}

// Query is what an operator typed. Words are ANDed. Exact login comes first, then prefixes, then substrings; a phone number is looked for as
// a whole from 7 digits on, a mail address only as a whole.
type Query struct {
	Text  untrusted.Text
	Limit int // most rows
}

// Found are the rows of a search.
type Found struct {
	Rows     []Row
	More     bool // there are more than Limit
	Indexing bool // the index is not complete yet: rows may be missing
}

// Row is one person found.
type Row struct {
	Person
	State RowState
	Rank  Rank
	Place string // as Account.Place; "" when the directory does not tell it with a row
}

// Rank orders rows of several directories in one list; smaller is better.
type Rank int

// The ranks.
const (
	RankExact     Rank = 1 // login, employee number, phone or mail address as typed
	RankPrefix    Rank = 2 // every word starts a login or a name
	RankSubstring Rank = 3
)

// RowState is the worst thing about an account that a row shows.
type RowState string

// The states of rows, worst first.
const (
	RowDisabled   RowState = "disabled"
	RowLocked     RowState = "locked"
	RowExpired    RowState = "expired"
	RowMustChange RowState = "must_change"
	RowFine       RowState = "fine"
	RowNotKnown   RowState = "not_known"
)

// RowStateOf is the state a row shows for an account.
func RowStateOf(s State) RowState {
	switch {
	case !s.Enabled:
		return RowDisabled
	case s.Locked:
		return RowLocked
	case s.AccountExpired || s.PasswordExpired:
		return RowExpired
	case s.MustChange:
		return RowMustChange
	default:
		return RowFine
	}
}

// ListState selects a list.
type ListState string

// The lists.
const (
	ListLocked     ListState = "locked"
	ListDisabled   ListState = "disabled"
	ListExpired    ListState = "expired"
	ListExpiring   ListState = "expiring" // within Days
	ListMustChange ListState = "must-change"
	ListIdle       ListState = "idle" // no sign-in for Days
)

// ListStates are all lists, in the order in which they are offered.
func ListStates() []ListState {
	return []ListState{ListLocked, ListDisabled, ListExpired, ListExpiring, ListMustChange, ListIdle}
}

// ListQuery asks for one page of a list.
type ListQuery struct {
	State  ListState
	Days   int    // for ListExpiring and ListIdle
	Cursor string // "" for the first page; opaque
	Limit  int    // most rows of a page
}

// Page is one page of a list.
type Page struct {
	Rows  []ListRow
	Next  string // cursor of the next page, "" at the end
	Total int    // all rows of the list, -1 when the directory cannot count without reading to the end
}

// ListRow is one account of a list and the time the list is about.
type ListRow struct {
	Person
	State RowState
	Since time.Time // locked since, expired at, expires at, last sign-in
	Place string    // as Row.Place
}

// PasswordChange sets a new password.
type PasswordChange struct {
	Account    AccountID
	Version    string // the version the change is based on; "" skips the comparison
	Password   *secret.Text
	MustChange bool
	Behalf     Behalf
}

// UnlockChange removes a lock.
type UnlockChange struct {
	Account AccountID
	Version string
	Behalf  Behalf
}

// UnlockAnswer says what an unlock found.
type UnlockAnswer struct {
	WasLocked bool
}

// Health is how something the desk depends on is.
type Health struct {
	Name    string
	Kind    string // "directory", "mail", "store", "trail"
	Level   HealthLevel
	Said    sentence.Sentence // in words, with what to do
	P50     time.Duration     // latency of the last minutes; 0 when there was none
	P99     time.Duration
	At      time.Time
	Details []sentence.Sentence
}

// HealthLevel is green, amber or red.
type HealthLevel string

// The levels, best first.
const (
	Green HealthLevel = "green"
	Amber HealthLevel = "amber"
	Red   HealthLevel = "red"
)
