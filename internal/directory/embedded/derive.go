package embedded

import (
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/embedded/index"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// derived is what the database keeps of a person beside the values themselves.
type derived struct {
	loginKey, upnKey, employeeKey string
	givenFold, surnameFold        string
	text                          string // the index's
	methods                       []address
}

// address is one row of methods.
type address struct {
	kind        core.MethodKind
	position    int
	destination string
	lookup      string
}

// derive computes it. A display name that is missing is made first.
func derive(p *Person) derived {
	if strings.TrimSpace(p.DisplayName.Raw()) == "" {
		p.DisplayName = untrusted.New(strings.TrimSpace(p.GivenName.Raw() + " " + p.Surname.Raw()))
	}
	if p.DisplayName.IsZero() {
		p.DisplayName = p.Login
	}
	local, _, _ := strings.Cut(p.Mail.Raw(), "@")
	return derived{
		loginKey: exactKey(p.Login.Raw()), upnKey: exactKey(p.UPN.Raw()), employeeKey: exactKey(p.EmployeeNumber.Raw()),
		givenFold: index.Fold(p.GivenName.Raw()), surnameFold: index.Fold(p.Surname.Raw()),
		text:    index.Text(p.DisplayName.Raw(), p.Login.Raw(), p.GivenName.Raw(), p.Surname.Raw(), local, p.EmployeeNumber.Raw()),
		methods: addresses(p),
	}
}

func addresses(p *Person) (out []address) {
	add := func(kind core.MethodKind, values ...untrusted.Text) {
		n := 0
		for _, v := range values {
			if !v.IsZero() {
				out = append(out, address{kind, n, v.Raw(), lookupKey(kind, v.Raw())})
				n++
			}
		}
	}
	add(core.MethodMail, p.Mail)
	add(core.MethodAlternate, p.AlternateMails...)
	add(core.MethodMobile, p.Mobile)
	add(core.MethodOfficePhone, p.BusinessPhones...)
	return out
}
