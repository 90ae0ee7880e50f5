package ldapconn

import (
	"context"
	"slices"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// RootDSE is what a server says about itself (RFC 4512 section 5.1).
type RootDSE struct {
	NamingContexts []string
	Controls       []string // object identifiers
	Extensions     []string // object identifiers
	VendorName     untrusted.Text
	VendorVersion  untrusted.Text
}

// HasControl reports whether the server knows a control.
func (r RootDSE) HasControl(oid string) bool { return slices.Contains(r.Controls, oid) }

// CanModifyPasswords reports whether the server knows RFC 3062.
func (r RootDSE) CanModifyPasswords() bool { return slices.Contains(r.Extensions, oidPasswordModify) }

// RootDSE asks a server about itself. It returns the errors of Search.
func (p *Pool) RootDSE(ctx context.Context) (RootDSE, error) {
	entry, err := p.Read(ctx, "", "namingContexts", "supportedControl", "supportedExtension", "vendorName", "vendorVersion")
	if err != nil {
		return RootDSE{}, err
	}
	return RootDSE{
		NamingContexts: entry.All("namingContexts"), Controls: entry.All("supportedControl"),
		Extensions: entry.All("supportedExtension"), VendorName: entry.Text("vendorName"),
		VendorVersion: entry.Text("vendorVersion"),
	}, nil
}
