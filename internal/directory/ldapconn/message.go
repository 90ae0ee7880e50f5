package ldapconn

import "fmt"

// message is the outer shape of an LDAPMessage (RFC 4511 section 4.1.1): SEQUENCE { messageID, protocolOp, [0] controls }.
type message struct {
	id       int64
	op       element
	controls []byte // content of [0], nil when absent
}

func parseMessage(raw []byte) (message, error) {
	body, rest, err := expect(raw, tagSequence)
	if err != nil {
		return message{}, err
	}
	if len(rest) > 0 {
		return message{}, fmt.Errorf("%w: %d bytes after it", errMalformed, len(rest))
	}
	id, body, err := expect(body, tagInteger)
	if err != nil {
		return message{}, err
	}
	var m message
	if m.id, err = integer(id); err != nil {
		return message{}, err
	}
	if m.op, body, err = split(body); err != nil {
		return message{}, err
	}
	if len(body) == 0 {
		return m, nil
	}
	m.controls, _, err = expect(body, tagControls)
	return m, err
}

// isAnswer reports whether op ends a request: everything but the parts of a search and intermediate responses.
func isAnswer(op byte) bool {
	switch op {
	case opBindResponse, opSearchDone, opModifyResponse, opAddResponse, opDeleteResponse, opModifyDNResponse,
		opCompareResponse, opExtendedResponse:
		return true
	}
	return false
}

// responseTo is the operation that answers a request.
func responseTo(request byte) byte {
	if request == opSearchRequest {
		return opSearchDone
	}
	return request + 1
}

// isResponse reports whether a server may send op at all.
func isResponse(op byte) bool {
	return isAnswer(op) || op == opSearchEntry || op == opSearchReference || op == opIntermediate
}

// answer is the end of one request as the server said it: LDAPResult and its controls (RFC 4511 section 4.1.9).
type answer struct {
	code       Code
	matchedDN  string
	diagnostic string
	value      []byte // responseValue of an extended response
	controls   []byte
	policy     PasswordPolicy
}

func parseAnswer(m message) (answer, error) {
	code, rest, err := expect(m.op.content, tagEnumerated)
	if err != nil {
		return answer{}, err
	}
	number, err := integer(code)
	if err != nil || number < 0 || number > maxCode {
		return answer{}, fmt.Errorf("%w: result code %x", errMalformed, code)
	}
	matched, rest, err := expect(rest, tagOctetString)
	if err != nil {
		return answer{}, err
	}
	diagnostic, rest, err := expect(rest, tagOctetString)
	if err != nil {
		return answer{}, err
	}
	a := answer{code: Code(number), matchedDN: string(matched), diagnostic: string(diagnostic), controls: m.controls}
	for len(rest) > 0 {
		var more element
		if more, rest, err = split(rest); err != nil {
			return answer{}, err
		}
		if more.tag == tagResponseValue {
			a.value = append([]byte{}, more.content...)
		}
	}
	a.policy = policyOf(m.controls)
	return a, nil
}

// err is nil for success.
func (a answer) err() error {
	if a.code == CodeSuccess {
		return nil
	}
	return a.refusal()
}

// keep copies what points into the buffer of the connection.
func (a answer) keep() answer {
	a.controls = append([]byte(nil), a.controls...)
	return a
}
