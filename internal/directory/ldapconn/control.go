package ldapconn

import (
	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// Control goes with a request (RFC 4511 section 4.1.11).
type Control struct {
	OID      string
	Critical bool   // the server must refuse the request when it does not know the control
	Value    []byte // nil: none
}

// RelaxRules asks the server to permit changes that its schema reserves to itself, such as the removal of
// pwdFailureTime. The bind needs manage rights. OpenLDAP knows the control (seen with 2.5) but does not name it in its
// root entry.
func RelaxRules() Control { return Control{OID: oidRelaxRules, Critical: true} }

// passwordPolicyRequest asks for [PasswordPolicy]. Servers that do not know it ignore it.
func passwordPolicyRequest() Control { return Control{OID: oidPasswordPolicy} }

// wireControl makes a Control one of go-ldap.
type wireControl struct{ Control }

// GetControlType implements [ldap.Control].
func (c wireControl) GetControlType() string { return c.OID }

// String implements [ldap.Control].
func (c wireControl) String() string { return c.OID }

// Encode implements [ldap.Control]. TRUE must be 0xFF (RFC 4511 section 5.1): go-ldap's own controls write 0x01, which
// Samba takes for FALSE, so that a critical control would be ignored in silence.
func (c wireControl) Encode() *ber.Packet {
	packet := ber.NewSequence("Control")
	packet.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, c.OID, "Control Type"))
	if c.Critical {
		packet.AppendChild(ber.NewLDAPBoolean(ber.ClassUniversal, ber.TypePrimitive, ber.TagBoolean, true, "Criticality"))
	}
	if c.Value != nil {
		packet.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, string(c.Value), "Control Value"))
	}
	return packet
}

// wireControls encodes controls and adds the request for the password policy.
func wireControls(controls []Control) []ldap.Control {
	wire := make([]ldap.Control, 0, len(controls)+1)
	for _, control := range append([]Control{passwordPolicyRequest()}, controls...) {
		wire = append(wire, wireControl{control})
	}
	return wire
}
