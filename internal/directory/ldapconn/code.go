package ldapconn

import "fmt"

// Code is a result code of LDAP (RFC 4511 appendix A and the IANA registry).
type Code uint16

// maxCode is the largest number that fits. A larger one would alias onto a small one, every multiple of 65536 onto success.
const maxCode = 1<<16 - 1

// The codes that backends decide on.
const (
	CodeSuccess                      Code = 0
	CodeOperationsError              Code = 1
	CodeProtocolError                Code = 2
	CodeTimeLimitExceeded            Code = 3
	CodeSizeLimitExceeded            Code = 4
	CodeCompareFalse                 Code = 5
	CodeCompareTrue                  Code = 6
	CodeAuthMethodNotSupported       Code = 7
	CodeStrongerAuthRequired         Code = 8
	CodeReferral                     Code = 10
	CodeAdminLimitExceeded           Code = 11
	CodeUnavailableCriticalExtension Code = 12
	CodeConfidentialityRequired      Code = 13
	CodeNoSuchAttribute              Code = 16
	CodeUndefinedAttributeType       Code = 17
	CodeInappropriateMatching        Code = 18
	CodeConstraintViolation          Code = 19
	CodeAttributeOrValueExists       Code = 20
	CodeInvalidAttributeSyntax       Code = 21
	CodeNoSuchObject                 Code = 32
	CodeInvalidDNSyntax              Code = 34
	CodeInappropriateAuthentication  Code = 48
	CodeInvalidCredentials           Code = 49
	CodeInsufficientAccessRights     Code = 50
	CodeBusy                         Code = 51
	CodeUnavailable                  Code = 52
	CodeUnwillingToPerform           Code = 53
	CodeLoopDetect                   Code = 54
	CodeNamingViolation              Code = 64
	CodeObjectClassViolation         Code = 65
	CodeNotAllowedOnNonLeaf          Code = 66
	CodeEntryAlreadyExists           Code = 68
	CodeOther                        Code = 80
)

// String returns the name of RFC 4511, or "code N".
func (c Code) String() string {
	if name, ok := c.name(); ok {
		return name
	}
	return fmt.Sprintf("code %d", uint16(c))
}

func (c Code) name() (string, bool) {
	names := map[Code]string{
		CodeSuccess: "success", CodeOperationsError: "operationsError", CodeProtocolError: "protocolError",
		CodeTimeLimitExceeded: "timeLimitExceeded", CodeSizeLimitExceeded: "sizeLimitExceeded",
		CodeCompareFalse: "compareFalse", CodeCompareTrue: "compareTrue",
		CodeAuthMethodNotSupported: "authMethodNotSupported", CodeStrongerAuthRequired: "strongerAuthRequired",
		CodeReferral: "referral", CodeAdminLimitExceeded: "adminLimitExceeded",
		CodeUnavailableCriticalExtension: "unavailableCriticalExtension",
		CodeConfidentialityRequired:      "confidentialityRequired", CodeNoSuchAttribute: "noSuchAttribute",
		CodeUndefinedAttributeType: "undefinedAttributeType", CodeInappropriateMatching: "inappropriateMatching",
		CodeConstraintViolation: "constraintViolation", CodeAttributeOrValueExists: "attributeOrValueExists",
		CodeInvalidAttributeSyntax: "invalidAttributeSyntax", CodeNoSuchObject: "noSuchObject",
		CodeInvalidDNSyntax: "invalidDNSyntax", CodeInappropriateAuthentication: "inappropriateAuthentication",
		CodeInvalidCredentials: "invalidCredentials", CodeInsufficientAccessRights: "insufficientAccessRights",
		CodeBusy: "busy", CodeUnavailable: "unavailable", CodeUnwillingToPerform: "unwillingToPerform",
		CodeLoopDetect: "loopDetect", CodeNamingViolation: "namingViolation",
		CodeObjectClassViolation: "objectClassViolation", CodeNotAllowedOnNonLeaf: "notAllowedOnNonLeaf",
		CodeEntryAlreadyExists: "entryAlreadyExists", CodeOther: "other",
	}
	name, ok := names[c]
	return name, ok
}
