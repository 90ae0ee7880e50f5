package replay

import (
	"errors"
	"fmt"
	"strings"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

// Request is one request that can be sent again.
type Request struct {
	search  *ldap.SearchRequest
	modify  *ldap.ModifyRequest
	compare *comparison
	change  *ldap.PasswordModifyRequest
}

type comparison struct{ dn, attribute, value string }

// Kind names the operation.
func (r Request) Kind() string {
	switch {
	case r.search != nil:
		return "search"
	case r.modify != nil:
		return "modify"
	case r.compare != nil:
		return "compare"
	default:
		return "password"
	}
}

// IsWrite reports whether it changes something.
func (r Request) IsWrite() bool { return r.modify != nil || r.change != nil }

// passwordModify is the operation of RFC 3062.
const passwordModify = "1.3.6.1.4.1.4203.1.11.1"

// Seen decodes the requests that a proxy has seen, but binds, abandons and StartTLS.
func Seen(seen []testlab.Request) ([]Request, error) {
	var out []Request
	for _, s := range seen {
		if s.Op == testlab.OpBind || s.Op == testlab.OpUnbind || s.Op == testlab.OpAbandon {
			continue
		}
		r, err := decode(s)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// errShape says that a message is not what RFC 4511 makes of its operation.
var errShape = errors.New("replay: a request of an unknown shape")

func decode(s testlab.Request) (Request, error) {
	message, err := ber.DecodePacketErr(s.Raw)
	if err != nil {
		return Request{}, fmt.Errorf("replay: %w", err)
	}
	if len(message.Children) < 2 {
		return Request{}, errShape
	}
	op := message.Children[1]
	controls, err := decodeControls(message.Children[2:])
	if err != nil {
		return Request{}, err
	}
	switch s.Op {
	case testlab.OpSearch:
		return decodeSearch(op, controls)
	case testlab.OpModify:
		return decodeModify(op, controls)
	case testlab.OpCompare:
		return decodeCompare(op)
	case testlab.OpExtended:
		return decodeExtended(op)
	case testlab.OpAny, testlab.OpBind, testlab.OpUnbind, testlab.OpAdd, testlab.OpAbandon:
	}
	return Request{}, fmt.Errorf("replay: cannot send operation %#x again", byte(s.Op))
}

// assertion is the condition of RFC 4528.
const assertion = "1.3.6.1.1.12"

func decodeControls(rest []*ber.Packet) ([]ldap.Control, error) {
	if len(rest) == 0 {
		return nil, nil
	}
	var out []ldap.Control
	for _, c := range rest[0].Children {
		if len(c.Children) > 0 && text(c.Children[0]) == assertion {
			continue
		}
		control, err := decodeControl(c)
		if err != nil {
			return nil, err
		}
		out = append(out, control)
	}
	return out, nil
}

func decodeControl(c *ber.Packet) (ldap.Control, error) {
	if len(c.Children) > 0 && text(c.Children[0]) == ldap.ControlTypePaging {
		return ldap.DecodeControl(c)
	}
	out := &ldap.ControlString{}
	for i, child := range c.Children {
		switch {
		case i == 0:
			out.ControlType = text(child)
		case child.Tag == ber.TagBoolean:
			out.Criticality = true
		default:
			out.ControlValue = text(child)
		}
	}
	if out.ControlType == "" {
		return nil, errShape
	}
	return out, nil
}

// text is the content of a string of any kind.
func text(p *ber.Packet) string {
	if s, ok := p.Value.(string); ok {
		return s
	}
	return p.Data.String()
}

func number(p *ber.Packet) int {
	n, _ := p.Value.(int64)
	return int(n)
}

func decodeSearch(op *ber.Packet, controls []ldap.Control) (Request, error) {
	const fields = 8
	if len(op.Children) != fields {
		return Request{}, errShape
	}
	c := op.Children
	filter, err := ldap.DecompileFilter(c[6])
	if err != nil {
		return Request{}, fmt.Errorf("replay: %w", err)
	}
	typesOnly, _ := c[5].Value.(bool)
	var attributes []string
	for _, a := range c[7].Children {
		attributes = append(attributes, text(a))
	}
	return Request{search: ldap.NewSearchRequest(text(c[0]), number(c[1]), number(c[2]), number(c[3]), number(c[4]), typesOnly, filter, attributes, controls)}, nil
}

func decodeModify(op *ber.Packet, controls []ldap.Control) (Request, error) {
	if len(op.Children) != 2 {
		return Request{}, errShape
	}
	m := ldap.NewModifyRequest(text(op.Children[0]), controls)
	for _, change := range op.Children[1].Children {
		if len(change.Children) != 2 || len(change.Children[1].Children) != 2 {
			return Request{}, errShape
		}
		attribute := change.Children[1].Children
		var values []string
		for _, v := range attribute[1].Children {
			values = append(values, text(v))
		}
		m.Changes = append(m.Changes, ldap.Change{
			Operation: uint(number(change.Children[0])), Modification: ldap.PartialAttribute{Type: text(attribute[0]), Vals: values},
		})
	}
	return Request{modify: m}, nil
}

func decodeCompare(op *ber.Packet) (Request, error) {
	if len(op.Children) != 2 || len(op.Children[1].Children) != 2 {
		return Request{}, errShape
	}
	what := op.Children[1].Children
	return Request{compare: &comparison{dn: text(op.Children[0]), attribute: text(what[0]), value: text(what[1])}}, nil
}

func decodeExtended(op *ber.Packet) (Request, error) {
	if len(op.Children) != 2 || text(op.Children[0]) != passwordModify {
		return Request{}, errShape
	}
	value, err := ber.DecodePacketErr([]byte(text(op.Children[1])))
	if err != nil || len(value.Children) == 0 {
		return Request{}, errShape
	}
	return Request{change: ldap.NewPasswordModifyRequest(text(value.Children[0]), "", "")}, nil
}

// Words say what the requests are, for a report.
func Words(all []Request) string {
	var names []string
	count := map[string]int{}
	for _, r := range all {
		if count[r.Kind()] == 0 {
			names = append(names, r.Kind())
		}
		count[r.Kind()]++
	}
	for i, n := range names {
		names[i] = fmt.Sprintf("%d %s", count[n], n)
	}
	return strings.Join(names, ", ")
}
