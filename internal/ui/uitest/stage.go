package uitest

import (
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Stage is a desk with two directories, four operators and a cast of people. Several drivers may share one.
type Stage struct {
	*coretest.Bench
	Cloud *Directory // "embedded": most of the cast
	Corp  *Directory // "corp.example"
}

// StageOptions choose what a Stage is made of.
type StageOptions struct {
	// OneDirectory leaves corp.example out.
	OneDirectory bool
	// Portal is where people reset their own password; "" means there is none.
	Portal string
	// Empty leaves the people out.
	Empty bool
	// Program is what the program signs in with.
	Program []string
}

// Portal is the self-service address that a Stage may have.
const Portal = "passwordreset.corp.example"

// NewStage builds a Stage at ten in the morning, Oslo time.
func NewStage(tb testing.TB, o StageOptions) *Stage {
	tb.Helper()
	b := coretest.NewBench(tb)
	s := &Stage{Bench: b}
	s.Cloud, s.Corp = newDirectory("embedded", b.Clock), newDirectory("corp.example", b.Clock)
	s.Corp.Latency = 4 * time.Millisecond
	b.Dir = s.Cloud.Directory
	if !o.Empty {
		s.populate()
	}
	b.Parts.Directories = []core.Directory{s.Cloud, s.Corp}
	if o.OneDirectory {
		b.Parts.Directories = b.Parts.Directories[:1]
	}
	b.Parts.Rules.Settings.Self.Portal = o.Portal
	b.Parts.Program = o.Program
	for _, one := range operators() {
		b.Operators.Put(one)
	}
	b.Desk = core.NewDesk(b.Parts)
	return s
}

// Zone is the time zone of the operators.
func Zone() *time.Location { return time.FixedZone("CET", 3600) }

func operators() []core.Operator {
	name := func(id, name, desk string, r rbac.Role) core.Operator {
		return core.Operator{ID: id, Login: id, Name: untrusted.New(name), Roles: []rbac.Role{r}, Desk: desk}
	}
	ann := name("l1", "Ann Lee", "Oslo", rbac.PasswordAdministrator)
	ann.Account = core.AccountID{Directory: "embedded", Key: "id-ann.lee"}
	return []core.Operator{
		ann, name("l2", "Bo Berg", "Oslo", rbac.UserAdministrator),
		name("admin", "Kim Oye", "Oslo", rbac.GlobalAdministrator), name("auditor", "Rae Stone", "", rbac.ReportsReader),
	}
}
