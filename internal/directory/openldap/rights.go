package openldap

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// slapd has no request for the rights one has. Rights to write are therefore found out with changes that would change
// nothing (removing what is not there) and that the server is asked not to make at all (the NoOp control, critical): it
// checks the rights first, and answers "insufficient access", or that it would have done it, or that there is nothing to
// remove.

// right is what is known of one right.
type right string

// The answers.
const (
	rightGranted right = "granted"
	rightMissing right = "missing"
	rightUnknown right = "unknown"
)

// examineRights finds out which rights are missing on some person, and says what to grant.
func (d *Directory) examineRights(ctx context.Context, s *server) core.Health {
	h := d.health()
	h.Said = sentence.Of("openldap.examine_rights")
	person, err := d.plainSample(ctx, s)
	if err != nil {
		h.Level, h.Said = core.Red, core.AsError(d.fault(ctx, err)).Said
		return h
	}
	if person == "" {
		worse(&h, sentence.Of("openldap.examine_nobody", sentence.Word("base", d.plan.baseDN), sentence.Word("class", d.plan.peopleClass)))
		return h
	}
	d.examineReading(ctx, &h, s, person)
	d.examineGroups(ctx, &h, s)
	for _, w := range d.writes(s) {
		switch d.mayWrite(ctx, person, w.change) {
		case rightGranted:
		case rightMissing:
			must(&h, sentence.Of("openldap.examine_no_write", sentence.Word("attribute", w.attribute)))
			h.Details = append(h.Details, sentence.Of("openldap.examine_grant", sentence.Word("line", w.grant)))
		case rightUnknown:
			worse(&h, sentence.Of("openldap.examine_write_unknown", sentence.Word("attribute", w.attribute)))
		}
	}
	return h
}

// examineReading names the attributes that may not be looked at.
func (d *Directory) examineReading(ctx context.Context, h *core.Health, s *server, person string) {
	wanted := unique(append(s.known(append(decidingAttributes(), attrFailures)...), attrUUID, attrCSN))
	wanted = unique(append(wanted, s.known(d.plan.attributes.all()...)...))
	seen, err := d.visible(ctx, person, wanted...)
	if err != nil {
		worse(h, core.AsError(d.fault(ctx, err)).Said)
		return
	}
	var hidden []string
	for _, a := range wanted {
		if !slices.Contains(seen, a) {
			hidden = append(hidden, a)
		}
	}
	if len(hidden) == 0 {
		return
	}
	must(h, sentence.Of("openldap.examine_no_read", sentence.Word("attributes", strings.Join(hidden, ", "))))
	for _, line := range []string{
		d.access("dn.subtree="+quoted(s.suffix), attrPassword, "none"), // the passwords of others are nobody's to read
		d.access("dn.subtree="+quoted(s.suffix), "", "read"),
	} {
		h.Details = append(h.Details, sentence.Of("openldap.examine_grant", sentence.Word("line", line)))
	}
}

// examineGroups: somebody in a group whose own groups may not be read is not readable, and so forbidden.
func (d *Directory) examineGroups(ctx context.Context, h *core.Health, s *server) {
	base := cmp.Or(d.plan.groupBase, s.suffix)
	found, _, err := d.pool.Search(ctx, ldapconn.Request{Base: base, Filter: ldapconn.Equal("objectClass", "groupOfNames"), Limit: 1})
	if err != nil || len(found) == 0 {
		h.Details = append(h.Details, sentence.Of("openldap.examine_no_groups", sentence.Word("base", base)))
		return
	}
	if seen, err := d.visible(ctx, found[0].DN, attrMemberOf); err == nil && len(seen) == 0 {
		must(h, sentence.Of("openldap.examine_groups_hidden", sentence.Word("base", base)))
		h.Details = append(h.Details, sentence.Of("openldap.examine_grant", sentence.Word("line", d.access("dn.subtree="+quoted(base), "", "read"))))
	}
}

// write is one right to write, the change it is tried with and the line that grants it.
type write struct {
	attribute string
	change    ldapconn.Change
	grant     string
}

// writes are the rights that the desk needs. Nobody's password is the random value, and the sample has neither a lock nor
// pwdReset where that can be seen: even if they were made these changes would change nothing.
func (d *Directory) writes(s *server) []write {
	people := "dn.subtree=" + quoted(d.plan.baseDN)
	state := d.access(people, attrLocked+","+attrReset, "manage")
	all := []write{
		{attrPassword, ldapconn.Delete(attrPassword, randomDigits()), d.access(people, attrPassword, "=w") + " by self =xw by anonymous auth by * none"},
	}
	for _, name := range s.known(attrLocked, attrReset) {
		all = append(all, write{name, ldapconn.Replace(name), state})
	}
	return all
}

// access is one line for olcAccess (slapd.access(5)).
func (d *Directory) access(what, attributes, level string) string {
	line := "olcAccess: to " + what
	if attributes != "" {
		line += " attrs=" + attributes
	}
	line += " by dn.exact=" + quoted(d.plan.bindText) + " " + level
	if level != "=w" {
		line += " by * break"
	}
	return line
}

// quoted is a distinguished name as slapd.access(5) wants it.
func quoted(name string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`
}

// mayWrite asks the server to check a change without making it.
func (d *Directory) mayWrite(ctx context.Context, person string, c ldapconn.Change) right {
	_, err := d.pool.Modify(ctx, ldapconn.Modification{
		DN: person, Changes: []ldapconn.Change{c}, Controls: []ldapconn.Control{ldapconn.NoOperation()},
	})
	code, answered := ldapconn.CodeOf(err)
	switch {
	case !answered:
		return rightUnknown
	case code == ldapconn.CodeInsufficientAccessRights:
		return rightMissing
	case code == ldapconn.CodeNoOperation, code == ldapconn.CodeNoSuchAttribute:
		return rightGranted
	default:
		return rightUnknown
	}
}

// plainSample is some person without a lock and without pwdReset, "" when there is none.
func (d *Directory) plainSample(ctx context.Context, s *server) (string, error) {
	all := []ldapconn.Filter{ldapconn.Equal("objectClass", d.plan.peopleClass)}
	for _, name := range s.known(attrLocked, attrReset) {
		all = append(all, ldapconn.Not(ldapconn.Present(name)))
	}
	found, _, err := d.pool.Search(ctx, ldapconn.Request{Base: d.plan.baseDN, Filter: ldapconn.And(all...), Limit: 1})
	if err == nil && len(found) == 0 {
		return d.sample(ctx) // the locks of people may not be seen: any person shows that
	}
	if err != nil {
		return "", err
	}
	return found[0].DN, nil
}
