package testlab

import (
	"slices"
	"strings"
	"testing"
	"text/template"
)

// slapdConfig is cn=config as LDIF. The rights of the service identity are the least that a helpdesk needs: "=w" on
// userPassword keeps the password policy in force (manage would bypass it), manage on the two state attributes is what
// slapd demands for writing operational attributes.
const slapdConfig = `dn: cn=config
objectClass: olcGlobal
cn: config
olcPidFile: {{.Dir}}/run/slapd.pid
olcTLSCACertificateFile: {{.Dir}}/ca.crt
olcTLSCertificateFile: {{.Dir}}/server.crt
olcTLSCertificateKeyFile: {{.Dir}}/server.key
olcTLSVerifyClient: never
olcSizeLimit: 500
olcThreads: 4
olcToolThreads: 2
olcLogLevel: none
olcPasswordHash: {SSHA}

dn: cn=module{0},cn=config
objectClass: olcModuleList
cn: module{0}
olcModulePath: /usr/lib/ldap
olcModuleLoad: back_mdb
olcModuleLoad: ppolicy
olcModuleLoad: memberof
olcModuleLoad: refint
olcModuleLoad: unique
olcModuleLoad: sssvlv
olcModuleLoad: syncprov

dn: cn=schema,cn=config
objectClass: olcSchemaConfig
cn: schema

include: file:///etc/ldap/schema/core.ldif
include: file:///etc/ldap/schema/cosine.ldif
include: file:///etc/ldap/schema/nis.ldif
include: file:///etc/ldap/schema/inetorgperson.ldif

dn: cn=lab,cn=schema,cn=config
objectClass: olcSchemaConfig
cn: lab
olcAttributeTypes: ( 1.3.6.1.4.1.4203.666.1.9001 NAME 'labAlternateMail'
  EQUALITY caseIgnoreIA5Match SUBSTR caseIgnoreIA5SubstringsMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.26 )
olcObjectClasses: ( 1.3.6.1.4.1.4203.666.3.9001 NAME 'labPerson'
  SUP top AUXILIARY MAY ( labAlternateMail ) )

dn: olcDatabase={-1}frontend,cn=config
objectClass: olcDatabaseConfig
objectClass: olcFrontendConfig
olcDatabase: {-1}frontend
olcAccess: {0}to * by dn.exact=gidNumber=0+uidNumber=0,cn=peercred,cn=external,cn=auth manage by * break
olcAccess: {1}to dn.base="" by * read
olcAccess: {2}to dn.subtree="cn=subschema" by * read

dn: olcDatabase={0}config,cn=config
objectClass: olcDatabaseConfig
olcDatabase: {0}config
olcRootDN: cn=admin,cn=config
olcRootPW: {{.RootPassword}}

dn: olcDatabase={1}mdb,cn=config
objectClass: olcDatabaseConfig
objectClass: olcMdbConfig
olcDatabase: {1}mdb
olcSuffix: {{.Suffix}}
olcRootDN: {{.RootDN}}
olcRootPW: {{.RootPassword}}
olcDbDirectory: {{.Dir}}/db
olcDbMaxSize: {{.MapSize}}
olcDbEnvFlags: writemap
olcDbEnvFlags: nosync
{{range .Indexes}}olcDbIndex: {{.}}
{{end}}{{if .LastBind}}olcLastBind: TRUE
{{end}}olcLimits: {0}dn.exact="{{.HelpdeskDN}}" size.soft=1000 size.hard=10000 size.prtotal=unlimited time=30
olcAccess: {0}to attrs=userPassword by dn.exact="{{.HelpdeskDN}}" =w by self =xw by anonymous auth by * none
olcAccess: {1}to dn.subtree="ou=people,{{.Suffix}}" attrs=pwdAccountLockedTime,pwdReset,pwdFailureTime,pwdChangedTime,pwdPolicySubentry,pwdGraceUseTime by dn.exact="{{.HelpdeskDN}}" manage by * none
olcAccess: {2}to * by dn.exact="{{.HelpdeskDN}}" read by self read by * none

dn: olcOverlay={0}ppolicy,olcDatabase={1}mdb,cn=config
objectClass: olcOverlayConfig
objectClass: olcPPolicyConfig
olcOverlay: {0}ppolicy
olcPPolicyDefault: {{.PolicyDN}}
olcPPolicyHashCleartext: TRUE
olcPPolicyUseLockout: TRUE

dn: olcOverlay={1}memberof,olcDatabase={1}mdb,cn=config
objectClass: olcOverlayConfig
objectClass: olcMemberOf
olcOverlay: {1}memberof
olcMemberOfRefInt: TRUE

dn: olcOverlay={2}refint,olcDatabase={1}mdb,cn=config
objectClass: olcOverlayConfig
objectClass: olcRefintConfig
olcOverlay: {2}refint
olcRefintAttribute: manager

dn: olcOverlay={3}unique,olcDatabase={1}mdb,cn=config
objectClass: olcOverlayConfig
objectClass: olcUniqueConfig
olcOverlay: {3}unique
olcUniqueURI: ldap:///ou=people,{{.Suffix}}?uid?sub
olcUniqueURI: ldap:///ou=people,{{.Suffix}}?mail?sub

dn: olcOverlay={4}sssvlv,olcDatabase={1}mdb,cn=config
objectClass: olcOverlayConfig
objectClass: olcSssVlvConfig
olcOverlay: {4}sssvlv

dn: olcOverlay={5}syncprov,olcDatabase={1}mdb,cn=config
objectClass: olcOverlayConfig
objectClass: olcSyncProvConfig
olcOverlay: {5}syncprov
`

// slapdSettings is what the template above needs.
type slapdSettings struct {
	Dir, Suffix, RootDN, RootPassword string
	HelpdeskDN, PolicyDN              string
	MapSize                           int64
	LastBind                          bool
	Indexes                           []string
}

func (s slapdSettings) render(tb testing.TB) string {
	tb.Helper()
	var out strings.Builder
	if err := template.Must(template.New("config").Parse(slapdConfig)).Execute(&out, s); err != nil {
		tb.Fatalf("slapd configuration: %v", err)
	}
	return out.String()
}

// indexes returns the index directives of the recipe, one attribute each, without those named.
func indexes(without []string) []string {
	kinds := []struct {
		kind       string
		attributes []string
	}{
		{"eq", []string{"objectClass", "entryUUID", "entryCSN", "member", "memberOf", "manager"}},
		{"eq,sub", []string{"uid", "cn", "sn", "givenName", "mail", "labAlternateMail", "mobile", "employeeNumber"}},
		{"pres", []string{"pwdAccountLockedTime", "pwdReset"}},
	}
	var lines []string
	for _, k := range kinds {
		for _, attribute := range k.attributes {
			if !slices.Contains(without, attribute) {
				lines = append(lines, attribute+" "+k.kind)
			}
		}
	}
	return lines
}
